/* Miters settled on paper: both cones as sums over the same terms.
 *
 * Every node is a sum of constants times atoms: the leaves, and nodes that are no sums, taken as
 * one where they do the same to the same. A cast that only wraps keeps its operand modulo a power
 * of two, and is fixed by that residue; so a sum that wraps at each step is known by the residue of
 * the whole, whatever the order of its steps. Equal sums of equal atoms are equal for all values.
 */
#include "tool/miter.h"

#include "graph/datapath.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NODES = 1500, EXACT = INT_MAX };

/* Coefficients of the atoms' integers in units of 2^-frac; entry m->count is the constant. */
typedef struct forms {
    const miter *o;
    size_t size; /* m->count + 1 */
    int frac;
    int64_t *exact;    /* [m->count][size] */
    uint64_t *residue; /* [m->count][size], modulo 2^(whole + frac) */
    int *whole;        /* [m->count] bits before the point that the residue keeps; EXACT: all */
    int32_t *leaf;     /* [m->count] the number of a leaf's input, else -1 */
} forms;

static int64_t *exact_of(const forms *w, graph_ref k)
{
    return w->exact + k * w->size;
}

static uint64_t *residue_of(const forms *w, graph_ref k)
{
    return w->residue + k * w->size;
}

static bool same_form(const forms *w, graph_ref x, graph_ref y)
{
    return memcmp(exact_of(w, x), exact_of(w, y), w->size * sizeof *w->exact) == 0;
}

/* Is what is known of y modulo its power of two 2^shift times what is known of x? shift ≥ 0 */
static bool same_residue(const forms *w, graph_ref x, graph_ref y, int shift)
{
    int bits = w->whole[y] + w->frac;
    uint64_t mask = bits >= 64 ? UINT64_MAX : bits <= 0 ? 0 : ((uint64_t)1 << bits) - 1;
    for (size_t i = 0; shift < 64 && i < w->size; i++) {
        if ((residue_of(w, x)[i] << shift ^ residue_of(w, y)[i]) & mask)
            return false;
    }
    return shift < 64;
}

/* to += factor * 2^shift * from; false: a coefficient leaves 64 bits. The residue wraps instead. */
static bool add(forms *w, graph_ref to, graph_ref from, int64_t factor, int shift)
{
    bool fits = shift > -63 && shift < 63;
    for (size_t i = 0; i < w->size; i++) {
        uint64_t r = residue_of(w, from)[i] * (uint64_t)factor;
        residue_of(w, to)[i] += shift >= 64    ? 0
                                : shift >= 0   ? r << shift
                                : shift <= -64 ? 0
                                               : (uint64_t)((int64_t)r >> -shift);
        int64_t x = exact_of(w, from)[i], y = 0;
        if (x == 0 || !fits)
            continue;
        fits = !__builtin_mul_overflow(x, factor, &y);
        if (shift >= 0)
            fits = fits && !__builtin_mul_overflow(y, (int64_t)1 << shift, &y);
        else
            fits = fits && (y & (((int64_t)1 << -shift) - 1)) == 0;
        y = shift < 0 ? y >> -shift : y;
        fits = fits && !__builtin_add_overflow(exact_of(w, to)[i], y, &exact_of(w, to)[i]);
    }
    return fits;
}

/* Which node of the miter does what n does: itself, or an earlier one. */
static graph_ref atom(const forms *w, graph_ref k)
{
    const graph *m = w->o->m;
    const graph_node *n = &m->nodes[k];
    int arity = graph_arity((graph_op)n->op);
    for (graph_ref j = 0; j < k && n->op != GRAPH_INPUT; j++) {
        const graph_node *x = &m->nodes[j];
        bool same = x->op == n->op && (x->aux == n->aux || n->op == GRAPH_TABLE);
        if (n->op == GRAPH_CAST)
            same = same && x->rounding == n->rounding && x->overflow == n->overflow &&
                   format_equal(x->fmt, n->fmt);
        if (same && (n->op == GRAPH_TABLE || n->op == GRAPH_CONCAT))
            same = format_equal(m->nodes[x->arg[0]].fmt, m->nodes[n->arg[0]].fmt) &&
                   (n->op == GRAPH_TABLE || x->fmt.frac == n->fmt.frac);
        for (int i = 0; same && i < arity; i++)
            same = same_form(w, x->arg[i], n->arg[i]) &&
                   (n->op != GRAPH_COUNT ||
                    format_equal(m->nodes[x->arg[i]].fmt, m->nodes[n->arg[i]].fmt));
        if (same && n->op == GRAPH_TABLE) {
            const graph_table *s = &m->tables[x->aux], *t = &m->tables[n->aux];
            same = s->index_bits == t->index_bits && s->word.frac == t->word.frac &&
                   memcmp(s->words, t->words, sizeof *s->words << s->index_bits) == 0;
        }
        if (same)
            return j;
    }
    return k;
}

/* Node k is 2^shift times the atom; false: its coefficient is none. */
static bool become_atom(forms *w, graph_ref k, graph_ref same_as, int shift)
{
    int up = w->frac - w->o->m->nodes[same_as].fmt.frac + shift;
    if (up < 0 || up > 62)
        return false;
    memset(exact_of(w, k), 0, w->size * sizeof *w->exact);
    exact_of(w, k)[same_as] = (int64_t)1 << up;
    return true;
}

static bool only_wraps(const forms *w, graph_ref k)
{
    const graph_node *n = &w->o->m->nodes[k];
    return n->op == GRAPH_CAST && n->overflow == OVERFLOW_WRAP &&
           n->fmt.frac >= w->o->m->nodes[n->arg[0]].fmt.frac &&
           n->fmt.width - n->fmt.frac == w->whole[k];
}

/* A wrapped value is fixed by its residue: the first node that has it, up to a power of two. */
static void become_wrapped(forms *w, graph_ref k)
{
    const graph *m = w->o->m;
    for (graph_ref j = 0; j < k; j++) {
        int shift = w->whole[k] - w->whole[j];
        if (only_wraps(w, j) && m->nodes[j].fmt.is_signed == m->nodes[k].fmt.is_signed &&
            exact_of(w, j)[j] != 0 &&
            (shift >= 0 ? same_residue(w, j, k, shift) : same_residue(w, k, j, -shift)) &&
            become_atom(w, k, j, shift))
            return;
    }
    become_atom(w, k, k, 0);
}

/* The range of an atom's integer; false: not known without its cone. */
static bool atom_range(const forms *w, graph_ref k, int64_t *lo, int64_t *hi)
{
    const graph_node *n = &w->o->m->nodes[k];
    int32_t leaf = w->leaf[k];
    if (leaf < 0 && n->op != GRAPH_CAST && n->op != GRAPH_TABLE)
        return false;
    *lo = leaf < 0 ? format_min(n->fmt) : w->o->lo[leaf];
    *hi = leaf < 0 ? format_max(n->fmt) : w->o->hi[leaf];
    return true;
}

/* Does the format hold every value that node k's sum takes? */
static bool always_fits(const forms *w, graph_ref k, format f)
{
    size_t constant = w->o->m->count;
    int64_t least_sum = exact_of(w, k)[constant], most_sum = least_sum;
    bool fits = f.width + w->frac - f.frac <= 62;
    for (graph_ref j = 0; fits && j < constant; j++) {
        int64_t c = exact_of(w, k)[j], lo, hi;
        if (c == 0)
            continue;
        fits = atom_range(w, j, &lo, &hi) && !__builtin_mul_overflow(c, lo, &lo) &&
               !__builtin_mul_overflow(c, hi, &hi) &&
               !__builtin_add_overflow(least_sum, c < 0 ? hi : lo, &least_sum) &&
               !__builtin_add_overflow(most_sum, c < 0 ? lo : hi, &most_sum);
    }
    int up = w->frac - f.frac;
    return fits && up >= 0 && least_sum >= format_min(f) * ((int64_t)1 << up) &&
           most_sum <= format_max(f) * ((int64_t)1 << up);
}

static int least(int x, int y)
{
    return x < y ? x : y;
}

static void cast_form(forms *w, graph_ref k)
{
    const graph_node *n = &w->o->m->nodes[k];
    graph_ref from = n->arg[0];
    int whole = n->fmt.width - n->fmt.frac;
    if (n->fmt.frac >= w->o->m->nodes[from].fmt.frac && n->overflow != OVERFLOW_SAT_SYM &&
        always_fits(w, from, n->fmt)) {
        memcpy(exact_of(w, k), exact_of(w, from), w->size * sizeof *w->exact);
        memcpy(residue_of(w, k), residue_of(w, from), w->size * sizeof *w->residue);
        w->whole[k] = w->whole[from];
        return;
    }
    if (n->overflow != OVERFLOW_WRAP || n->fmt.frac < w->o->m->nodes[from].fmt.frac ||
        w->whole[from] < whole) {
        become_atom(w, k, atom(w, k), 0);
        memcpy(residue_of(w, k), exact_of(w, k), w->size * sizeof *w->exact);
        return;
    }
    memcpy(residue_of(w, k), residue_of(w, from), w->size * sizeof *w->residue);
    w->whole[k] = whole;
    become_wrapped(w, k);
}

/* The node of the same count with another digit; GRAPH_NONE: there is none. */
static graph_ref other_digit(const graph *m, const graph_node *n, int digit)
{
    for (graph_ref j = 0; j < m->count; j++) {
        const graph_node *x = &m->nodes[j];
        if (x->op == GRAPH_COUNT && x->aux == digit && memcmp(x->arg, n->arg, sizeof x->arg) == 0)
            return j;
    }
    return GRAPH_NONE;
}

/* The three digits of a count sum to its operands, each signed one and half its format's range: the
 * lowest is that less the others, which are atoms. */
static bool lowest_digit(forms *w, graph_ref k)
{
    const graph *m = w->o->m;
    const graph_node *n = &m->nodes[k];
    int64_t *own = exact_of(w, k);
    count_path p;
    bool sums = n->aux == 0 && count_path_of(&p, m, n);
    for (int digit = 1; sums && digit < COUNT_DIGITS; digit++) {
        graph_ref j = other_digit(m, n, digit);
        int up = j == GRAPH_NONE ? 0 : w->frac - m->nodes[j].fmt.frac;
        sums = (j != GRAPH_NONE && up >= 0 && up <= 62) || !count_columns(&p, digit, false);
        if (sums && j != GRAPH_NONE)
            own[j] -= (int64_t)1 << up;
    }
    for (int i = 0; sums && i < GRAPH_ARGS; i++) {
        format f = m->nodes[n->arg[i]].fmt;
        if (f.is_signed)
            own[m->count] += (int64_t)1 << (f.width - 1 + w->frac - f.frac);
    }
    memcpy(residue_of(w, k), own, w->size * sizeof *own);
    for (int i = 0; sums && i < GRAPH_ARGS; i++) {
        w->whole[k] = least(w->whole[k], w->whole[n->arg[i]]);
        sums = add(w, k, n->arg[i], 1, 0);
    }
    return sums;
}

/* The sum of a node that is one; false: it is an atom. */
static bool sum_form(forms *w, graph_ref k)
{
    const graph *m = w->o->m;
    const graph_node *n = &m->nodes[k];
    graph_ref a = n->arg[0], b = n->arg[1];
    switch ((graph_op)n->op) {
    case GRAPH_CONST:
        exact_of(w, k)[m->count] = n->aux << (w->frac - n->fmt.frac);
        memcpy(residue_of(w, k), exact_of(w, k), w->size * sizeof *w->exact);
        return true;
    case GRAPH_ADD:
    case GRAPH_SUB:
        w->whole[k] = least(w->whole[a], w->whole[b]);
        return add(w, k, a, 1, 0) & add(w, k, b, n->op == GRAPH_ADD ? 1 : -1, 0);
    case GRAPH_NEG:
        w->whole[k] = w->whole[a];
        return add(w, k, a, -1, 0);
    case GRAPH_NOT:
        w->whole[k] = w->whole[a];
        exact_of(w, k)[m->count] = -((int64_t)1 << (w->frac - n->fmt.frac));
        memcpy(residue_of(w, k), exact_of(w, k), w->size * sizeof *w->exact);
        return add(w, k, a, -1, 0);
    case GRAPH_SHIFT:
        w->whole[k] = w->whole[a] == EXACT ? EXACT : w->whole[a] + (int)n->aux;
        return add(w, k, a, 1, (int)n->aux);
    case GRAPH_MUL:
        if (m->nodes[b].op == GRAPH_CONST && m->nodes[a].op != GRAPH_CONST) {
            a = n->arg[1];
            b = n->arg[0];
        }
        if (m->nodes[a].op != GRAPH_CONST || m->nodes[a].fmt.frac < 0)
            return false;
        w->whole[k] = w->whole[b] == EXACT ? EXACT : w->whole[b] - m->nodes[a].fmt.frac;
        return add(w, k, b, m->nodes[a].aux, -m->nodes[a].fmt.frac);
    case GRAPH_COUNT:
        return lowest_digit(w, k);
    default:
        return false;
    }
}

static void form_of(forms *w, graph_ref k)
{
    const graph_node *n = &w->o->m->nodes[k];
    bool is_leaf = w->leaf[k] >= 0;
    w->whole[k] = EXACT;
    if (!is_leaf && n->op == GRAPH_CAST) {
        cast_form(w, k);
    } else if (is_leaf || !sum_form(w, k)) {
        become_atom(w, k, is_leaf ? k : atom(w, k), 0);
        memcpy(residue_of(w, k), exact_of(w, k), w->size * sizeof *w->exact);
        w->whole[k] = EXACT;
    }
}

bool miter_same_sums(const miter *o)
{
    const graph *m = o->m;
    forms w = {.o = o, .size = m->count + (size_t)1};
    for (graph_ref k = 0; k < m->count; k++)
        w.frac = m->nodes[k].fmt.frac > w.frac ? m->nodes[k].fmt.frac : w.frac;
    for (graph_ref k = 0; k < m->count; k++) {
        if (m->nodes[k].fmt.width + w.frac - m->nodes[k].fmt.frac > 62)
            return false;
    }
    if (m->count > MOST_NODES)
        return false;
    w.exact = calloc(m->count * w.size + 1, sizeof *w.exact);
    w.residue = calloc(m->count * w.size + 1, sizeof *w.residue);
    w.whole = calloc(w.size, sizeof *w.whole);
    w.leaf = malloc(w.size * sizeof *w.leaf);
    bool same = w.exact && w.residue && w.whole && w.leaf;
    if (same)
        memset(w.leaf, 0xff, w.size * sizeof *w.leaf);
    for (uint32_t i = 0; same && i < o->leaves; i++)
        w.leaf[o->input[i]] = (int32_t)i;
    for (graph_ref k = 0; same && k < m->count; k++)
        form_of(&w, k);
    same = same && same_form(&w, o->a, o->b);
    free(w.exact);
    free(w.residue);
    free(w.whole);
    free(w.leaf);
    return same;
}
