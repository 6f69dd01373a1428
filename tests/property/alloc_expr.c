/* Every allocation of reading, choosing, printing, rewriting and writing models fails once: the
 * answer must be "out of memory" or a whole result, and nothing may leak. Linked with --wrap for
 * malloc and its kin. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "expr/load.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
void __wrap_free(void *p);

static long until_failure = -1; /* allocations that still succeed; negative: all do */
static long live, made;

static bool refuse(void)
{
    made++;
    return until_failure >= 0 && until_failure-- == 0;
}

void *__wrap_malloc(size_t size)
{
    void *p = refuse() ? NULL : __real_malloc(size);
    live += p != NULL;
    return p;
}

void *__wrap_calloc(size_t count, size_t size)
{
    void *p = refuse() ? NULL : __real_calloc(count, size);
    live += p != NULL;
    return p;
}

void *__wrap_realloc(void *old, size_t size)
{
    void *p = refuse() ? NULL : __real_realloc(old, size);
    live += p != NULL && old == NULL;
    return p;
}

void __wrap_free(void *p)
{
    live -= p != NULL;
    __real_free(p);
}

static const char equations[] = "t = sin(x14 + 0.25*x15*x3 - `m T`)/max(a, b, 2) # five\nx0*2 + 1";
static const char hall[] = "Complexity,Loss,Equation\n1,1.5,\"x0\"\n3,0.5,\"max(x0, 2)*sin(x1)\"\n";
static const char scaler[] = "feature,mean,scale\nx0,1,2\nx1,3,4\n";

static symlut_status load(const char *path, const char *scaler_path, symlut_error *err)
{
    symlut_model *m;
    symlut_model_options options = symlut_model_options_defaults();
    options.scaler = scaler_path;
    options.names = NULL;
    symlut_status status = symlut_model_load(&m, path, &options, err);
    for (int style = 0; status == SYMLUT_OK && style <= SYMLUT_PRINT_NUMPY; style++) {
        char *equation = symlut_model_equation(m, 0, (symlut_print)style);
        if (!equation)
            status = error_memory(err);
        free(equation);
    }
    if (status == SYMLUT_OK)
        status = model_write(m, "model.json", err);
    if (status == SYMLUT_OK) {
        arena memory = {0};
        expr d = expr_differentiate(&memory, m->outputs[0], 0);
        if (!d.count)
            status = error_memory(err);
        arena_free(&memory);
    }
    symlut_model_free(m);
    return status;
}

static symlut_status scenario(symlut_error *err)
{
    symlut_status status = load("equations", NULL, err);
    if (status == SYMLUT_OK)
        status = load("model.json", NULL, err);
    if (status == SYMLUT_OK)
        status = load("hall.csv", "scaler.csv", err);
    symlut_run *run = NULL;
    if (status == SYMLUT_OK)
        status = symlut_run_open(&run, "run", "accuracy", err);
    symlut_run_free(run);
    return status;
}

static bool put(const char *path, const char *content)
{
    return file_write(path, content, strlen(content), NULL) == SYMLUT_OK;
}

int main(void)
{
    char folder[] = "/tmp/symlut-alloc-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder) != 0 || !put("equations", equations) ||
        !put("hall.csv", hall) || !put("scaler.csv", scaler) ||
        directory_make("run", NULL) != SYMLUT_OK || !put("run/front.csv", hall))
        return 2;
    symlut_error err = {0};
    long before = live;
    made = 0;
    if (scenario(&err) != SYMLUT_OK || live != before) {
        printf("fails with all the memory there is: %s (%ld left)\n", err.message, live - before);
        return 1;
    }
    long count = made, wrong = 0;
    for (long n = 0; n < count; n++) {
        until_failure = n;
        symlut_status status = scenario(&err);
        until_failure = -1;
        if ((status == SYMLUT_OK || status == SYMLUT_NO_MEMORY) && live == before)
            continue;
        printf("allocation %ld of %ld: status %d (%s), %ld left\n", n, count, (int)status,
               err.message, live - before);
        wrong++;
        live = before;
    }
    if (chdir("/") != 0 || directory_remove(folder, NULL) != SYMLUT_OK)
        return 2;
    printf("%ld allocations failed in turn, %ld wrongly\n", count, wrong);
    return wrong > 0 || count < 100;
}
