#include "search/laws.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool vocabulary_has(const vocabulary *v, expr_op op)
{
    for (int i = 0; i < v->binary_count; i++)
        if (v->binary[i] == op)
            return true;
    for (int i = 0; i < v->unary_count; i++)
        if (v->unary[i] == op)
            return true;
    return false;
}

/* ---------------------------------------------------------------- writing */

static void put_node(law_writer *w, expr_node node)
{
    if (w->count == TREE_MAX)
        w->full = true;
    else
        w->nodes[w->count++] = node;
}

void law_put(law_writer *w, expr_op op)
{
    put_node(w, (expr_node){.op = (uint8_t)op});
}

void law_put_constant(law_writer *w, double value)
{
    put_node(w, (expr_node){.op = EXPR_CONST, .value = value});
}

void law_put_input(law_writer *w, int input)
{
    put_node(w, (expr_node){.op = EXPR_VAR, .feature = (uint16_t)input});
}

void law_put_nodes(law_writer *w, const expr_node *nodes, int count)
{
    for (int i = 0; i < count; i++)
        put_node(w, nodes[i]);
}

/* factor^power for a whole power of at least 1. */
static bool put_power(law_writer *w, const vocabulary *v, const law_factor *f, int power)
{
    if (power == 1) {
        law_put_nodes(w, f->nodes, f->count);
        return true;
    }
    bool square = vocabulary_has(v, EXPR_SQUARE);
    if (power == 3 && vocabulary_has(v, EXPR_CUBE)) {
        law_put_nodes(w, f->nodes, f->count);
        law_put(w, EXPR_CUBE);
        return true;
    }
    if (power % 2 == 0 && square) {
        bool ok = put_power(w, v, f, power / 2);
        law_put(w, EXPR_SQUARE);
        return ok;
    }
    if (!vocabulary_has(v, EXPR_MUL) || power > 12)
        return false;
    bool ok = put_power(w, v, f, power - 1);
    law_put_nodes(w, f->nodes, f->count);
    law_put(w, EXPR_MUL);
    return ok;
}

typedef struct power_list {
    law_factor items[LAW_INPUTS + 8]; /* whole powers of at least 1 */
    int count;
} power_list;

static void add_power(power_list *l, law_factor f, int power)
{
    f.power = power;
    l->items[l->count++] = f;
}

/* Every factor of the list, the first beside `begun` values that wait already. */
static bool put_chain(law_writer *w, const vocabulary *v, const power_list *l, bool begun)
{
    for (int i = 0; i < l->count; i++) {
        if (!put_power(w, v, &l->items[i], l->items[i].power))
            return false;
        if (begun || i > 0) {
            if (!vocabulary_has(v, EXPR_MUL))
                return false;
            law_put(w, EXPR_MUL);
        }
    }
    return true;
}

/* constant * over / under, the constant (when `scaled`) leading. */
static bool put_ratio(law_writer *w, const vocabulary *v, const power_list *over,
                      const power_list *under, bool scaled, double constant)
{
    bool begun = scaled || over->count == 0;
    if (begun)
        law_put_constant(w, scaled ? constant : 1);
    if (!put_chain(w, v, over, begun) || !put_chain(w, v, under, false))
        return false;
    if (under->count > 0) {
        if (!vocabulary_has(v, EXPR_DIV))
            return false;
        law_put(w, EXPR_DIV);
    }
    return true;
}

/* constant * over / under times the root of another ratio. */
static bool put_parts(law_writer *w, const vocabulary *v, const power_list *over,
                      const power_list *under, const power_list *root_over,
                      const power_list *root_under, double constant)
{
    bool roots = root_over->count + root_under->count > 0;
    bool outer = over->count + under->count > 0, scaled = constant != 1;
    if (!roots)
        return put_ratio(w, v, over, under, scaled, constant);
    if (!vocabulary_has(v, EXPR_SQRT) || !put_ratio(w, v, root_over, root_under, false, 1))
        return false;
    law_put(w, EXPR_SQRT);
    bool divide = outer && over->count == 0 && !scaled;
    if (divide ? !put_chain(w, v, under, false)
               : (outer || scaled) && !put_ratio(w, v, over, under, scaled, constant))
        return false;
    if (outer || scaled)
        law_put(w, divide ? EXPR_DIV : EXPR_MUL);
    return vocabulary_has(v, divide ? EXPR_DIV : EXPR_MUL) || !(outer || scaled);
}

bool law_put_product(law_writer *w, const vocabulary *v, const law_factor *factors, int count,
                     double constant)
{
    power_list lists[4] = {{.count = 0}}; /* over, under, root over, root under */
    bool squares = vocabulary_has(v, EXPR_SQUARE) && vocabulary_has(v, EXPR_MUL);
    int used = 0;
    for (int i = 0; i < count; i++) {
        used += factors[i].power != 0;
        squares = squares && factors[i].power % (2 * LAW_POWER) == 0;
    }
    squares = squares && used > 1; /* the square of a product is shorter */
    int step = squares ? 2 * LAW_POWER : LAW_POWER;
    for (int i = 0; i < count; i++) {
        int power = factors[i].power, side = power < 0;
        if (abs(power) / step > 0)
            add_power(&lists[side], factors[i], abs(power) / step);
        if (abs(power) % step > 0)
            add_power(&lists[2 + side], factors[i], 1);
    }
    if (!squares)
        return put_parts(w, v, &lists[0], &lists[1], &lists[2], &lists[3], constant);
    if (constant != 1)
        law_put_constant(w, constant);
    if (!put_ratio(w, v, &lists[0], &lists[1], false, 1))
        return false;
    law_put(w, EXPR_SQUARE);
    if (constant != 1)
        law_put(w, EXPR_MUL);
    return true;
}

/* ---------------------------------------------------------------- choosing */

static double rank_of(const law *l)
{
    return log(l->error + 1e-11) + 0.02 * l->count;
}

void laws_offer(laws *l, const vocabulary *v, int max_size, const law_writer *w, double error)
{
    static const law none;
    law made = none;
    if (w->full || !isfinite(error))
        return;
    memcpy(made.nodes, w->nodes, (size_t)w->count * sizeof *w->nodes);
    expr e = {made.nodes, w->count};
    tree_measure(&e);
    expr_simplify(&e);
    tree_measure(&e);
    if (e.count > max_size || !rules_allow(&v->limits, e))
        return;
    made.count = e.count;
    made.error = error;
    int at = l->count;
    for (int i = 0; i < l->count; i++)
        if (expr_equal(e, (expr){l->items[i].nodes, l->items[i].count}))
            return;
    if (l->count < LAWS_MAX)
        l->count++;
    else if (!(rank_of(&made) < rank_of(&l->items[--at])))
        return;
    for (; at > 0 && rank_of(&made) < rank_of(&l->items[at - 1]); at--)
        l->items[at] = l->items[at - 1];
    l->items[at] = made;
}

double law_error(workspace *w, const problem *p, expr e)
{
    size_t rows = p->rows < CHECK_ROWS ? p->rows : CHECK_ROWS;
    window some = {0, (rows + EVAL_LANES - 1) / EVAL_LANES * EVAL_LANES};
    score result;
    tree_measure(&e);
    if (!fitness(&result, w, p, e, some, e.count, (double)INFINITY))
        return (double)INFINITY;
    return result.loss / p->baseline;
}
