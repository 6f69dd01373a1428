#include "search/cholesky.h"

#include <math.h>

bool cholesky_row(double *a, size_t n, size_t i)
{
    double *row = a + i * n;
    for (size_t j = 0; j <= i; j++) {
        const double *other = a + j * n;
        double sum = row[j];
        for (size_t k = 0; k < j; k++)
            sum -= row[k] * other[k];
        if (j < i)
            row[j] = sum / other[j];
        else if (sum > 0)
            row[i] = sqrt(sum);
        else
            return false;
    }
    return true;
}

void cholesky_solve(const double *l, size_t n, double *x)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            x[i] -= l[i * n + k] * x[k];
        x[i] /= l[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        x[i] /= l[i * n + i];
        for (size_t k = 0; k < i; k++)
            x[k] -= l[i * n + k] * x[i];
    }
}
