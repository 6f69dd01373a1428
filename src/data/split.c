/* Train, validation and test rows. */
#include "base/rng.h"
#include "data/dataset.h"
#include "data/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SPLIT_STREAM = 0x5917 };

symlut_status split_parse(double fractions[3], const char *text, symlut_error *err)
{
    const char *p = text;
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        p += strspn(p, " ");
        const char *end = number_scan(&fractions[i], p);
        if (!end || !(fractions[i] >= 0) || fractions[i] > 1)
            break;
        sum += fractions[i];
        p = end + strspn(end, " ");
        if (i < 2 && *p == ',')
            p++;
        else if (i == 2 && *p == '\0' && fabs(sum - 1) <= 1e-6 && fractions[0] > 0)
            return SYMLUT_OK;
    }
    return error_set(err, SYMLUT_BAD_INPUT,
                     "split '%s': expected three fractions of the rows for train, validation and "
                     "test with sum 1 and train above 0, like 0.8,0.1,0.1",
                     text);
}

static void shuffle(uint32_t *rows, size_t count, rng *r)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = rng_below(r, (uint32_t)i);
        uint32_t swapped = rows[i - 1];
        rows[i - 1] = rows[j];
        rows[j] = swapped;
    }
}

/* Groups the first `count` rows by class, each group in ascending order. starts: [classes + 1]. */
static void group_rows(uint32_t *rows, size_t *starts, size_t count, const symlut_dataset *data)
{
    size_t classes = data->classes ? data->classes : 1;
    for (size_t i = 0; i < count; i++)
        starts[(data->classes ? (size_t)data->target[i] : 0) + 1]++;
    for (size_t k = 0; k < classes; k++)
        starts[k + 1] += starts[k];
    /* Fill, moving each start up to the next one's place, then move them back. */
    for (size_t i = 0; i < count; i++)
        rows[starts[data->classes ? (size_t)data->target[i] : 0]++] = (uint32_t)i;
    for (size_t k = classes; k > 0; k--)
        starts[k] = starts[k - 1];
    starts[0] = 0;
}

/* Marks the part of each row: 0 train, 1 validation, 2 test. Within a class the parts are exact
 * to one row; the rounding of one class is carried to the next, so that the totals are too. */
static void assign_parts(unsigned char *part, uint32_t *rows, const size_t *starts, size_t classes,
                         const double shares[3], rng *r)
{
    double carried[2] = {0, 0};
    for (size_t k = 0; k < classes; k++) {
        size_t n = starts[k + 1] - starts[k];
        shuffle(rows + starts[k], n, r);
        size_t taken = 0;
        for (int p = 2; p >= 1; p--) {
            double want = (double)n * shares[p] + carried[p - 1];
            double whole = floor(want + 0.5);
            size_t take = whole > 0 ? (size_t)whole : 0;
            if (take > n - taken)
                take = n - taken;
            carried[p - 1] = want - (double)take;
            for (size_t i = 0; i < take; i++)
                part[rows[starts[k] + taken + i]] = (unsigned char)p;
            taken += take;
        }
    }
}

static symlut_status collect(split *out, const unsigned char *part, size_t rows, symlut_error *err)
{
    size_t counts[3] = {0};
    for (size_t i = 0; i < rows; i++)
        counts[part[i]]++;
    uint32_t *lists[3];
    for (int p = 0; p < 3; p++)
        lists[p] = malloc((counts[p] + 1) * sizeof *lists[p]);
    *out = (split){lists[0], lists[1], lists[2], counts[0], counts[1], counts[2]};
    if (!lists[0] || !lists[1] || !lists[2]) {
        split_free(out);
        return error_memory(err);
    }
    size_t at[3] = {0};
    for (size_t i = 0; i < rows; i++)
        lists[part[i]][at[part[i]]++] = (uint32_t)i;
    return SYMLUT_OK;
}

/* What can go wrong with few rows, said before a search runs on none. */
static symlut_status refuse_empty(split *s, const double fractions[3], size_t rows,
                                  symlut_error *err)
{
    static const char *const names[] = {"training", "validation", "test"};
    const size_t counts[] = {s->train_count, s->validation_count, s->test_count};
    for (int p = 0; p < 3; p++) {
        if (counts[p] > 0 || (p > 0 && fractions[p] <= 0))
            continue;
        split_free(s);
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the split %g,%g,%g leaves no %s row out of %zu: give more rows, or set "
                         "that fraction to 0",
                         fractions[0], fractions[1], fractions[2], names[p], rows);
    }
    return SYMLUT_OK;
}

symlut_status split_make(split *out, const symlut_dataset *data, const double fractions[3],
                         long test_from, uint64_t seed, symlut_error *err)
{
    *out = (split){0};
    double shares[3] = {fractions[0], fractions[1], fractions[2]};
    size_t divided = data->rows;
    if (test_from >= 0) {
        if (test_from == 0 || (size_t)test_from >= data->rows)
            return error_set(err, SYMLUT_BAD_INPUT,
                             "the test rows begin at row %ld, expected 1 to %zu for %zu rows",
                             test_from, data->rows - 1, data->rows);
        divided = (size_t)test_from;
        double sum = fractions[0] + fractions[1];
        shares[0] = fractions[0] / sum;
        shares[1] = fractions[1] / sum;
        shares[2] = 0;
    }
    size_t classes = data->classes ? data->classes : 1;
    unsigned char *part = calloc(data->rows, 1);
    uint32_t *rows = malloc((divided + 1) * sizeof *rows);
    size_t *starts = calloc(classes + 1, sizeof *starts);
    symlut_status status = part && rows && starts ? SYMLUT_OK : error_memory(err);
    if (status == SYMLUT_OK) {
        rng r = rng_make(seed, SPLIT_STREAM);
        group_rows(rows, starts, divided, data);
        assign_parts(part, rows, starts, classes, shares, &r);
        memset(part + divided, 2, data->rows - divided);
        status = collect(out, part, data->rows, err);
    }
    if (status == SYMLUT_OK)
        status = refuse_empty(out, shares, data->rows, err);
    free(part);
    free(rows);
    free(starts);
    return status;
}

void split_free(split *s)
{
    free(s->train);
    free(s->validation);
    free(s->test);
    *s = (split){0};
}
