/* Standardisation: (x - mean) / scale of each feature. */
#include "data/csv.h"
#include "data/dataset.h"
#include "data/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Two passes, so that a large mean does not eat the deviation; the second pass also corrects the
 * rounding of the first (Chan, Golub, LeVeque 1983). Deviations are taken in units of a power of
 * two near the largest, so that their squares stay in range. */
static void learn_column(double *mean, double *scale, const double *x, const uint32_t *rows,
                         size_t count)
{
    double n = (double)count, sum = 0, largest = 0;
    for (size_t i = 0; i < count; i++)
        sum += x[rows[i]] / n;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(x[rows[i]] / 2 - sum / 2));
    *mean = x[rows[0]];
    *scale = 1;
    bool constant = true;
    for (size_t i = 1; i < count && constant; i++)
        constant = x[rows[i]] == x[rows[0]];
    if (constant || !(largest > 0))
        return;
    int exponent;
    frexp(largest, &exponent);
    double squares = 0, rest = 0;
    for (size_t i = 0; i < count; i++) {
        double d = ldexp(x[rows[i]] / 2 - sum / 2, -exponent);
        rest += d;
        squares += d * d;
    }
    double variance = (squares - rest * rest / n) / n;
    *mean = sum + ldexp(rest / n, exponent) * 2;
    if (variance > 0)
        *scale = ldexp(sqrt(variance), exponent) * 2;
}

void scaler_learn(double *mean, double *scale, const symlut_dataset *data, const uint32_t *rows,
                  size_t count)
{
    for (size_t f = 0; f < data->features; f++) {
        mean[f] = 0;
        scale[f] = 1;
        if (count > 0)
            learn_column(&mean[f], &scale[f], data->columns[f], rows, count);
    }
}

/* ---- reading feature,mean,scale */

typedef struct scaler_file {
    double *mean, *scale;
    const char *const *names;
    size_t count, columns;
    size_t feature_at, mean_at, scale_at; /* columns of the file */
    unsigned char *found;                 /* [count] */
    const char *path;
} scaler_file;

static symlut_status read_scaler_header(scaler_file *f, const char *const *cells, size_t count,
                                        long line, symlut_error *err)
{
    size_t *const places[] = {&f->feature_at, &f->mean_at, &f->scale_at};
    static const char *const names[] = {"feature", "mean", "scale"};
    for (int k = 0; k < 3; k++) {
        size_t i = 0;
        while (i < count && strcmp(cells[i], names[k]) != 0)
            i++;
        if (i == count)
            return error_at(err, SYMLUT_BAD_INPUT, f->path, line, 1,
                            "no column '%s': expected the header feature,mean,scale", names[k]);
        *places[k] = i;
    }
    f->columns = count;
    return SYMLUT_OK;
}

static symlut_status read_scaler_row(void *context, const char *const *cells, size_t count,
                                     long line, symlut_error *err)
{
    scaler_file *f = context;
    if (f->columns == 0)
        return read_scaler_header(f, cells, count, line, err);
    if (count != f->columns)
        return error_at(err, SYMLUT_BAD_INPUT, f->path, line, 1,
                        "this row has %zu cells, expected %zu as in the header", count, f->columns);
    double mean, scale;
    const char *const texts[] = {cells[f->mean_at], cells[f->scale_at]};
    double *const values[] = {&mean, &scale};
    for (int k = 0; k < 2; k++) {
        if (cell_parse(values[k], texts[k], strlen(texts[k])) != CELL_NUMBER ||
            !isfinite(*values[k]))
            return error_at(err, SYMLUT_BAD_INPUT, f->path, line, 1,
                            "the %s of '%s' is '%s', expected a finite number",
                            k ? "scale" : "mean", cells[f->feature_at], texts[k]);
    }
    if (!(scale > 0))
        return error_at(err, SYMLUT_BAD_INPUT, f->path, line, 1,
                        "the scale of '%s' is %g, expected a number above 0", cells[f->feature_at],
                        scale);
    for (size_t i = 0; i < f->count; i++) {
        if (strcmp(f->names[i], cells[f->feature_at]) != 0)
            continue;
        if (f->found[i])
            return error_at(err, SYMLUT_BAD_INPUT, f->path, line, 1,
                            "'%s' stands here a second time", f->names[i]);
        f->found[i] = 1;
        f->mean[i] = mean;
        f->scale[i] = scale;
    }
    return SYMLUT_OK;
}

symlut_status scaler_read(double *mean, double *scale, const char *const *names, size_t count,
                          const char *path, symlut_error *err)
{
    scaler_file f = {.mean = mean, .scale = scale, .names = names, .count = count, .path = path};
    f.found = calloc(count + 1, 1);
    if (!f.found)
        return error_memory(err);
    symlut_status status = csv_each_row(path, read_scaler_row, &f, err);
    if (status == SYMLUT_OK && f.columns == 0)
        status = error_at(err, SYMLUT_BAD_INPUT, path, 0, 0,
                          "is empty, expected the header feature,mean,scale");
    for (size_t i = 0; i < count && status == SYMLUT_OK; i++) {
        if (!f.found[i])
            status = error_at(err, SYMLUT_BAD_INPUT, path, 0, 0,
                              "has no row for the input '%s': add its mean and scale", names[i]);
    }
    free(f.found);
    return status;
}
