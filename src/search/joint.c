#include "search/joint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    JOINT_STREAM = 0x501F,
    JOINT_BIRTHS = 4, /* times the islands' births: most of them end at the race */
    START_ITERATIONS = 15,
    POLISH_ITERATIONS = 8,
    POLISH_ROWS = 32768,
    CANDIDATES = 12, /* polished in one epoch */
    REPOLISHED = 4,  /* rows of the front polished again on all rows in one epoch */
};

static int population(const settings *set)
{
    return set->population > 8 ? set->population / 2 : 4;
}

bool joint_init(joint *j, engine *e, uint64_t seed)
{
    const settings *set = e->set;
    int threads = pool_threads(e->threads), offers = CANDIDATES + REPOLISHED;
    double shares[VARY_COUNT];
    *j = (joint){.e = e,
                 .grove_count = set->islands,
                 .ways = grove_ways(&set->ways),
                 .random = rng_make(seed, JOINT_STREAM)};
    variation_shares(shares, &j->ways, &j->made);
    j->set = (grove_settings){.set = set,
                              .data = &j->data,
                              .islands = e->islands,
                              .population = population(set),
                              .births = JOINT_BIRTHS * set->births};
    if (!softmax_data_init(&j->data, e->problems, e->outputs) ||
        !forest_front_init(&j->front, e->outputs, set->max_size))
        return false;
    j->groves = calloc((size_t)j->grove_count, sizeof *j->groves);
    j->works = calloc((size_t)threads, sizeof(grove_work *));
    j->offers = forests_new(offers, e->outputs, set->max_size + 4);
    j->losses = calloc((size_t)offers, sizeof *j->losses);
    if (!j->groves || !j->works || !j->offers || !j->losses)
        return false;
    for (int i = 0; i < threads; i++)
        if (!(j->works[i] = grove_work_new(&j->set, &e->workspaces[i])))
            return false;
    /* two thirds of the groves may use everything, the others less and less: the front's low end */
    int small = j->grove_count / 3;
    for (int i = 0; i < j->grove_count; i++) {
        int rank = i - (j->grove_count - small) + 1;
        double share = rank > 0 ? pow(0.1, (double)rank / small) : 1;
        int budget = (int)(share * j->front.size);
        budget = budget < e->outputs ? e->outputs : budget;
        if (!grove_init(&j->groves[i], &j->set, shares, budget, seed,
                        JOINT_STREAM + 1 + (uint64_t)i))
            return false;
    }
    return true;
}

void joint_free(joint *j)
{
    int threads = j->works && j->e ? pool_threads(j->e->threads) : 0;
    for (int i = 0; i < threads; i++)
        grove_work_free(j->works[i]);
    for (int i = 0; j->groves && i < j->grove_count; i++)
        grove_free(&j->groves[i]);
    free(j->works);
    free(j->groves);
    free(j->offers);
    free(j->losses);
    forest_front_free(&j->front);
    softmax_data_free(&j->data);
    *j = (joint){0};
}

unsigned long long joint_evaluations(const joint *j)
{
    unsigned long long total = engine_evaluations(j->e);
    for (int i = 0; i < j->grove_count; i++)
        total += j->groves[i].evaluations;
    return total;
}

unsigned long long joint_abandoned(const joint *j)
{
    unsigned long long total = 0;
    for (int i = 0; i < j->grove_count; i++)
        total += j->groves[i].abandoned;
    return total;
}

/* ---------------------------------------------------------------- the first forests */

/* A tree of the class's front with complexity at most `cap`: the largest, or any from half of it.
 */
static expr draw_tree(const joint *j, int class, int cap, bool largest, rng *r)
{
    const pareto *front = &j->e->fronts[class];
    int least = largest ? cap : cap / 2 + (int)rng_below(r, (uint32_t)(cap - cap / 2) + 1);
    for (int c = least; c >= 1; c--)
        if (front->rows[c].count > 0)
            return (expr){front->rows[c].nodes, front->rows[c].count};
    for (int c = least; c <= front->size; c++)
        if (front->rows[c].count > 0)
            return (expr){front->rows[c].nodes, front->rows[c].count};
    /* an empty front: a leaf, which is what a postfix begins with; of a form the whole */
    const member *m = &j->e->islands[class * j->e->set->islands].members[0];
    return (expr){m->nodes, j->e->set->words.limits.template ? m->count : 1};
}

static void populate(void *context, size_t index, int worker)
{
    joint *j = context;
    grove *g = &j->groves[index];
    grove_work *k = j->works[worker];
    const rules *limits = &j->e->set->words.limits;
    int cap = g->budget / j->data.classes;
    cap = cap > j->e->set->max_size ? j->e->set->max_size : cap < 1 ? 1 : cap;
    window rows = {0, j->e->set->optimize_rows};
    if (rows.count > j->data.problems->padded)
        rows.count = j->data.problems->padded;
    for (int i = 0; i < j->set.population; i++) {
        forest *m = &g->members[i];
        for (int class = 0; class < j->data.classes; class ++) {
            expr e = draw_tree(j, class, cap, i == 0, &g->random);
            forest_set_tree(m, class, e);
        }
        softmax_fit(grove_work_softmax(k), &j->data, m, rows, START_ITERATIONS);
        m->complexity = forest_complexity(grove_work_subtrees(k), m, limits);
        m->birth = g->clock++;
    }
}

/* ---------------------------------------------------------------- the front */

/* Fits the constants of an offer on a sample and judges it on all rows. */
static void judge(joint *j, size_t index, int worker, bool sampled, int iterations)
{
    forest *f = &j->offers[index];
    const rules *limits = &j->e->set->words.limits;
    softmax_work *s = grove_work_softmax(j->works[worker]);
    window all = window_all(j->data.problems), sample = all;
    if (sampled && sample.count > POLISH_ROWS)
        sample.count = POLISH_ROWS;
    if (j->e->set->optimize_iterations > 0)
        softmax_fit(s, &j->data, f, sample, iterations);
    f->complexity = forest_complexity(grove_work_subtrees(j->works[worker]), f, limits);
    bool ok = softmax_loss(&j->losses[index], s, &j->data, f, all);
    for (int k = 0; ok && k < f->classes; k++)
        ok = fitness_has_bounds(s->w, j->data.problems, forest_tree(f, k));
    j->losses[index] = ok ? j->losses[index] + forest_penalty(f, limits) : (double)INFINITY;
}

static void score_offer(void *context, size_t index, int worker)
{
    joint *j = context;
    judge(j, index, worker, index < (size_t)j->offer_count, POLISH_ITERATIONS);
}

static void score_guess(void *context, size_t index, int worker)
{
    judge(context, index, worker, true, START_ITERATIONS);
}

/* How much lower than the front, and than the offers so far, a forest is: 0 or less, not at all. */
static double gain(const joint *j, const forest *f)
{
    double lowest = forest_front_sample(&j->front, f->complexity);
    for (int i = 0; i < j->offer_count; i++)
        if (j->offers[i].complexity <= f->complexity && j->offers[i].loss < lowest)
            lowest = j->offers[i].loss;
    return isfinite(f->loss) ? (isfinite(lowest) ? (lowest - f->loss) / lowest : 1) : 0;
}

/* The forests of this epoch that lower the front most, one after the other. */
static void collect(joint *j)
{
    j->offer_count = 0;
    while (j->offer_count < CANDIDATES) {
        const forest *best = NULL;
        double most = 1e-6;
        for (int i = 0; i < j->grove_count; i++) {
            const grove *g = &j->groves[i];
            for (int m = -1; m < j->set.population; m++) {
                const forest *f = m < 0 ? g->best : &g->members[m];
                double by = f->counts[0] > 0 ? gain(j, f) : 0;
                if (by > most) {
                    best = f;
                    most = by;
                }
            }
        }
        if (!best)
            return;
        forest_copy(&j->offers[j->offer_count++], best);
    }
}

/* Rows of the front to fit again, on all rows this time. */
static int collect_again(joint *j)
{
    int rows[REPOLISHED], count = 0, filled = 0;
    for (int c = 1; c <= j->front.size; c++)
        filled += j->front.rows[c].nodes != NULL;
    for (int i = 0; i < REPOLISHED && i < filled; i++) {
        /* the last row always, the others at random */
        int k = i == 0 ? filled - 1 : (int)rng_below(&j->random, (uint32_t)filled), c = 0;
        for (int found = -1; found < k;)
            found += j->front.rows[++c].nodes != NULL;
        bool taken = false;
        for (int t = 0; t < count; t++)
            taken = taken || rows[t] == c;
        if (taken)
            continue;
        rows[count] = c;
        forest_row_get(&j->offers[j->offer_count + count++], &j->front.rows[c]);
    }
    return count;
}

static void update_front(joint *j)
{
    collect(j);
    int count = j->offer_count + collect_again(j);
    pool_run(j->e->threads, (size_t)count, score_offer, j);
    for (int i = 0; i < count; i++)
        if (isfinite(j->losses[i]) &&
            !forest_front_offer(&j->front, &j->offers[i], j->losses[i], j->offers[i].loss))
            j->failed = true;
}

static void score_row(void *context, size_t index, int worker)
{
    joint *j = context;
    forest_row *row = &j->front.rows[index];
    if (!row->nodes)
        return;
    grove_work *k = j->works[worker];
    forest *f = grove_work_spare(k);
    forest_row_get(f, row);
    double loss;
    if (softmax_loss(&loss, grove_work_softmax(k), &j->data, f, j->rows))
        row->sample_loss = loss + forest_penalty(f, &j->e->set->words.limits);
}

/* ---------------------------------------------------------------- epochs */

static window draw_window(joint *j)
{
    const problem *p = j->data.problems;
    size_t most = j->e->set->window_rows;
    if (p->padded <= most)
        return window_all(p);
    size_t blocks = p->rows / EVAL_BLOCK, size = most / EVAL_BLOCK;
    size_t first = rng_below(&j->random, (uint32_t)(blocks - size + 1));
    return (window){first * EVAL_BLOCK, size * EVAL_BLOCK};
}

static void run_grove(void *context, size_t index, int worker)
{
    joint *j = context;
    const settings now = settings_of_epoch(j->e->set, j->e->epoch);
    grove_settings set = j->set;
    set.set = &now;
    grove_epoch(&j->groves[index], &set, j->works[worker], j->rows);
}

void joint_set_shares(joint *j)
{
    for (int i = 0; i < j->grove_count; i++)
        variation_shares(j->groves[i].shares, &j->ways, &j->made);
}

/* The groves learn from all their births together. */
static void learn_shares(joint *j)
{
    variation_counts now = {0};
    for (int i = 0; i < j->grove_count; i++)
        variation_add(&now, &j->groves[i].made);
    variation_remember(&j->made, &now);
    joint_set_shares(j);
}

static void replace(joint *j, grove *g, int i, const forest *with)
{
    (void)j;
    forest_copy(&g->members[i], with);
    g->members[i].birth = g->clock++;
}

/* Members from the front and from the neighbour, where the budget allows. */
static void exchange(joint *j)
{
    const settings *set = j->e->set;
    forest *f = grove_work_spare(j->works[0]);
    for (int i = 0; i < j->grove_count; i++) {
        grove *g = &j->groves[i];
        const grove *from = &j->groves[(i + j->grove_count - 1) % j->grove_count];
        int most = g->budget < j->front.size ? g->budget : j->front.size;
        for (int m = 0; m < j->set.population; m++) {
            double u = rng_unit(&j->random);
            if (u < set->from_front) {
                int c = most - (int)rng_below(&j->random, (uint32_t)(most + 1) / 2);
                while (c > 0 && !j->front.rows[c].nodes)
                    c--;
                if (c == 0)
                    continue;
                forest_row_get(f, &j->front.rows[c]);
                f->complexity = c;
                replace(j, g, m, f);
            } else if (u < set->from_front + set->from_neighbour && from != g) {
                const forest *other =
                    &from->members[rng_below(&j->random, (uint32_t)j->set.population)];
                if (other->complexity <= g->budget)
                    replace(j, g, m, other);
            }
        }
    }
}

/* ---------------------------------------------------------------- guesses */

/* scale * e + offset, to be fitted; false: there is no room, or a rule forbids it. */
static bool scale_tree(const joint *j, expr *e)
{
    const settings *set = j->e->set;
    if (!j->data.problems->forms[FORM_BOTH] || e->count + form_cost[FORM_BOTH] > set->max_size)
        return false;
    e->nodes[e->count++] = (expr_node){.op = EXPR_CONST, .value = 1};
    e->nodes[e->count++] = (expr_node){.op = EXPR_MUL};
    e->nodes[e->count++] = (expr_node){.op = EXPR_CONST, .value = 0};
    e->nodes[e->count++] = (expr_node){.op = EXPR_ADD};
    tree_measure(e);
    return rules_complexity(&set->words.limits, *e) <= set->max_size &&
           rules_allow(&set->words.limits, *e) && isfinite(rules_penalty(&set->words.limits, *e));
}

/* The number-th guess of every class that has one, else what the class's front holds. False: there
 * is no class with such a guess, or none that could be scaled. */
static bool make_guess(joint *j, forest *f, int number, bool scaled)
{
    expr_node nodes[TREE_MAX + 4];
    bool any = false;
    for (int class = 0; class < j->data.classes; class ++) {
        const guess *found = NULL;
        for (int i = 0; i < j->guess_count; i++)
            if (j->guesses[i].output == class && j->guesses[i].number == number)
                found = &j->guesses[i];
        expr e = found ? found->e : draw_tree(j, class, j->e->set->max_size, true, &j->random);
        expr made = {nodes, e.count};
        memcpy(nodes, e.nodes, (size_t)e.count * sizeof *nodes);
        tree_measure(&made);
        bool fits = found && (!scaled || scale_tree(j, &made));
        forest_set_tree(f, class, fits ? made : e);
        any = any || fits;
    }
    return any;
}

/* Guess `index` goes to a grove that may use everything, half of whose members stay at least. */
static void place_guess(joint *j, int index, const forest *f)
{
    int full = j->grove_count - j->grove_count / 3, slot = index / full;
    grove *g = &j->groves[index % full];
    if (slot >= j->set.population / 2)
        return;
    forest *to = &g->members[j->set.population - 1 - slot];
    forest_copy(to, f);
    to->birth = g->clock++;
}

/* Every forest of guesses, as it is and with each class's expression scaled, goes to the front and
 * to a grove. */
static void offer_guesses(joint *j)
{
    int numbers = 0, next = 0, placed = 0;
    for (int i = 0; i < j->guess_count; i++)
        if (j->guesses[i].number >= numbers)
            numbers = j->guesses[i].number + 1;
    while (next < 2 * numbers) {
        int count = 0;
        for (; next < 2 * numbers && count < CANDIDATES; next++)
            count += make_guess(j, &j->offers[count], next / 2, next % 2);
        pool_run(j->e->threads, (size_t)count, score_guess, j);
        for (int i = 0; i < count; i++) {
            if (!isfinite(j->losses[i]))
                continue;
            place_guess(j, placed++, &j->offers[i]);
            if (!forest_front_offer(&j->front, &j->offers[i], j->losses[i], j->losses[i]))
                j->failed = true;
        }
    }
}

/* ---------------------------------------------------------------- start */

void joint_start(joint *j)
{
    if (j->started)
        return;
    pool_run(j->e->threads, (size_t)j->grove_count, populate, j);
    offer_guesses(j);
    j->started = true;
    j->rows = draw_window(j);
    grove_settings none = j->set;
    j->set.births = 0;
    pool_run(j->e->threads, (size_t)j->grove_count, run_grove, j);
    j->set = none;
    update_front(j);
}

void joint_epoch(joint *j)
{
    if (j->e->epoch < JOINT_ISLAND_EPOCHS) {
        engine_epoch(j->e);
        return;
    }
    joint_start(j);
    j->rows = draw_window(j);
    pool_run(j->e->threads, (size_t)j->front.size + 1, score_row, j);
    pool_run(j->e->threads, (size_t)j->grove_count, run_grove, j);
    update_front(j);
    learn_shares(j);
    exchange(j);
    j->e->epoch++;
}
