/* The engine's state as bytes: what engine_epoch reads and a new engine does not compute. The bytes
 * are those of this machine; a header guards against another version's. */
#include <string.h>

#include "search/checkpoint.h"
#include "search/engine.h"
#include "search/template.h"

static const char MAGIC[16] = "symlut-search-3";

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

void bytes_put(text *t, const void *data, size_t size)
{
    text_append_n(t, data, size);
}

void bytes_put_tree(text *t, const expr_node *nodes, int count)
{
    int32_t n = count;
    bytes_put(t, &n, sizeof n);
    bytes_put(t, nodes, (size_t)count * sizeof *nodes);
}

static void save_island(const island *s, const settings *set, text *t)
{
    bytes_put(t, &s->random, sizeof s->random);
    bytes_put(t, &s->clock, sizeof s->clock);
    bytes_put(t, &s->evaluations, sizeof s->evaluations);
    bytes_put(t, &s->repeats, sizeof s->repeats);
    bytes_put(t, &s->abandoned, sizeof s->abandoned);
    bytes_put(t, s->frequency, ((size_t)set->max_size + 1) * sizeof *s->frequency);
    bytes_put(t, &s->frequency_sum, sizeof s->frequency_sum);
    for (int i = 0; i < set->population; i++) {
        const member *m = &s->members[i];
        bytes_put_tree(t, m->nodes, m->count);
        bytes_put(t, &m->loss, sizeof m->loss);
        bytes_put(t, &m->log_loss, sizeof m->log_loss);
        bytes_put(t, &m->scale, sizeof m->scale);
        bytes_put(t, &m->offset, sizeof m->offset);
        bytes_put(t, m->heats, sizeof m->heats);
        bytes_put(t, &m->birth, sizeof m->birth);
    }
}

void engine_save(const engine *e, text *out)
{
    shape s = shape_of(e);
    bytes_put(out, &s, sizeof s);
    bytes_put(out, &e->random, sizeof e->random);
    bytes_put(out, &e->epoch, sizeof e->epoch);
    bytes_put(out, &e->rows, sizeof e->rows);
    bytes_put(out, e->made, (size_t)e->outputs * sizeof *e->made);
    for (int i = 0; i < e->island_count; i++)
        save_island(&e->islands[i], e->set, out);
    for (int k = 0; k < e->outputs; k++)
        for (int c = 0; c <= e->set->max_size; c++) {
            const champion *row = &e->fronts[k].rows[c];
            bytes_put_tree(out, row->nodes, row->count);
            bytes_put(out, &row->loss, sizeof row->loss);
            bytes_put(out, &row->sample_loss, sizeof row->sample_loss);
        }
}

void bytes_get(bytes_reader *r, void *out, size_t size)
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

int bytes_get_tree(bytes_reader *r, expr_node *nodes, int capacity, const vocabulary *v)
{
    int32_t n;
    bytes_get(r, &n, sizeof n);
    if (r->failed || n < 0 || n > capacity) {
        r->failed = true;
        return 0;
    }
    bytes_get(r, nodes, (size_t)n * sizeof *nodes);
    expr e = {nodes, n};
    const template *t = v->limits.template;
    for (int i = 0; !t && i < n; i++)
        if (!tree_node_known(&nodes[i], v))
            r->failed = true;
    if (n > 0 && !r->failed && (!expr_finish(&e) || (t && !template_fits(t, e))))
        r->failed = true;
    return r->failed ? 0 : n;
}

static void load_island(island *s, const settings *set, bytes_reader *r)
{
    bytes_get(r, &s->random, sizeof s->random);
    bytes_get(r, &s->clock, sizeof s->clock);
    bytes_get(r, &s->evaluations, sizeof s->evaluations);
    bytes_get(r, &s->repeats, sizeof s->repeats);
    bytes_get(r, &s->abandoned, sizeof s->abandoned);
    bytes_get(r, s->frequency, ((size_t)set->max_size + 1) * sizeof *s->frequency);
    bytes_get(r, &s->frequency_sum, sizeof s->frequency_sum);
    for (int i = 0; i < set->population; i++) {
        member *m = &s->members[i];
        m->count = bytes_get_tree(r, m->nodes, set->max_size, &set->words);
        if (m->count == 0)
            r->failed = true;
        else
            m->complexity = rules_complexity(&set->words.limits, (expr){m->nodes, m->count});
        bytes_get(r, &m->loss, sizeof m->loss);
        bytes_get(r, &m->log_loss, sizeof m->log_loss);
        bytes_get(r, &m->scale, sizeof m->scale);
        bytes_get(r, &m->offset, sizeof m->offset);
        bytes_get(r, m->heats, sizeof m->heats);
        bytes_get(r, &m->birth, sizeof m->birth);
    }
}

bool engine_load(engine *e, const char *data, size_t length)
{
    bytes_reader r = {data, length, false};
    atomic_store(&e->stop.raised, false);
    shape found, wanted = shape_of(e);
    bytes_get(&r, &found, sizeof found);
    if (r.failed || memcmp(&found, &wanted, sizeof found) != 0)
        return false;
    bytes_get(&r, &e->random, sizeof e->random);
    bytes_get(&r, &e->epoch, sizeof e->epoch);
    bytes_get(&r, &e->rows, sizeof e->rows);
    bytes_get(&r, e->made, (size_t)e->outputs * sizeof *e->made);
    engine_set_shares(e);
    for (int i = 0; i < e->island_count && !r.failed; i++)
        load_island(&e->islands[i], e->set, &r);
    for (int k = 0; k < e->outputs && !r.failed; k++)
        for (int c = 0; c <= e->set->max_size; c++) {
            champion *row = &e->fronts[k].rows[c];
            row->count = bytes_get_tree(&r, row->nodes, e->set->max_size, &e->set->words);
            bytes_get(&r, &row->loss, sizeof row->loss);
            bytes_get(&r, &row->sample_loss, sizeof row->sample_loss);
        }
    return !r.failed && r.left == 0;
}
