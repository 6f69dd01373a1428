/* The three programs of load.py: make a table, load it with symlut, load it plainly.
 * Usage: load make|symlut|plain FILE ROWS COLUMNS */
#include "symlut/symlut.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252u; /* xorshift64 */

static double unit(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return ((double)(state >> 11) + 0.5) * 0x1p-53;
}

static double normal(void)
{
    return sqrt(-2 * log(unit())) * cos(6.283185307179586 * unit());
}

static int make(const char *path, long rows, long columns)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return 1;
    for (long j = 0; j < columns; j++)
        fprintf(f, "%sc%ld", j ? "," : "", j);
    for (long i = 0; i < rows; i++) {
        for (long j = 0; j < columns; j++)
            fprintf(f, "%s%.9g", j ? "," : "\n", normal());
    }
    fputc('\n', f);
    return fclose(f) != 0;
}

static int load(const char *path)
{
    symlut_dataset *data;
    symlut_error err;
    symlut_data_options options = symlut_data_options_defaults();
    if (symlut_dataset_load(&data, path, &options, NULL, &err) != SYMLUT_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    double sum = 0;
    for (size_t j = 0; j < symlut_dataset_features(data); j++) {
        for (size_t i = 0; i < symlut_dataset_rows(data); i++)
            sum += symlut_dataset_column(data, j)[i];
    }
    for (size_t i = 0; i < symlut_dataset_rows(data); i++)
        sum += symlut_dataset_target(data)[i];
    printf("%.6f\n", sum);
    symlut_dataset_free(data);
    return 0;
}

/* What one writes first: getline and strtod into one growing array. No checks, no hash. */
static int load_plainly(const char *path)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t room = 0, count = 0, capacity = 0;
    double *values = NULL, sum = 0;
    if (!f || getline(&line, &room, f) < 0)
        return 1;
    while (getline(&line, &room, f) > 0) {
        for (char *p = line, *end;; p = end + 1) {
            if (count == capacity) {
                capacity = capacity ? 2 * capacity : 1024;
                values = realloc(values, capacity * sizeof *values);
                if (!values)
                    return 1;
            }
            values[count++] = strtod(p, &end);
            if (*end != ',')
                break;
        }
    }
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    printf("%.6f\n", sum);
    free(values);
    free(line);
    return fclose(f);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "make") == 0)
        return make(argv[2], atol(argv[3]), atol(argv[4]));
    if (argc >= 3 && strcmp(argv[1], "symlut") == 0)
        return load(argv[2]);
    if (argc >= 3 && strcmp(argv[1], "plain") == 0)
        return load_plainly(argv[2]);
    return 2;
}
