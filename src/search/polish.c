/* The last touch on a front: losses in double precision over the training rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/run_files.h"

/* Beyond this many node-rows the float32 losses stand: they agree to about six digits. */
static const double EXACT_LIMIT = 2e8;

typedef struct polish {
    run_state *r;
    double *losses; /* [outputs * (max_size + 1)] */
    bool failed;
} polish;

static double exact_loss(const task *t, int k, expr e, double *x, double *stack)
{
    double total = 0, weight = 0;
    for (size_t i = 0; i < t->parts.train_count; i++) {
        uint32_t row = t->parts.train[i];
        double w = t->data->weights ? t->data->weights[row] : 1,
               yp[2] = {task_target(t, k, row), 0};
        task_inputs(t, row, x);
        yp[1] = expr_eval(e, x, stack);
        double loss =
            t->squares ? (yp[1] - yp[0]) * (yp[1] - yp[0]) : expr_eval(t->loss, yp, stack);
        total += w * loss;
        weight += w;
    }
    return total / weight + rules_penalty(&t->set.words.limits, e);
}

static void polish_one(void *context, size_t index, int worker)
{
    polish *p = context;
    const task *t = p->r->job;
    int k = (int)index / (t->set.max_size + 1), c = (int)index % (t->set.max_size + 1);
    const champion *row = &p->r->e->fronts[k].rows[c];
    (void)worker;
    p->losses[index] = row->loss;
    if (row->count == 0)
        return;
    double *x = malloc((t->data->features + 1) * sizeof *x);
    double *stack = malloc(EXPR_MAX_NODES * sizeof *stack);
    if (x && stack) {
        expr_node room[RULES_PLAIN];
        expr e = rules_plain(&t->set.words.limits, room, (expr){row->nodes, row->count});
        double loss = exact_loss(t, k, e, x, stack);
        if (isfinite(loss))
            p->losses[index] = loss;
    }
    free(x);
    free(stack);
}

symlut_status run_finish_front(run_state *r, symlut_error *err)
{
    const task *t = r->job;
    size_t width = (size_t)t->set.max_size + 1, count = (size_t)t->outputs * width;
    double work = 0;
    for (int k = 0; k < t->outputs; k++)
        for (int c = 1; c <= t->set.max_size; c++)
            work += (double)r->e->fronts[k].rows[c].count * (double)t->parts.train_count;
    if (work > EXACT_LIMIT)
        return SYMLUT_OK;
    polish p = {.r = r, .losses = calloc(count, sizeof(double))};
    if (!p.losses)
        return error_memory(err);
    pool_run(r->e->threads, count, polish_one, &p);
    for (int k = 0; k < t->outputs; k++) {
        double lowest = (double)INFINITY;
        for (int c = 1; c <= t->set.max_size; c++) {
            champion *row = &r->e->fronts[k].rows[c];
            row->loss = p.losses[(size_t)k * width + (size_t)c];
            if (row->count > 0 && row->loss < lowest)
                lowest = row->loss;
            else
                row->count = 0;
        }
    }
    free(p.losses);
    return SYMLUT_OK;
}
