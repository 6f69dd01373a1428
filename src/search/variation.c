#include "search/variation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

static const char *const NAMES[VARY_COUNT] = {
    [MUTATE_CONSTANT] = "mutate_constant", [MUTATE_OPERATOR] = "mutate_operator",
    [MUTATE_FEATURE] = "mutate_feature",   [MUTATE_SWAP] = "swap_operands",
    [MUTATE_ROTATE] = "rotate_tree",       [MUTATE_ADD] = "add_node",
    [MUTATE_INSERT] = "insert_node",       [MUTATE_DELETE] = "delete_node",
    [MUTATE_SIMPLIFY] = "simplify",        [MUTATE_RANDOMIZE] = "randomize",
    [MUTATE_SUBTREE] = "replace_subtree",  [VARY_CROSS] = "crossover",
    [VARY_BACKSOLVE] = "backsolve",
};

static const double DECAY = 0.8;           /* of the counts, each epoch */
static const double PRIOR_BIRTHS = 200;    /* at the mean rate, so that few births say little */
static const double LEAST = 0.2, MOST = 5; /* of the first weight, before shares are formed */
static const double LARGEST_WEIGHT = 1e6;

variation variation_defaults(void)
{
    return (variation){
        .weights =
            {
                [MUTATE_CONSTANT] = 0.3,
                [MUTATE_OPERATOR] = 0.5,
                [MUTATE_FEATURE] = 0.4,
                [MUTATE_SWAP] = 0.2,
                [MUTATE_ROTATE] = 2,
                [MUTATE_ADD] = 2.5,
                [MUTATE_INSERT] = 1,
                [MUTATE_DELETE] = 1.2,
                [MUTATE_SIMPLIFY] = 0.01,
                [MUTATE_RANDOMIZE] = 0.02,
                [MUTATE_SUBTREE] = 0.5,
                [VARY_CROSS] = 2.15,
                [VARY_BACKSOLVE] = 0.11,
            },
    };
}

const char *variation_name(int way)
{
    return NAMES[way];
}

/* ---------------------------------------------------------------- reading */

static symlut_status unknown_name(const char *at, size_t length, symlut_error *err)
{
    const char *names[VARY_COUNT + 2];
    int count = 0;
    for (int i = 0; i < VARY_COUNT; i++)
        names[count++] = NAMES[i];
    names[count++] = "adapt";
    names[count++] = "fixed";
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%.*s", (int)(length < 63 ? length : 63), at);
    symlut_status status =
        error_set(err, SYMLUT_BAD_INPUT,
                  "mutation weights: unknown word '%s'; expected adapt, fixed, or weights such as "
                  "'add_node=3, crossover=0'",
                  wanted);
    error_nearest(err, wanted, names, (size_t)count);
    return status;
}

static symlut_status read_weight(variation *v, const char *at, size_t length, symlut_error *err)
{
    size_t name = strcspn(at, "= \t");
    name = name < length ? name : length;
    int way = 0;
    while (way < VARY_COUNT && (strlen(NAMES[way]) != name || memcmp(NAMES[way], at, name) != 0))
        way++;
    if (way == VARY_COUNT)
        return unknown_name(at, name, err);
    const char *p = at + name;
    p += strspn(p, " \t");
    char *end = NULL;
    double weight = *p == '=' ? strtod(p + 1, &end) : -1;
    if (!end || end != at + length || end == p + 1 || !(weight >= 0 && weight <= LARGEST_WEIGHT))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "mutation weights: expected a weight from 0 to 1e6 for '%s' at '%.40s', "
                         "as in 'add_node=3, crossover=0'",
                         NAMES[way], at);
    v->weights[way] = weight;
    return SYMLUT_OK;
}

symlut_status variation_parse(variation *v, const char *list, symlut_error *err)
{
    *v = variation_defaults();
    for (const char *p = list + strspn(list, ", \t\n"); *p; p += strspn(p, ", \t\n")) {
        size_t length = strcspn(p, ",\n");
        while (length > 0 && strchr(" \t", p[length - 1]))
            length--;
        symlut_status status = SYMLUT_OK;
        bool adapt = length == 5 && !memcmp(p, "adapt", 5);
        if (adapt || (length == 5 && !memcmp(p, "fixed", 5)))
            v->adapts = adapt;
        else
            status = read_weight(v, p, length, err);
        if (status != SYMLUT_OK)
            return status;
        p += length;
    }
    double total = 0;
    for (int i = 0; i < MUTATE_COUNT; i++)
        total += v->weights[i];
    if (!(total > 0))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "mutation weights: every mutation has weight 0; at least one beside "
                         "crossover and backsolve must be drawn");
    return SYMLUT_OK;
}

/* ---------------------------------------------------------------- shares */

static double total_of(const double *x, int count)
{
    double total = 0;
    for (int i = 0; i < count; i++)
        total += x[i];
    return total;
}

void variation_shares(double shares[VARY_COUNT], const variation *v, const variation_counts *past)
{
    double births = total_of(past->births, VARY_COUNT);
    double mean = births > 0 ? total_of(past->successes, VARY_COUNT) / births : 0;
    for (int i = 0; i < VARY_COUNT; i++) {
        double factor = 1;
        if (v->adapts && mean > 0)
            factor = (past->successes[i] + PRIOR_BIRTHS * mean) /
                     ((past->births[i] + PRIOR_BIRTHS) * mean);
        shares[i] = v->weights[i] * fmin(fmax(factor, LEAST), MOST);
    }
    double total = total_of(shares, VARY_COUNT);
    for (int i = 0; i < VARY_COUNT; i++)
        shares[i] /= total;
}

void variation_add(variation_counts *sum, const variation_counts *of)
{
    for (int i = 0; i < VARY_COUNT; i++) {
        sum->births[i] += of->births[i];
        sum->successes[i] += of->successes[i];
    }
}

void variation_remember(variation_counts *past, const variation_counts *now)
{
    for (int i = 0; i < VARY_COUNT; i++) {
        past->births[i] = past->births[i] * DECAY + now->births[i];
        past->successes[i] = past->successes[i] * DECAY + now->successes[i];
    }
}

/* One of the first `count` ways. */
static int draw(const double *shares, int count, rng *r)
{
    double x = rng_unit(r) * total_of(shares, count);
    int last = 0;
    for (int i = 0; i < count; i++) {
        if (shares[i] > 0)
            last = i;
        x -= shares[i];
        if (x < 0)
            return i;
    }
    return last;
}

int variation_draw(const double shares[VARY_COUNT], rng *r)
{
    return draw(shares, VARY_COUNT, r);
}

mutation variation_draw_mutation(const double shares[VARY_COUNT], rng *r)
{
    return (mutation)draw(shares, MUTATE_COUNT, r);
}
