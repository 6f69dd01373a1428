/* Mutations and crossover: whatever is done to an expression, it stays one whole expression within
 * its limits and its vocabulary. */
#include "search/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { CAPACITY = 25, FEATURES = 3 };

static const vocabulary WORDS = {.unary = {EXPR_SIN, EXPR_EXP},
                                 .binary = {EXPR_ADD, EXPR_SUB, EXPR_MUL, EXPR_DIV},
                                 .unary_count = 2,
                                 .binary_count = 4,
                                 .features = FEATURES,
                                 .constant_share = 0.4};

static bool known(expr_op op)
{
    switch (op) {
    case EXPR_CONST:
    case EXPR_VAR:
    case EXPR_SIN:
    case EXPR_EXP:
    case EXPR_ADD:
    case EXPR_SUB:
    case EXPR_MUL:
    case EXPR_DIV:
        return true;
    default:
        return false;
    }
}

static void check(expr e, int capacity)
{
    assert_in_range(e.count, 1, capacity);
    expr_node nodes[CAPACITY];
    memcpy(nodes, e.nodes, (size_t)e.count * sizeof *nodes);
    expr whole = {nodes, e.count};
    assert_true(expr_finish(&whole)); /* the parser's own checker */
    for (int i = 0; i < e.count; i++) {
        assert_int_equal(nodes[i].length, e.nodes[i].length);
        assert_int_equal(nodes[i].arity, e.nodes[i].arity);
        assert_true(known((expr_op)nodes[i].op));
        if (nodes[i].op == EXPR_VAR)
            assert_in_range(nodes[i].feature, 0, FEATURES - 1);
    }
}

static void test_mutations_keep_expressions_whole(void **state)
{
    (void)state;
    int done[MUTATE_COUNT] = {0};
    rng r = rng_make(1, 1);
    for (int trial = 0; trial < 20000; trial++) {
        expr_node a[CAPACITY], b[CAPACITY], c[CAPACITY];
        expr e = {a, 0}, f = {b, 0}, child = {c, 0};
        tree_random(&e, 1 + (int)rng_below(&r, CAPACITY), CAPACITY, &WORDS, &r);
        tree_random(&f, 1 + (int)rng_below(&r, CAPACITY), CAPACITY, &WORDS, &r);
        check(e, CAPACITY);
        mutation kind = (mutation)rng_below(&r, MUTATE_COUNT);
        if (tree_mutate(&child, CAPACITY, e, kind, rng_unit(&r), &WORDS, &r)) {
            check(child, CAPACITY);
            done[kind]++;
        }
        if (tree_cross(&child, CAPACITY, e, f, &r))
            check(child, CAPACITY);
    }
    for (int kind = 0; kind < MUTATE_COUNT; kind++)
        assert_true(done[kind] > 0);
}

/* Swapping operands and rotating only move nodes. */
static void test_moves_keep_nodes(void **state)
{
    (void)state;
    rng r = rng_make(2, 1);
    for (int trial = 0; trial < 3000; trial++) {
        expr_node a[CAPACITY], c[CAPACITY];
        expr e = {a, 0}, child = {c, 0};
        tree_random(&e, CAPACITY, CAPACITY, &WORDS, &r);
        mutation kind = rng_below(&r, 2) ? MUTATE_SWAP : MUTATE_ROTATE;
        if (!tree_mutate(&child, CAPACITY, e, kind, 1, &WORDS, &r))
            continue;
        int counts[EXPR_OP_COUNT] = {0};
        assert_int_equal(child.count, e.count);
        for (int i = 0; i < e.count; i++) {
            counts[e.nodes[i].op]++;
            counts[child.nodes[i].op]--;
        }
        for (int op = 0; op < EXPR_OP_COUNT; op++)
            assert_int_equal(counts[op], 0);
    }
}

static void test_hash_tells_trees_apart(void **state)
{
    (void)state;
    expr_node a[] = {
        {.op = EXPR_VAR, .feature = 0}, {.op = EXPR_CONST, .value = 2}, {.op = EXPR_MUL}};
    expr_node b[] = {
        {.op = EXPR_VAR, .feature = 1}, {.op = EXPR_CONST, .value = 2}, {.op = EXPR_MUL}};
    expr_node c[] = {
        {.op = EXPR_VAR, .feature = 0}, {.op = EXPR_CONST, .value = 3}, {.op = EXPR_MUL}};
    assert_int_not_equal(tree_hash((expr){a, 3}), tree_hash((expr){b, 3}));
    assert_int_not_equal(tree_hash((expr){a, 3}), tree_hash((expr){c, 3}));
    c[1].value = 2;
    assert_true(tree_hash((expr){a, 3}) == tree_hash((expr){c, 3}));
    expr_node swapped[] = {a[1], a[0], a[2]}, other[] = {a[1], a[0], {.op = EXPR_DIV}},
              divided[] = {a[0], a[1], {.op = EXPR_DIV}};
    assert_true(tree_hash((expr){a, 3}) == tree_hash((expr){swapped, 3}));
    assert_int_not_equal(tree_hash((expr){divided, 3}), tree_hash((expr){other, 3}));
    /* (x0*2)/x1 and x0*(2/x1) hold the same nodes */
    expr_node left[] = {a[0], a[1], a[2], b[0], divided[2]},
              right[] = {a[0], a[1], b[0], divided[2], a[2]};
    assert_int_not_equal(tree_hash((expr){left, 5}), tree_hash((expr){right, 5}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mutations_keep_expressions_whole),
        cmocka_unit_test(test_moves_keep_nodes),
        cmocka_unit_test(test_hash_tells_trees_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
