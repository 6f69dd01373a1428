#include "lower/bounded.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int bounded_result_bits(const bounded_function *f)
{
    double least = 0, most = 0;
    for (size_t k = 0; k < (size_t)1 << f->index_bits; k++) {
        least = fmin(least, f->values[k]);
        most = fmax(most, f->values[k]);
    }
    return format_for((int64_t)floor(least), (int64_t)ceil(most), 0).width;
}

bool bounded_holds(const bounded_function *f, int64_t (*eval)(const void *form, uint32_t k),
                   const void *form)
{
    for (uint32_t k = 0; k < 1u << f->index_bits; k++) {
        int64_t y = eval(form, k);
        if (!isnan(f->values[k]) && (y < f->least[k] || y > f->most[k]))
            return false;
    }
    return true;
}

format words_format(const int64_t *words, size_t count, int frac)
{
    int64_t least = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        least = words[i] < least ? words[i] : least;
        most = words[i] > most ? words[i] : most;
    }
    return format_for(least, most, frac);
}

bool candidates_want(candidates *c, double lut)
{
    if (lut < c->below)
        return true;
    c->next = fmin(c->next, lut);
    return false;
}

void candidates_offer(candidates *c, double lut, const void *choice)
{
    candidate made = {.lut = (float)lut};
    if (!candidates_want(c, (double)made.lut) || (double)made.lut < c->from || c->failed)
        return;
    if (c->count == c->capacity) {
        size_t capacity = c->capacity ? 2 * c->capacity : 1024;
        candidate *moved = realloc(c->list, capacity * sizeof *moved);
        if (!moved) {
            c->failed = true;
            return;
        }
        c->list = moved;
        c->capacity = capacity;
    }
    memcpy(made.choice, choice, CHOICE_BYTES);
    c->list[c->count++] = made;
}

static int by_cost(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->lut != y->lut)
        return x->lut < y->lut ? -1 : 1;
    return memcmp(x->choice, y->choice, CHOICE_BYTES);
}

bool candidates_first(candidate *found, candidates *c, double lut_limit,
                      void (*offer_all)(void *context),
                      bool (*holds)(void *context, const candidate *c), void *context)
{
    const double first = 16, wider = 1.25;
    *c = (candidates){0};
    bool any = false;
    while (!any && !c->failed && c->next < lut_limit) {
        c->from = c->below;
        c->below = fmin(lut_limit, fmax(first, fmax(c->below, c->next) * wider));
        c->next = INFINITY;
        c->count = 0;
        offer_all(context);
        if (c->count)
            qsort(c->list, c->count, sizeof *c->list, by_cost);
        for (size_t i = 0; i < c->count && !any && !c->failed; i++) {
            *found = c->list[i];
            any = holds(context, found);
        }
    }
    free(c->list);
    c->list = NULL;
    return any && !c->failed;
}
