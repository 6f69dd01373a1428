#include "search/island.h"
#include "search/template.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LEAST_GAIN = 1e-6; /* relative, of a birth that counts as a success */

settings settings_defaults(void)
{
    settings s = {
        .max_size = 30,
        .birth_size = 30,
        .population = 60,
        .islands = 12,
        .births = 1000,
        .tournament = 10,
        .parsimony = 300,
        .temperature = 0.5,
        .optimize = 0.1,
        .optimize_birth = 0.02,
        .optimize_iterations = 8,
        .optimize_rows = 1024,
        .window_rows = 8192,
        .from_front = 0.03,
        .from_neighbour = 0.01,
        .ways = variation_defaults(),
    };
    s.words.constant_share = 0.35;
    return s;
}

enum { FIRST_SIZE = 7 }; /* nodes of the first trees, at most */

settings settings_of_epoch(const settings *set, uint64_t epoch)
{
    settings now = *set;
    now.birth_size = set->max_size;
    if (epoch < (uint64_t)set->warmup && set->max_size > FIRST_SIZE)
        now.birth_size = FIRST_SIZE + (int)((uint64_t)(set->max_size - FIRST_SIZE) * epoch /
                                            (uint64_t)set->warmup);
    return now;
}

static expr member_expr(const member *m)
{
    return (expr){m->nodes, m->count};
}

static void draw_random(expr *out, int size, const settings *set, rng *r)
{
    const template *t = set->words.limits.template;
    if (t)
        template_random(out, size, set->max_size, t, r);
    else
        tree_random(out, size, set->max_size, &set->words, r);
}

bool island_init(island *s, const settings *set, const problem *target, const library *entries,
                 uint64_t seed, uint64_t stream)
{
    size_t cap = (size_t)set->max_size, population = (size_t)set->population;
    *s = (island){.random = rng_make(seed, stream), .target = target, .entries = entries};
    s->members = calloc(population, sizeof *s->members);
    s->finds = calloc(cap + 1, sizeof *s->finds);
    s->frequency = calloc(cap + 1, sizeof *s->frequency);
    s->cache = calloc(CACHE_SIZE, sizeof *s->cache);
    s->storage = calloc((population + cap + 1) * cap, sizeof *s->storage);
    if (!s->members || !s->finds || !s->frequency || !s->cache || !s->storage)
        return false;
    for (size_t i = 0; i < population; i++)
        s->members[i].nodes = s->storage + i * cap;
    for (size_t i = 0; i <= cap; i++)
        s->finds[i].nodes = s->storage + (population + i) * cap;
    for (size_t i = 0; i < population; i++) {
        member *m = &s->members[i];
        expr e = {m->nodes, 0};
        int size = 1 + (int)rng_below(&s->random, cap < FIRST_SIZE ? (uint32_t)cap : FIRST_SIZE);
        draw_random(&e, size, set, &s->random);
        for (int tries = 0; tries < 20 && !rules_allow(&set->words.limits, e); tries++)
            draw_random(&e, size, set, &s->random);
        if (!rules_allow(&set->words.limits, e))
            draw_random(&e, 1, set, &s->random);
        m->count = e.count;
        m->complexity = rules_complexity(&set->words.limits, e);
        m->birth = s->clock++;
        m->loss = m->log_loss = (double)INFINITY;
    }
    variation_shares(s->shares, &set->ways, &(variation_counts){0});
    for (size_t i = 0; i <= cap; i++)
        s->frequency[i] = 1;
    s->frequency_sum = (double)(cap + 1);
    return true;
}

void island_free(island *s)
{
    free(s->members);
    free(s->finds);
    free(s->frequency);
    free(s->cache);
    free(s->storage);
    *s = (island){0};
}

void island_replace(island *s, const settings *set, int i, expr e)
{
    member *m = &s->members[i];
    memcpy(m->nodes, e.nodes, (size_t)e.count * sizeof *e.nodes);
    m->count = e.count;
    m->complexity = rules_complexity(&set->words.limits, e);
    m->loss = m->log_loss = (double)INFINITY;
    m->birth = s->clock++;
}

const member *island_choose(const island *s, const settings *set, rng *r)
{
    const member *best = NULL;
    double lowest = 0;
    for (int i = 0; i < set->tournament; i++) {
        const member *m = &s->members[rng_below(r, (uint32_t)set->population)];
        double key = m->log_loss + set->parsimony * s->frequency[m->complexity] / s->frequency_sum;
        if (!best || key < lowest) {
            best = m;
            lowest = key;
        }
    }
    return best;
}

/* ---------------------------------------------------------------- births */

static void count_complexity(island *s, const settings *set, int complexity)
{
    s->frequency[complexity] += 1;
    s->frequency_sum += 1;
    if (s->frequency_sum < 20000)
        return;
    s->frequency_sum = 0;
    for (int i = 0; i <= set->max_size; i++) {
        s->frequency[i] *= 0.5;
        s->frequency_sum += s->frequency[i];
    }
}

/* Complexity of the tree as written out in a form; false where that breaks a rule. */
static bool form_fits(const settings *set, expr e, form f, const score *result, int *complexity)
{
    const rules *limits = &set->words.limits;
    if (!limits->active) {
        *complexity = e.count + form_cost[f];
        return *complexity <= set->max_size;
    }
    expr_node nodes[TREE_MAX + 4];
    expr written = form_write(nodes, e, f, result->scale[f], result->offset[f]);
    *complexity = rules_complexity(limits, written);
    return written.count <= set->max_size && rules_allow(limits, written);
}

/* The heats, of the best form of any kind, as if they were of the loss that stays. */
static void raise_heats(score *result, double before)
{
    for (int i = 0; i < HEATS && result->loss > before; i++)
        result->heats[i] *= result->loss / before;
}

/* Leaves the forms that keep the rules, and the best of them as the tree's loss; where none does,
 * the plain one, for what may become of the tree. */
static void restrict_forms(const island *s, const settings *set, expr e, score *result)
{
    const rules *limits = &set->words.limits;
    double plain = result->losses[FORM_PLAIN], least = plain;
    unit found = {0};
    expr_node room[RULES_PLAIN];
    unit_verdict verdict =
        limits->units ? units_of(limits->units, rules_plain(limits, room, e), &found) : UNIT_FREE;
    for (int f = 0; f < FORM_COUNT; f++) {
        int complexity;
        least = fmin(least, result->losses[f]);
        if (!s->target->forms[f] || !isfinite(result->losses[f]) ||
            !form_fits(set, e, (form)f, result, &complexity))
            result->losses[f] = (double)INFINITY;
        bool scaled = f == FORM_SCALE || f == FORM_BOTH,
             shifted = f == FORM_OFFSET || f == FORM_BOTH;
        if (limits->units && !units_allow_form(limits->units, verdict, &found, scaled, shifted))
            result->losses[f] += limits->unit_penalty;
    }
    result->best = FORM_PLAIN;
    result->loss = isfinite(result->losses[FORM_PLAIN]) ? result->losses[FORM_PLAIN] : plain;
    for (int f = 0; f < FORM_COUNT; f++)
        if (result->losses[f] < result->loss) {
            result->best = (form)f;
            result->loss = result->losses[f];
        }
    raise_heats(result, least);
}

/* Keeps the tree where it is the best of the epoch in one of its forms. */
static void record(island *s, const settings *set, expr e, const score *result)
{
    for (int f = 0; f < FORM_COUNT; f++) {
        int complexity;
        if (!s->target->forms[f] || !isfinite(result->losses[f]) ||
            !form_fits(set, e, (form)f, result, &complexity))
            continue;
        find *slot = &s->finds[complexity];
        if (slot->count > 0 && !(result->losses[f] < slot->loss))
            continue;
        memcpy(slot->nodes, e.nodes, (size_t)e.count * sizeof *e.nodes);
        slot->count = e.count;
        slot->shape = (form)f;
        slot->loss = result->losses[f];
        slot->scale = result->scale[f];
        slot->offset = result->offset[f];
    }
}

/* Loss through the cache of this epoch; heats as of fitness_race. */
static bool evaluate(island *s, const settings *set, workspace *w, expr e, window rows,
                     double limit, const double *heats, score *result)
{
    s->evaluations++;
    uint64_t hash = tree_hash(e) | 1;
    seen *slot = &s->cache[hash >> (64 - CACHE_BITS)];
    if (slot->hash == hash && (slot->limit < 0 || limit <= slot->limit)) {
        s->repeats++;
        *result = slot->result;
        return slot->limit < 0 && result->loss <= limit;
    }
    bool done = fitness_race(result, w, s->target, e, rows, set->max_size, limit, heats);
    if (done && (set->words.limits.active || set->words.limits.units))
        restrict_forms(s, set, e, result);
    s->abandoned += !done;
    *slot = (seen){hash, done ? -1 : limit, *result};
    if (done)
        record(s, set, e, result);
    return done && result->loss <= limit;
}

static void set_score(member *m, const score *result)
{
    m->loss = result->loss;
    m->log_loss = log(fmax(result->loss, 1e-300));
    m->scale = result->scale[result->best];
    m->offset = result->offset[result->best];
    memcpy(m->heats, result->heats, sizeof m->heats);
}

static void store(island *s, const settings *set, member *m, expr e, const score *result)
{
    memcpy(m->nodes, e.nodes, (size_t)e.count * sizeof *e.nodes);
    m->count = e.count;
    m->complexity = rules_complexity(&set->words.limits, e);
    set_score(m, result);
    m->birth = s->clock++;
    count_complexity(s, set, m->complexity);
}

static member *oldest(const island *s, const settings *set)
{
    member *m = s->members;
    for (int i = 1; i < set->population; i++)
        if (s->members[i].birth < m->birth)
            m = &s->members[i];
    return m;
}

bool island_cross(expr *child, const settings *set, expr a, expr b, rng *r)
{
    const template *t = set->words.limits.template;
    return t ? template_cross(child, set->birth_size, a, b, t, r)
             : tree_cross(child, set->birth_size, a, b, r);
}

bool island_mutate(expr *child, const settings *set, expr parent, mutation kind, double temperature,
                   rng *r)
{
    const template *t = set->words.limits.template;
    return t ? template_mutate(child, set->birth_size, parent, kind, temperature, t, r)
             : tree_mutate(child, set->birth_size, parent, kind, temperature, &set->words, r);
}

/* A child of `parent` in a way that is drawn; false: there is none. */
static bool make_child(island *s, const settings *set, workspace *w, const member *parent,
                       double temperature, expr *child, int *way)
{
    rng *r = &s->random;
    const rules *limits = &set->words.limits;
    expr from = member_expr(parent);
    *way = variation_draw(s->shares, r);
    if (*way == VARY_BACKSOLVE)
        return library_backsolve(s->entries, child, set->birth_size, s->target, from, parent->scale,
                                 parent->offset, &set->words, w, r) &&
               rules_allow(limits, *child);
    if (*way == VARY_CROSS) {
        const member *other = island_choose(s, set, r);
        for (int tries = 0; tries < 5; tries++)
            if (island_cross(child, set, from, member_expr(other), r) &&
                rules_allow(limits, *child))
                return true;
        return false;
    }
    for (int tries = 0; tries < 10; tries++, *way = variation_draw_mutation(s->shares, r))
        if (island_mutate(child, set, from, (mutation)*way, temperature, r) &&
            rules_allow(limits, *child))
            return true;
    return false;
}

/* Another place to start a fit from: constants half of their size away. */
static void move_constants(expr e, const expr_node *from, rng *random)
{
    memcpy(e.nodes, from, (size_t)e.count * sizeof *from);
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op == EXPR_CONST)
            e.nodes[i].value *= 1 + 0.5 * rng_normal(random);
}

/* Fits the constants on a sample, from where they stand and from `restarts` other places, and keeps
 * the best, with their score, when the whole window agrees. */
static void optimize(island *s, const settings *set, workspace *w, expr e, window rows,
                     int restarts, score *result)
{
    if (tree_constants(e) == 0)
        return;
    expr_node before[TREE_MAX], best[TREE_MAX];
    size_t size = (size_t)e.count * sizeof *before;
    memcpy(before, e.nodes, size);
    memcpy(best, e.nodes, size);
    window sample = rows;
    if (sample.count > set->optimize_rows)
        sample.count = set->optimize_rows;
    for (int start = 0; start <= restarts && !workspace_stopped(w); start++) {
        if (start > 0)
            move_constants(e, before, &s->random);
        score fitted;
        if (!constants_fit(w, s->target, e, sample, set->optimize_iterations, true))
            continue;
        s->evaluations += (unsigned)set->optimize_iterations;
        if (evaluate(s, set, w, e, rows, result->loss, NULL, &fitted)) {
            *result = fitted;
            memcpy(best, e.nodes, size);
        }
    }
    memcpy(e.nodes, best, size);
}

/* Whether a child, already recorded, is below its parent and below all finds of this epoch up to
 * its complexity: it moves the island's own front. */
static bool moves_front(const island *s, const settings *set, expr child, const member *parent,
                        const score *result)
{
    int complexity;
    if (!(result->loss < parent->loss * (1 - LEAST_GAIN)) ||
        !form_fits(set, child, result->best, result, &complexity))
        return false;
    for (int c = 1; c < complexity; c++)
        if (s->finds[c].count > 0 && s->finds[c].loss <= result->loss)
            return false;
    return s->finds[complexity].loss >= result->loss;
}

static void give_birth(island *s, const settings *set, workspace *w, window rows,
                       double temperature)
{
    expr_node nodes[TREE_MAX];
    expr child = {nodes, 0};
    const member *parent = island_choose(s, set, &s->random);
    int way;
    if (!make_child(s, set, w, parent, temperature, &child, &way))
        return;
    /* The chance is drawn before the loss is known: above the limit there is nothing to compute. */
    double u = rng_unit(&s->random);
    double ease = pow(u + 1e-12, -set->temperature * temperature), heats[HEATS];
    for (int i = 0; i < HEATS; i++)
        heats[i] = parent->heats[i] * ease;
    score result;
    unsigned long long repeats = s->repeats;
    s->made.births[way] += 1;
    if (!evaluate(s, set, w, child, rows, parent->loss * ease, heats, &result))
        return;
    if (s->repeats == repeats && moves_front(s, set, child, parent, &result))
        s->made.successes[way] += 1;
    if (way == VARY_BACKSOLVE || rng_unit(&s->random) < set->optimize_birth)
        optimize(s, set, w, child, rows, 0, &result);
    store(s, set, oldest(s, set), child, &result);
}

void island_epoch(island *s, const settings *set, workspace *w, window rows, bool fresh)
{
    memset(s->cache, 0, CACHE_SIZE * sizeof *s->cache);
    s->made = (variation_counts){0};
    for (int i = 0; i <= set->max_size; i++)
        s->finds[i].count = 0;
    workspace_keep_columns(w, rows);
    score result;
    for (int i = 0; i < set->population; i++) {
        member *m = &s->members[i];
        if (!fresh && m->loss < (double)INFINITY)
            continue;
        if (!evaluate(s, set, w, member_expr(m), rows, (double)INFINITY, NULL, &result))
            result = (score){.loss = 1e300};
        set_score(m, &result);
    }
    for (int b = 0; b < set->births && !workspace_stopped(w); b++)
        give_birth(s, set, w, rows, 1 - (double)b / set->births);
    for (int i = 0; i < set->population && !workspace_stopped(w); i++) {
        member *m = &s->members[i];
        if (rng_unit(&s->random) >= set->optimize || m->loss > 1e299)
            continue;
        result = (score){.loss = m->loss};
        result.scale[0] = m->scale;
        result.offset[0] = m->offset;
        memcpy(result.heats, m->heats, sizeof result.heats);
        optimize(s, set, w, member_expr(m), rows, set->optimize_restarts, &result);
        set_score(m, &result);
    }
    workspace_keep_columns(w, (window){0});
}
