#include "search/tails.h"

#include <math.h>

static const double NORMAL = 1.4826; /* standard deviation over median distance */

/* The k-th smallest, by Hoare's selection; x is put into another order. */
static double select_kth(double *x, size_t count, size_t k)
{
    size_t from = 0, to = count - 1;
    while (from < to) {
        double pivot = x[from + (to - from) / 2];
        size_t i = from, j = to;
        for (;; i++, j--) {
            while (x[i] < pivot)
                i++;
            while (x[j] > pivot)
                j--;
            if (i >= j)
                break;
            double kept = x[i];
            x[i] = x[j];
            x[j] = kept;
        }
        /* nothing up to j is above the pivot, nothing after it below */
        if (k <= j)
            to = j;
        else
            from = j + 1;
    }
    return x[k];
}

tails tails_of(double *residuals, size_t count)
{
    tails t = {0};
    if (count < TAILS_ROWS)
        return t;
    for (size_t i = 0; i < count; i++)
        if (!isfinite(residuals[i]))
            return t;
    double median = select_kth(residuals, count, count / 2), squares = 0, far = 0;
    size_t rows = 0;
    for (size_t i = 0; i < count; i++)
        residuals[i] = fabs(residuals[i] - median);
    t.deviation = NORMAL * select_kth(residuals, count, count / 2);
    for (size_t i = 0; i < count; i++) {
        double square = residuals[i] * residuals[i];
        bool is_far = residuals[i] > TAILS_FAR * t.deviation;
        squares += square;
        far += is_far ? square : 0;
        rows += is_far;
    }
    if (!(squares > 0) || !isfinite(squares))
        return t;
    t.far_rows = (double)rows / (double)count;
    t.far_squares = far / squares;
    t.heavy = t.far_squares > TAILS_SHARE;
    return t;
}
