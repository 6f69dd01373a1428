/* How much logic a table is, counted in functions of six index bits: what one LUT holds. */
#include <stdlib.h>
#include <string.h>

#include "graph/graph.h"

enum { LEAF_BITS = 6 };

static const uint64_t single_bits[LEAF_BITS] = {0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc,
                                                0xf0f0f0f0f0f0f0f0, 0xff00ff00ff00ff00,
                                                0xffff0000ffff0000, 0xffffffff00000000};

/* Truth tables that start with 0, so that a function and its inverse are one. */
static uint64_t upright(uint64_t f, uint64_t mask)
{
    return (f & 1 ? ~f : f) & mask;
}

static bool is_trivial(uint64_t upright_leaf, uint64_t mask)
{
    bool trivial = upright_leaf == 0;
    for (int v = 0; v < LEAF_BITS; v++)
        trivial = trivial || upright_leaf == (single_bits[v] & mask);
    return trivial;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Truth table of word bit `bit`, 64 entries a block. */
static void read_column(uint64_t *column, const graph_table *t, int bit, size_t blocks)
{
    size_t entries = (size_t)1 << t->index_bits;
    memset(column, 0, blocks * sizeof *column);
    for (size_t i = 0; i < entries; i++)
        column[i >> LEAF_BITS] |= ((uint64_t)t->words[i] >> bit & 1) << (i & 63);
}

static uint32_t count_different(uint64_t *values, size_t count)
{
    uint32_t different = 0;
    qsort(values, count, sizeof *values, by_value);
    for (size_t i = 0; i < count; i++)
        different += i == 0 || values[i] != values[i - 1];
    return different;
}

bool graph_table_measure(graph_table *t)
{
    size_t blocks = t->index_bits > LEAF_BITS ? (size_t)1 << (t->index_bits - LEAF_BITS) : 1;
    int width = t->word.width;
    uint64_t mask =
        t->index_bits < LEAF_BITS ? ((uint64_t)1 << (1 << t->index_bits)) - 1 : UINT64_MAX;
    uint64_t *columns = malloc(2 * blocks * (size_t)width * sizeof *columns);
    if (!columns)
        return false;
    uint64_t *leaves = columns + blocks * (size_t)width;
    size_t kept = 0, leaf_count = 0;
    t->columns = 0;
    for (int bit = 0; bit < width; bit++) {
        uint64_t *column = columns + kept * blocks;
        read_column(column, t, bit, blocks);
        uint64_t invert = column[0] & 1 ? UINT64_MAX : 0;
        bool varies = false, seen = false;
        for (size_t i = 0; i < blocks; i++) {
            column[i] = (column[i] ^ invert) & mask;
            varies = varies || column[i] != column[0];
        }
        for (size_t k = 0; k < kept; k++)
            seen = seen || memcmp(columns + k * blocks, column, blocks * sizeof *column) == 0;
        if (seen)
            continue;
        kept++;
        t->columns += varies;
        for (size_t i = 0; i < blocks; i++) {
            uint64_t leaf = upright(column[i], mask);
            if (!is_trivial(leaf, mask))
                leaves[leaf_count++] = leaf;
        }
    }
    t->leaves = count_different(leaves, leaf_count);
    free(columns);
    return true;
}
