/* Laws that are sums of a few products, under an outer function or over a denominator. */
#ifndef SEARCH_SUMS_H
#define SEARCH_SUMS_H

#include "search/atoms.h"

enum { TERMS_MAX = 3072, TERM_INPUTS = 12, TERM_NODES = 6 };

/* Product of whole powers of inputs and of one function of inputs. */
typedef struct term {
    int8_t power[TERM_INPUTS];
    uint8_t function_count; /* 0: none */
    expr_node function[TERM_NODES];
} term;

typedef struct terms {
    int count, simple; /* the first `simple` have no function */
    term *items;       /* [count] */
    float *values;     /* [count][SAMPLE_ROWS] */
} terms;

/* Terms over the inputs of a->p by rising size. left_out: [features], inputs where it is not 0 stay
 * out; NULL: none. False: out of memory. */
bool terms_build(terms *t, const atoms *a, const vocabulary *v, const int8_t *left_out,
                 pool *threads, workspace *workspaces);
void terms_free(terms *t);

/* Number of tasks that sums_find may be asked for. */
int sums_tasks(const atoms *a);
/* One task: T = sum of at most four terms by weighted least squares, where T is y, 1/y, y^2, 1/y^2
 * or log y, or y times an atom or its root; or y = sum a_k g_k + y * sum b_k h_k, which is a
 * rational function. With a product of inputs the one task is T = y times that product. False: out
 * of memory. */
bool sums_find(laws *out, int task, const atom *product, const terms *t, const atoms *a,
               const vocabulary *v, int max_size, workspace *w);

#endif
