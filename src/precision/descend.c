/* The descent: single steps in the order of LUTs saved per error added, then random steps up with
 * a descent after each. */
#include "precision/search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum move_kind {
    MOVE_INPUT_FRAC,
    MOVE_INPUT_INTEGER,
    MOVE_FRAC,
    MOVE_INTEGER,
    MOVE_INDEX,
    MOVE_DIGITS,
    MOVE_FUSE,
    MOVE_FAITHFUL,      /* a faithful table for one of nearest words, or back */
    MOVE_FAITHFUL_FINER /* the same with a fraction bit more, so that no error is added */
} move_kind;

typedef struct move {
    move_kind kind;
    size_t output; /* or the input's number */
    int node;
    int step; /* -1 or 1 */
    double score;
    output_set set;
} move;

/* Everything that a move changes, and the state of the plan with it. */
typedef struct undo {
    format input;
    node_format node;
    int8_t digits;
} undo;

typedef struct move_list {
    move *items;
    size_t count, capacity;
} move_list;

enum { LEAST_WIDTH = 2, MOST_WIDTH = 40, MOST_DIGITS = 6, KICKS_UP = 3, MOST_TIGHTENED = 6 };

/* ---------------------------------------------------------------- moves */

static bool is_input(const move *m)
{
    return m->kind == MOVE_INPUT_FRAC || m->kind == MOVE_INPUT_INTEGER;
}

static bool apply_input(search *s, const move *m)
{
    format *f = &s->p->inputs[m->output];
    int width = f->width + m->step;
    if (width < LEAST_WIDTH || width > MOST_WIDTH)
        return false;
    f->width = (uint8_t)width;
    if (m->kind == MOVE_INPUT_FRAC)
        f->frac = (int16_t)(f->frac + m->step);
    rows_set_input(&s->screen, m->output, *f);
    return true;
}

/* The fraction bits that a table of node i sees. */
static int argument_frac(const search *s, size_t k, int i)
{
    expr e = s->p->model->outputs[k];
    int argument = s->p->nodes[k][i].fused ? s->outputs[k].source[i] : i - 1;
    expr_node n = e.nodes[argument];
    return n.op == EXPR_VAR ? s->p->inputs[n.feature].frac : s->p->nodes[k][argument].frac;
}

static bool apply_digits(search *s, const move *m)
{
    output_state *u = &s->outputs[m->output];
    int digits = u->digits[m->node] ? u->digits[m->node] : MOST_DIGITS + 1;
    digits += m->step;
    if (digits < 1 || digits > MOST_DIGITS + 1)
        return false;
    u->digits[m->node] = (int8_t)(digits > MOST_DIGITS ? 0 : digits);
    return true;
}

static bool apply(search *s, const move *m)
{
    if (is_input(m))
        return apply_input(s, m);
    node_format *f = &s->p->nodes[m->output][m->node];
    const output_state *u = &s->outputs[m->output];
    switch (m->kind) {
    case MOVE_FRAC:
        f->frac = (int16_t)(f->frac + m->step);
        return f->frac > -40 && f->frac < 40;
    case MOVE_INTEGER: {
        int seen = guarded_bits(s, u->seen[m->node]);
        if (m->step > 0 && f->integer == FORMAT_ANY)
            return false;
        if (m->step > 0)
            f->integer = (int16_t)(f->integer >= seen ? FORMAT_ANY : f->integer + 1);
        else
            f->integer = (int16_t)(f->integer == FORMAT_ANY ? seen : f->integer - 1);
        return f->integer == FORMAT_ANY || f->integer + f->frac >= 1;
    }
    case MOVE_INDEX: {
        int argument = argument_frac(s, m->output, m->node);
        int now = f->index_frac < argument ? f->index_frac : argument;
        if (now + m->step > argument)
            return false;
        f->index_frac = (int16_t)(now + m->step == argument ? FORMAT_ANY : now + m->step);
        return true;
    }
    case MOVE_DIGITS:
        return apply_digits(s, m);
    case MOVE_FAITHFUL_FINER:
        f->frac = (int16_t)(f->frac + (f->faithful ? -1 : 1));
        f->faithful = !f->faithful;
        return true;
    case MOVE_FAITHFUL:
        f->faithful = !f->faithful;
        return true;
    default:
        f->fused = !f->fused;
        return true;
    }
}

static undo remember(const search *s, const move *m)
{
    if (is_input(m))
        return (undo){.input = s->p->inputs[m->output]};
    return (undo){.node = s->p->nodes[m->output][m->node],
                  .digits = s->outputs[m->output].digits[m->node]};
}

static void restore(search *s, const move *m, const undo *u)
{
    if (is_input(m)) {
        s->p->inputs[m->output] = u->input;
        rows_set_input(&s->screen, m->output, u->input);
    } else {
        s->p->nodes[m->output][m->node] = u->node;
        s->outputs[m->output].digits[m->node] = u->digits;
        trial_refresh(s, m->output);
    }
}

/* ---------------------------------------------------------------- which moves there are */

static void push(search *s, move_list *l, move m)
{
    if (l->count == l->capacity) {
        size_t capacity = l->capacity ? 2 * l->capacity : 256;
        move *grown = realloc(l->items, capacity * sizeof *grown);
        if (!grown) {
            s->failed = true;
            return;
        }
        l->items = grown;
        l->capacity = capacity;
    }
    l->items[l->count++] = m;
}

static output_set users_of(const search *s, size_t input)
{
    output_set set = 0;
    for (size_t k = 0; k < s->o->model->output_count; k++) {
        expr e = s->p->model->outputs[k];
        for (int i = 0; i < e.count; i++)
            if (e.nodes[i].op == EXPR_VAR && e.nodes[i].feature == input)
                set |= set_of(k);
    }
    return set;
}

static bool takes_rounding(expr_op parent)
{
    return parent == EXPR_ADD || parent == EXPR_SUB || parent == EXPR_MUL;
}

static void node_moves(search *s, move_list *l, size_t k, int i, int step)
{
    const output_state *u = &s->outputs[k];
    expr e = s->p->model->outputs[k];
    const node_format *f = &s->p->nodes[k][i];
    expr_op op = (expr_op)e.nodes[i].op;
    move m = {.output = k, .node = i, .step = step, .set = set_of(k)};
    if (op == EXPR_VAR || u->replaced[i] || (s->o->fixed && s->o->fixed[k][i].given))
        return;
    bool is_table = (f->fused && u->source[i] != i) || table_function_is(op);
    m.kind = MOVE_FRAC;
    push(s, l, m);
    if (op == EXPR_CONST) {
        m.kind = MOVE_DIGITS;
        if (u->parent[i] >= 0 && takes_rounding((expr_op)e.nodes[u->parent[i]].op))
            push(s, l, m);
        return;
    }
    m.kind = MOVE_INTEGER;
    push(s, l, m);
    if (is_table) {
        const move_kind of_table[] = {MOVE_INDEX, MOVE_FAITHFUL, MOVE_FAITHFUL_FINER};
        for (int n = 0; n < (s->faithful ? 3 : 1); n++) {
            m.kind = of_table[n];
            push(s, l, m);
        }
    }
    m.kind = MOVE_FUSE;
    if (u->source[i] >= 0 && u->source[i] != i && !(table_function_is(op) && u->source[i] == i - 1))
        push(s, l, m);
}

static void all_moves(search *s, move_list *l, output_set set, int step)
{
    l->count = 0;
    for (size_t j = 0; j < s->o->model->input_count; j++) {
        move m = {.kind = MOVE_INPUT_FRAC, .output = j, .step = step, .set = users_of(s, j)};
        if (!m.set || (s->o->fixed_inputs && s->o->fixed_inputs[j].width))
            continue;
        push(s, l, m);
        m.kind = MOVE_INPUT_INTEGER;
        push(s, l, m);
    }
    for (size_t k = 0; k < s->o->model->output_count; k++)
        for (int i = 0; (set & set_of(k)) && i < s->outputs[k].count; i++)
            node_moves(s, l, k, i, step);
}

/* ---------------------------------------------------------------- descent */

/* Applies a move and keeps it when it pays and holds. */
static bool take(search *s, const move *m, double most_cost)
{
    undo u = remember(s, m);
    if (apply(s, m)) {
        outcome o = trial(s, m->set);
        bool pays = o.legal && o.cost < most_cost && o.value >= s->target && !s->failed;
        if (pays && is_input(m))
            rows_set_input(&s->check, m->output, s->p->inputs[m->output]);
        if (pays && trial_checks(s, m->set)) {
            trial_keep(s, m->set, o);
            return true;
        }
        if (pays && is_input(m))
            rows_set_input(&s->check, m->output, u.input);
    }
    restore(s, m, &u);
    return false;
}

static double total_error(const search *s)
{
    double sum = 0;
    for (size_t k = 0; k < s->o->model->output_count; k++)
        sum += s->outputs[k].error;
    return sum;
}

/* LUTs saved per mean square error added; 0: it does not pay or does not hold. */
static double worth(search *s, const move *m, double error)
{
    double score = 0;
    undo u = remember(s, m);
    if (apply(s, m)) {
        outcome o = trial(s, m->set);
        if (o.legal && o.cost < s->cost - 1e-9 && o.value >= s->target)
            score = (s->cost - o.cost) / fmax(o.error - error, 1e-9 + 1e-4 * error);
    }
    restore(s, m, &u);
    return score;
}

static int by_score(const void *a, const void *b)
{
    const move *x = a, *y = b;
    return (x->score < y->score) - (x->score > y->score);
}

static bool stopped(const symlut_hooks *hooks)
{
    return hooks && hooks->stop && hooks->stop(hooks->payload);
}

/* One sweep: every move is priced, the best part of them is taken. */
static size_t sweep(search *s, move_list *l, const symlut_hooks *hooks)
{
    double error = total_error(s);
    all_moves(s, l, ~(output_set)0, -1);
    size_t good = 0, taken = 0;
    for (size_t i = 0; i < l->count && !s->failed && !stopped(hooks); i++) {
        move m = l->items[i];
        m.score = worth(s, &m, error);
        if (m.score > 0)
            l->items[good++] = m;
    }
    if (s->failed)
        return 0;
    qsort(l->items, good, sizeof *l->items, by_score);
    size_t most = good / 4 + 1;
    for (size_t i = 0; i < good && taken < most && !s->failed; i++)
        taken += take(s, &l->items[i], s->cost - 1e-9);
    return taken;
}

/* ---------------------------------------------------------------- random steps */

/* A copy of the plan. */
typedef struct plan {
    format *inputs;
    node_format **nodes;
    int8_t **digits;
} plan;

static bool plan_new(search *s, plan *p)
{
    size_t outputs = s->o->model->output_count;
    arena *a = &s->p->memory;
    p->inputs = ARENA_ARRAY(a, format, s->o->model->input_count + 1);
    p->nodes = ARENA_ARRAY(a, node_format *, outputs);
    p->digits = ARENA_ARRAY(a, int8_t *, outputs);
    for (size_t k = 0; k < outputs && !a->failed; k++) {
        p->nodes[k] = ARENA_ARRAY(a, node_format, s->outputs[k].count);
        p->digits[k] = ARENA_ARRAY(a, int8_t, s->outputs[k].count);
    }
    return !a->failed;
}

static void plan_copy(search *s, plan *p, bool back)
{
    size_t inputs = s->o->model->input_count * sizeof *p->inputs;
    memcpy(back ? s->p->inputs : p->inputs, back ? p->inputs : s->p->inputs, inputs);
    for (size_t k = 0; k < s->o->model->output_count; k++) {
        size_t n = (size_t)s->outputs[k].count;
        node_format *f = s->p->nodes[k];
        int8_t *d = s->outputs[k].digits;
        memcpy(back ? f : p->nodes[k], back ? p->nodes[k] : f, n * sizeof *f);
        memcpy(back ? d : p->digits[k], back ? p->digits[k] : d, n * sizeof *d);
    }
}

/* Evaluates and prices the plan as it is, all of it. */
static void settle_all(search *s)
{
    output_set all = ~(output_set)0;
    for (size_t j = 0; j < s->o->model->input_count; j++) {
        rows_set_input(&s->screen, j, s->p->inputs[j]);
        rows_set_input(&s->check, j, s->p->inputs[j]);
    }
    outcome o = trial(s, all);
    trial_checks(s, all);
    trial_keep(s, all, o);
}

/* Raises a few formats of one output whatever it costs, then takes every step down that pays. */
static bool kick(search *s, move_list *l, plan *best, rng *r)
{
    double before = s->cost;
    output_set set = 0;
    int up = 1 + (int)rng_below(r, KICKS_UP);
    size_t k = rng_below(r, (uint32_t)s->o->model->output_count);
    plan_copy(s, best, false);
    for (int n = 0; n < up; n++) {
        all_moves(s, l, set_of(k), 1);
        if (l->count == 0)
            return false;
        move m = l->items[rng_below(r, (uint32_t)l->count)];
        if (take(s, &m, INFINITY))
            set |= m.set;
    }
    for (int pass = 0; pass < 2 && set && !s->failed; pass++) {
        all_moves(s, l, set, -1);
        for (size_t i = l->count; i > 1; i--) {
            size_t j = rng_below(r, (uint32_t)i);
            move m = l->items[i - 1];
            l->items[i - 1] = l->items[j];
            l->items[j] = m;
        }
        for (size_t i = 0; i < l->count && !s->failed; i++)
            take(s, &l->items[i], s->cost - 1e-9);
    }
    if (s->cost < before - 1e-9 && trial_agrees(s))
        return true;
    if (set) {
        plan_copy(s, best, true);
        settle_all(s);
    }
    return false;
}

static void tell(const search *s, const symlut_hooks *hooks, const char *what)
{
    char line[160];
    if (!hooks || !hooks->progress)
        return;
    snprintf(line, sizeof line, "formats: %s, %.0f LUT (estimate), %ld trials", what, s->cost,
             s->p->trials);
    hooks->progress(hooks->payload, line);
}

/* The rows that choose are to be met with less loss, after those held back lost too much. */
static void tighten(search *s)
{
    s->tightened += (1 - s->tightened) / 4;
    double part = s->o->tolerance * (1 - s->tightened);
    s->target = s->screen.float_value - part;
    s->check_target = s->check.float_value - part;
}

/* Sweeps until none finds a step, then random steps. */
static void descend(search *s, move_list *l, plan *best, rng *r, int effort,
                    const symlut_hooks *hooks)
{
    for (int tightened = 0; !s->failed && !stopped(hooks);) {
        plan_copy(s, best, false);
        if (sweep(s, l, hooks) == 0)
            break;
        tell(s, hooks, "descent");
        if (trial_agrees(s))
            continue;
        plan_copy(s, best, true);
        settle_all(s);
        if (++tightened > MOST_TIGHTENED)
            break;
        tighten(s);
    }
    for (int n = 0; n < effort && !s->failed && !stopped(hooks); n++) {
        kick(s, l, best, r);
        tell(s, hooks, "random steps");
    }
}

void search_descend(search *s, const symlut_hooks *hooks)
{
    move_list l = {0};
    plan best;
    rng r = rng_make(s->o->seed, 1);
    if (!plan_new(s, &best)) {
        s->failed = true;
        return;
    }
    descend(s, &l, &best, &r, s->o->effort, hooks);
    s->faithful = true; /* from the start it keeps tables from getting narrow */
    descend(s, &l, &best, &r, s->o->effort / 2, hooks);
    free(l.items);
}
