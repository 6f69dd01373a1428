/* The engine's state as bytes: what engine_epoch reads and a new engine does not compute. The bytes
 * are those of this machine; a header guards against another version's. */
#include <string.h>

#include "search/engine.h"

static const char MAGIC[16] = "symlut-search-2";

typedef struct shape {
    char magic[16];
    int32_t outputs, islands, population, max_size, node_size;
} shape;

static shape shape_of(const engine *e)
{
    shape s;
    memset(&s, 0, sizeof s);
    memcpy(s.magic, MAGIC, sizeof s.magic);
    s.outputs = e->outputs;
    s.islands = e->set->islands;
    s.population = e->set->population;
    s.max_size = e->set->max_size;
    s.node_size = (int32_t)sizeof(expr_node);
    return s;
}

static void put(text *t, const void *data, size_t size)
{
    text_append_n(t, data, size);
}

static void put_tree(text *t, const expr_node *nodes, int count)
{
    int32_t n = count;
    put(t, &n, sizeof n);
    put(t, nodes, (size_t)count * sizeof *nodes);
}

static void save_island(const island *s, const settings *set, text *t)
{
    put(t, &s->random, sizeof s->random);
    put(t, &s->clock, sizeof s->clock);
    put(t, &s->evaluations, sizeof s->evaluations);
    put(t, &s->repeats, sizeof s->repeats);
    put(t, &s->abandoned, sizeof s->abandoned);
    put(t, s->frequency, ((size_t)set->max_size + 1) * sizeof *s->frequency);
    put(t, &s->frequency_sum, sizeof s->frequency_sum);
    for (int i = 0; i < set->population; i++) {
        const member *m = &s->members[i];
        put_tree(t, m->nodes, m->count);
        put(t, &m->loss, sizeof m->loss);
        put(t, &m->log_loss, sizeof m->log_loss);
        put(t, &m->scale, sizeof m->scale);
        put(t, &m->offset, sizeof m->offset);
        put(t, m->heats, sizeof m->heats);
        put(t, &m->birth, sizeof m->birth);
    }
}

void engine_save(const engine *e, text *out)
{
    shape s = shape_of(e);
    put(out, &s, sizeof s);
    put(out, &e->random, sizeof e->random);
    put(out, &e->epoch, sizeof e->epoch);
    put(out, &e->rows, sizeof e->rows);
    for (int i = 0; i < e->island_count; i++)
        save_island(&e->islands[i], e->set, out);
    for (int k = 0; k < e->outputs; k++)
        for (int c = 0; c <= e->set->max_size; c++) {
            const champion *row = &e->fronts[k].rows[c];
            put_tree(out, row->nodes, row->count);
            put(out, &row->loss, sizeof row->loss);
            put(out, &row->sample_loss, sizeof row->sample_loss);
        }
}

typedef struct reader {
    const char *at;
    size_t left;
    bool failed;
} reader;

static void get(reader *r, void *out, size_t size)
{
    if (r->failed || r->left < size) {
        r->failed = true;
        memset(out, 0, size);
        return;
    }
    memcpy(out, r->at, size);
    r->at += size;
    r->left -= size;
}

/* Reads one tree that must be whole and fit; an empty one is allowed. */
static int get_tree(reader *r, expr_node *nodes, int capacity, const vocabulary *v)
{
    int32_t n;
    get(r, &n, sizeof n);
    if (r->failed || n < 0 || n > capacity) {
        r->failed = true;
        return 0;
    }
    get(r, nodes, (size_t)n * sizeof *nodes);
    expr e = {nodes, n};
    for (int i = 0; i < n; i++)
        if (!tree_node_known(&nodes[i], v))
            r->failed = true;
    if (n > 0 && !r->failed && !expr_finish(&e))
        r->failed = true;
    return r->failed ? 0 : n;
}

static void load_island(island *s, const settings *set, reader *r)
{
    get(r, &s->random, sizeof s->random);
    get(r, &s->clock, sizeof s->clock);
    get(r, &s->evaluations, sizeof s->evaluations);
    get(r, &s->repeats, sizeof s->repeats);
    get(r, &s->abandoned, sizeof s->abandoned);
    get(r, s->frequency, ((size_t)set->max_size + 1) * sizeof *s->frequency);
    get(r, &s->frequency_sum, sizeof s->frequency_sum);
    for (int i = 0; i < set->population; i++) {
        member *m = &s->members[i];
        m->count = get_tree(r, m->nodes, set->max_size, &set->words);
        if (m->count == 0)
            r->failed = true;
        else
            m->complexity = rules_complexity(&set->words.limits, (expr){m->nodes, m->count});
        get(r, &m->loss, sizeof m->loss);
        get(r, &m->log_loss, sizeof m->log_loss);
        get(r, &m->scale, sizeof m->scale);
        get(r, &m->offset, sizeof m->offset);
        get(r, m->heats, sizeof m->heats);
        get(r, &m->birth, sizeof m->birth);
    }
}

bool engine_load(engine *e, const char *data, size_t length)
{
    reader r = {data, length, false};
    atomic_store(&e->stop.raised, false);
    shape found, wanted = shape_of(e);
    get(&r, &found, sizeof found);
    if (r.failed || memcmp(&found, &wanted, sizeof found) != 0)
        return false;
    get(&r, &e->random, sizeof e->random);
    get(&r, &e->epoch, sizeof e->epoch);
    get(&r, &e->rows, sizeof e->rows);
    for (int i = 0; i < e->island_count && !r.failed; i++)
        load_island(&e->islands[i], e->set, &r);
    for (int k = 0; k < e->outputs && !r.failed; k++)
        for (int c = 0; c <= e->set->max_size; c++) {
            champion *row = &e->fronts[k].rows[c];
            row->count = get_tree(&r, row->nodes, e->set->max_size, &e->set->words);
            get(&r, &row->loss, sizeof row->loss);
            get(&r, &row->sample_loss, sizeof row->sample_loss);
        }
    return !r.failed && r.left == 0;
}
