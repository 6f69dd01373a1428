#include "predictions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool has_suffix(const char *path, const char *suffix)
{
    size_t n = strlen(path), m = strlen(suffix);
    return n > m && strcasecmp(path + n - m, suffix) == 0;
}

bool predictions_suffix_known(const char *path)
{
    return has_suffix(path, ".csv") || has_suffix(path, ".npy");
}

/* The largest output, the first of equals; NaN never wins. */
static size_t class_of(const double *y, size_t outputs)
{
    size_t best = 0;
    for (size_t k = 1; k < outputs; k++)
        if (y[k] > y[best] || (isnan(y[best]) && !isnan(y[k])))
            best = k;
    return best;
}

static void write_field(FILE *f, const char *text)
{
    if (!strpbrk(text, ",\"\n\r")) {
        fputs(text, f);
        return;
    }
    fputc('"', f);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', f);
        fputc(*text, f);
    }
    fputc('"', f);
}

static void write_number(FILE *f, double value)
{
    char text[32];
    for (int digits = 6; digits <= 17; digits += digits == 6 ? 9 : 1) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (isnan(value) || strtod(text, NULL) == value)
            break;
    }
    fputs(text, f);
}

static void write_csv(const predictions *p, FILE *f)
{
    size_t scores = p->class_only ? 0 : p->outputs;
    for (size_t k = 0; k < scores; k++) {
        fputs(k ? "," : "", f);
        write_field(f, p->names[k]);
    }
    fputs(!p->has_class ? "\n" : scores ? ",class\n" : "class\n", f);
    for (size_t i = 0; i < p->rows && !ferror(f); i++) {
        const double *y = p->y + i * p->outputs;
        for (size_t k = 0; k < scores; k++) {
            if (k)
                fputc(',', f);
            write_number(f, y[k]);
        }
        if (p->has_class) {
            fputs(scores ? "," : "", f);
            write_field(f, p->names[class_of(y, p->outputs)]);
        }
        fputc('\n', f);
    }
}

/* NPY 1.0: magic, version, header length, header padded so that the data starts at 64 n. */
static void write_npy(const predictions *p, FILE *f)
{
    char header[128];
    size_t scores = p->class_only ? 0 : p->outputs;
    int length = snprintf(header, sizeof header,
                          "{'descr': '<f8', 'fortran_order': False, 'shape': (%zu, %zu), }",
                          p->rows, scores + p->has_class);
    int padded = (10 + length + 1 + 63) / 64 * 64 - 10;
    fwrite("\x93NUMPY\x01\x00", 1, 8, f);
    fputc(padded & 0xff, f);
    fputc(padded >> 8, f);
    fprintf(f, "%s%*s\n", header, padded - length - 1, "");
    for (size_t i = 0; i < p->rows && !ferror(f); i++) {
        const double *y = p->y + i * p->outputs;
        fwrite(y, sizeof *y, scores, f);
        double number = (double)class_of(y, p->outputs);
        if (p->has_class)
            fwrite(&number, sizeof number, 1, f);
    }
}

symlut_status predictions_write(const predictions *p, const char *path, symlut_error *err)
{
    if (!path) {
        write_csv(p, stdout);
        return SYMLUT_OK;
    }
    output_file out;
    symlut_status status = output_open(&out, path, err);
    if (status != SYMLUT_OK)
        return status;
    if (has_suffix(path, ".npy"))
        write_npy(p, out.stream);
    else
        write_csv(p, out.stream);
    return output_close(&out, err);
}

void predictions_free(predictions *p)
{
    free(p->names);
    free(p->y);
    *p = (predictions){0};
}
