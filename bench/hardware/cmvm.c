/* Constant matrix times vector by the compiler's own solver:
 *
 *   cmvm DEPTH TRIES < MATRIX
 *
 * DEPTH: additions in a row, at most. TRIES: 0 for as many as the size allows. MATRIX: inputs,
 * outputs, then its integers, one output after another. Inputs are of 8 signed bits. Prints adders,
 * depth, full adders, seconds of processor time; then every addition (low high shift minus) and
 * every output (id shift minus), for a check by whoever called. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "opt/cmvm.h"

static void die(const char *message)
{
    fprintf(stderr, "cmvm: %s\n", message);
    exit(1);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    size_t inputs, outputs;
    if (argc != 3 || scanf("%zu %zu", &inputs, &outputs) != 2)
        die("usage: cmvm DEPTH TRIES < MATRIX");
    int64_t *matrix = calloc(inputs * outputs + 1, sizeof *matrix);
    cmvm_input *input = calloc(inputs + 1, sizeof *input);
    if (!matrix || !input)
        die("out of memory");
    for (size_t k = 0; k < inputs * outputs; k++) {
        if (scanf("%" SCNd64, &matrix[k]) != 1)
            die("the matrix is too short");
    }
    for (size_t k = 0; k < inputs; k++)
        input[k] = (cmvm_input){.lo = -128, .hi = 127};
    cmvm_problem p = {.inputs = inputs,
                      .outputs = outputs,
                      .matrix = matrix,
                      .input = input,
                      .tries = atoi(argv[2])};
    p.extra_depth = atoi(argv[1]) - cmvm_least_depth(&p);
    if (p.extra_depth < 0)
        p.extra_depth = 0;
    cmvm_solution s;
    symlut_error err = {0};
    double start = seconds();
    if (cmvm_solve(&s, &p, &err) != SYMLUT_OK)
        die(err.message);
    printf("%zu %d %.0f %.6f\n", s.count, s.depth, s.full_adders, seconds() - start);
    for (size_t k = 0; k < s.count; k++)
        printf("%" PRIu32 " %" PRIu32 " %d %d\n", s.adders[k].low, s.adders[k].high,
               s.adders[k].shift, s.adders[k].minus);
    for (size_t o = 0; o < outputs; o++)
        printf("%" PRId32 " %d %d\n", (int32_t)s.outputs[o].id, s.outputs[o].shift,
               s.outputs[o].minus);
    cmvm_free(&s);
    free(matrix);
    free(input);
    return 0;
}
