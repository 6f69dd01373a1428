#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gmp.h>

#include "base/rng.h"
#include "lower/exact_sum.h"

enum {
    INPUTS = 3,
    FRAC = 14,
    WIDTH = 20,
    CASES = 300,
    ROWS = 40,
    MOST_FACTORS = 9,
    MOST_TERMS = 4
};

/* A random sum of products of the inputs: term[t][f] is an input's number. */
typedef struct polynomial {
    int terms, factors[MOST_TERMS], input[MOST_TERMS][MOST_FACTORS];
    bool minus[MOST_TERMS];
} polynomial;

static polynomial random_polynomial(rng *r)
{
    polynomial p = {.terms = 1 + (int)rng_below(r, MOST_TERMS)};
    for (int t = 0; t < p.terms; t++) {
        p.minus[t] = rng_below(r, 2);
        p.factors[t] = 1 + (int)rng_below(r, MOST_FACTORS);
        for (int f = 0; f < p.factors[t]; f++)
            p.input[t][f] = (int)rng_below(r, INPUTS);
    }
    return p;
}

static exact_sum build(graph *g, arena *memory, const polynomial *p, const graph_ref *in)
{
    exact_sum sum = exact_node(memory, graph_add_exact_const(g, 0, 0));
    for (int t = 0; t < p->terms; t++) {
        exact_sum product = exact_node(memory, in[p->input[t][0]]);
        for (int f = 1; f < p->factors[t]; f++)
            product = exact_multiply(g, memory, product, exact_node(memory, in[p->input[t][f]]));
        sum = exact_add(g, memory, sum, product, p->minus[t]);
    }
    return sum;
}

/* The value times 2^(FRAC * MOST_FACTORS), exactly. */
static void evaluate(mpz_t value, const polynomial *p, const int64_t *in)
{
    mpz_t term;
    mpz_init(term);
    mpz_set_si(value, 0);
    for (int t = 0; t < p->terms; t++) {
        mpz_set_si(term, 1);
        for (int f = 0; f < p->factors[t]; f++)
            mpz_mul_si(term, term, in[p->input[t][f]]);
        mpz_mul_2exp(term, term, (mp_bitcnt_t)(FRAC * (MOST_FACTORS - p->factors[t])));
        (p->minus[t] ? mpz_sub : mpz_add)(value, value, term);
    }
    mpz_clear(term);
}

static int64_t expected(mpz_t value, format to, rounding r, overflow o)
{
    int shift = FRAC * MOST_FACTORS - to.frac;
    mpz_t half;
    mpz_init_set_si(half, r == ROUND_RND ? 1 : 0);
    mpz_mul_2exp(half, half, (mp_bitcnt_t)(shift - 1));
    mpz_add(value, value, half);
    mpz_fdiv_q_2exp(value, value, (mp_bitcnt_t)shift);
    mpz_clear(half);
    int64_t most = format_max(to), least = format_min(to);
    if (o == OVERFLOW_SAT && mpz_cmp_si(value, most) > 0)
        return most;
    if (o == OVERFLOW_SAT && mpz_cmp_si(value, least) < 0)
        return least;
    mpz_fdiv_r_2exp(value, value, to.width);
    int64_t bits = mpz_get_si(value);
    return bits > most ? bits - ((int64_t)1 << to.width) : bits;
}

static void compare(const graph *g, const polynomial *p, rng *r, format to, rounding rounds,
                    overflow o)
{
    int64_t in[INPUTS], out, *scratch = calloc(graph_scratch_size(g), sizeof *scratch);
    mpz_t value;
    assert_non_null(scratch);
    mpz_init(value);
    for (int row = 0; row < ROWS; row++) {
        for (int k = 0; k < INPUTS; k++)
            in[k] = (int64_t)rng_below(r, (uint32_t)1 << WIDTH) - (1 << (WIDTH - 1));
        if (row < INPUTS)
            in[row] = -(1 << (WIDTH - 1));
        graph_eval(g, 1, in, &out, scratch);
        evaluate(value, p, in);
        int64_t want = expected(value, to, rounds, o);
        if (out != want)
            fail_msg("%d terms: %lld, exactly %lld", p->terms, (long long)out, (long long)want);
    }
    mpz_clear(value);
    free(scratch);
}

/* False where the graph could not be built, which only saturation of a wide sum may cause. */
static bool run_case(rng *r, rounding rounds, overflow o)
{
    format input = {true, WIDTH, FRAC}, to = {true, 16, 10};
    graph *g = graph_new();
    arena memory = {0};
    graph_ref in[INPUTS];
    assert_non_null(g);
    for (int k = 0; k < INPUTS; k++) {
        char name[8];
        snprintf(name, sizeof name, "x%d", k);
        in[k] = graph_add_input(g, name, input);
    }
    polynomial p = random_polynomial(r);
    graph_ref result = exact_cast(g, &memory, build(g, &memory, &p, in), to, rounds, o);
    bool made = result != GRAPH_NONE;
    if (made) {
        graph_add_output(g, "y", result);
        symlut_error err = {0};
        assert_int_equal(graph_check(g, &err), SYMLUT_OK);
        compare(g, &p, r, to, rounds, o);
    }
    graph_free(g);
    arena_free(&memory);
    return made;
}

static void test_random_polynomials_are_exact(void **state)
{
    (void)state;
    rng r = rng_make(3, 0);
    int made = 0;
    for (int i = 0; i < CASES; i++) {
        assert_true(run_case(&r, ROUND_TRN, OVERFLOW_WRAP));
        assert_true(run_case(&r, ROUND_RND, OVERFLOW_WRAP));
        made += run_case(&r, ROUND_TRN, OVERFLOW_SAT);
    }
    assert_true(made > CASES / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_polynomials_are_exact)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
