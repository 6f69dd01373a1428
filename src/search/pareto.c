#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/engine.h"

bool pareto_init(pareto *f, int max_size)
{
    size_t n = (size_t)max_size + 1, room = (size_t)max_size + 4;
    *f = (pareto){.size = max_size};
    f->rows = calloc(n, sizeof *f->rows);
    f->storage = calloc(n * room, sizeof *f->storage);
    if (!f->rows || !f->storage)
        return false;
    for (size_t i = 0; i < n; i++)
        f->rows[i].nodes = f->storage + i * room;
    return true;
}

void pareto_free(pareto *f)
{
    free(f->rows);
    free(f->storage);
    *f = (pareto){0};
}

double pareto_loss(const pareto *f, int complexity)
{
    double lowest = (double)INFINITY;
    for (int c = 1; c <= complexity && c <= f->size; c++)
        if (f->rows[c].count > 0 && f->rows[c].loss < lowest)
            lowest = f->rows[c].loss;
    return lowest;
}

bool pareto_offer(pareto *f, expr e, int complexity, double loss)
{
    if (complexity > f->size || e.count > f->size || !(loss < pareto_loss(f, complexity)))
        return false;
    champion *row = &f->rows[complexity];
    memcpy(row->nodes, e.nodes, (size_t)e.count * sizeof *e.nodes);
    row->count = e.count;
    row->loss = row->sample_loss = loss;
    for (int c = complexity + 1; c <= f->size; c++)
        if (f->rows[c].loss >= loss)
            f->rows[c].count = 0;
    return true;
}

void pareto_thin(pareto *f, double share, double least)
{
    double lowest = (double)INFINITY;
    for (int c = 1; c <= f->size; c++) {
        champion *row = &f->rows[c];
        if (row->count > 0 && loss_is_lower(row->loss, lowest, share) && lowest > least)
            lowest = row->loss;
        else
            row->count = 0;
    }
}
