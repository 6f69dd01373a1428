#include "front.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool wanted(const symlut_front_row *row, const char *output)
{
    return !output || strcmp(row->output, output) == 0;
}

const char **front_outputs(const symlut_run *run)
{
    size_t rows = symlut_run_rows(run), count = 0;
    const char **names = calloc(rows + 1, sizeof *names);
    for (size_t i = 0; names && i < rows; i++) {
        const char *name = symlut_run_row(run, i).output;
        size_t k = 0;
        while (k < count && strcmp(names[k], name) != 0)
            k++;
        if (k == count)
            names[count++] = name;
    }
    return names;
}

bool front_has_output(const symlut_run *run, const char *output)
{
    for (size_t i = 0; i < symlut_run_rows(run); i++)
        if (strcmp(symlut_run_row(run, i).output, output) == 0)
            return true;
    return false;
}

/* An equation for people: its numbers with six digits. Names such as c1_b2 stay as they are. */
static void print_short(FILE *to, const char *equation)
{
    for (const char *p = equation; *p;) {
        size_t name = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
        char *end = NULL;
        if (name > 0) {
            name += strspn(p + name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                                     "0123456789.");
            fwrite(p, 1, name, to);
            p += name;
        } else if (*p >= '0' && *p <= '9') {
            fprintf(to, "%.6g", strtod(p, &end));
            p = end;
        } else {
            fputc(*p++, to);
        }
    }
}

/* Significant digits that keep neighbouring losses of one output apart: at least 4. */
static int loss_digits(const symlut_run *run)
{
    int digits = 4;
    for (size_t i = 1; i < symlut_run_rows(run); i++) {
        symlut_front_row a = symlut_run_row(run, i - 1), b = symlut_run_row(run, i);
        char before[32], here[32];
        for (; digits < 12; digits++) {
            snprintf(before, sizeof before, "%.*g", digits, a.loss);
            snprintf(here, sizeof here, "%.*g", digits, b.loss);
            if (strcmp(a.output, b.output) != 0 || strcmp(before, here) != 0)
                break;
        }
    }
    return digits;
}

void print_front(FILE *to, const symlut_run *run, const char *output, bool selected_only)
{
    int width = 6, digits = loss_digits(run);
    for (size_t i = 0; i < symlut_run_rows(run); i++) {
        int w = text_width(symlut_run_row(run, i).output);
        width = w > width ? w : width;
    }
    fprintf(to, "  %-*s  complexity  %*s    score  equation\n", width, "output", digits + 5,
            "loss");
    const char *previous = NULL;
    for (size_t i = 0; i < symlut_run_rows(run); i++) {
        symlut_front_row row = symlut_run_row(run, i);
        if (!wanted(&row, output) || (selected_only && !row.selected))
            continue;
        if (!selected_only && previous && strcmp(previous, row.output) != 0)
            fputc('\n', to);
        previous = row.output;
        int padding = width - text_width(row.output);
        fprintf(to, "%c %s%*s  %10.4g  %*.*g  ", row.selected ? '>' : ' ', row.output, padding, "",
                row.complexity, digits + 5, digits, row.loss);
        if (isfinite(row.score))
            fprintf(to, "%7.4f", row.score);
        else
            fprintf(to, "%7s", "");
        fputs("  ", to);
        print_short(to, row.equation);
        fputc('\n', to);
        if (row.inner && *row.inner) {
            fprintf(to, "  %*s  %*s", width, "", digits + 35, "");
            print_short(to, row.inner);
            fputc('\n', to);
        }
    }
}

json_t *front_json(const symlut_run *run, const char *output)
{
    json_t *list = json_array();
    for (size_t i = 0; i < symlut_run_rows(run); i++) {
        symlut_front_row row = symlut_run_row(run, i);
        if (!wanted(&row, output))
            continue;
        json_t *item = json_pack("{s:s, s:f, s:f, s:s, s:b}", "output", row.output, "complexity",
                                 row.complexity, "loss", row.loss, "equation", row.equation,
                                 "selected", (int)row.selected);
        if (item && row.inner && *row.inner)
            json_object_set_new(item, "inner", json_string(row.inner));
        if (item && isfinite(row.score))
            json_object_set_new(item, "score", json_real(row.score));
        json_array_append_new(list, item);
    }
    return list;
}

static void print_areas(FILE *to, const json_t *areas)
{
    const char *name;
    json_t *area;
    const char *separator = "  AUC ";
    json_object_foreach((json_t *)(uintptr_t)areas, name, area)
    {
        fprintf(to, "%s%s %.4f", separator, name, json_number_value(area));
        separator = ", ";
    }
}

void print_metrics(FILE *to, const json_t *summary)
{
    static const char *const parts[] = {"train", "validation", "test"};
    const json_t *metrics = json_object_get(summary, "metrics");
    const json_t *rows = json_object_get(summary, "rows");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const json_t *part = json_object_get(metrics, parts[i]);
        long long count = json_integer_value(json_object_get(rows, parts[i]));
        if (!part || count == 0)
            continue;
        fprintf(to, "%-10s %9lld rows", parts[i], count);
        const json_t *value;
        if ((value = json_object_get(part, "r2")))
            fprintf(to, "  R2 %.6g", json_number_value(value));
        if ((value = json_object_get(part, "rmse")))
            fprintf(to, "  RMSE %.6g", json_number_value(value));
        if ((value = json_object_get(part, "accuracy")))
            fprintf(to, "  accuracy %.4f", json_number_value(value));
        if ((value = json_object_get(part, "auc")))
            print_areas(to, value);
        fputc('\n', to);
    }
}
