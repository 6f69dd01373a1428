/* symlut show: the Pareto front of a run, or the equations of a model. */
#include "front.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct show_options {
    const char *output, *style, *select;
    bool json;
} show_options;

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static symlut_print print_style(const char *word)
{
    static const struct {
        const char *word;
        symlut_print style;
    } styles[] = {{"latex", SYMLUT_PRINT_LATEX},
                  {"sympy", SYMLUT_PRINT_SYMPY},
                  {"c", SYMLUT_PRINT_C},
                  {"numpy", SYMLUT_PRINT_NUMPY},
                  {"pysr", SYMLUT_PRINT_PYSR}};
    for (size_t i = 0; word && i < sizeof styles / sizeof styles[0]; i++)
        if (strcmp(word, styles[i].word) == 0)
            return styles[i].style;
    return SYMLUT_PRINT_INFIX;
}

static int no_such_output(const command *self, const char *output, const char *const *names)
{
    char near[256] = "", all[512] = "";
    nearest_names(near, sizeof near, "", output, names);
    for (size_t i = 0; names[i] && strlen(all) + strlen(names[i]) + 3 < sizeof all; i++) {
        strcat(all, i ? ", " : "");
        strcat(all, names[i]);
    }
    return usage_error(self, "no output '%s'%s; there are: %s", output, near, all);
}

/* The equations hold scaled inputs; without this a reader would put raw values in. */
static void print_scaling(const symlut_model *model)
{
    bool first = true;
    for (size_t i = 0; i < symlut_model_inputs(model); i++) {
        const char *name = symlut_model_input_name(model, i);
        double mean = symlut_model_input_mean(model, i), scale = symlut_model_input_scale(model, i);
        if (mean == 0 && scale == 1)
            continue;
        if (first)
            puts("# In the equations the inputs stand for scaled values:");
        printf("#   %s: (%s - %.9g) / %.9g\n", name, name, mean, scale);
        first = false;
    }
}

static void print_scaling_of_run(const char *path)
{
    symlut_model *model;
    if (symlut_model_load(&model, path, NULL, NULL) == SYMLUT_OK)
        print_scaling(model);
    symlut_model_free(model);
}

/* The front of a run as a table. */
static int show_front(const command *self, const char *path, const show_options *o)
{
    symlut_error err;
    symlut_run *run;
    if (symlut_run_open(&run, path, o->select, &err) != SYMLUT_OK)
        return print_error(&err);
    int code = 0;
    if (o->output && !front_has_output(run, o->output)) {
        const char **names = front_outputs(run);
        code = names ? no_such_output(self, o->output, names) : 3;
        free(names);
    } else if (o->json) {
        json_t *summary = json_loads(symlut_run_summary(run), 0, NULL);
        json_t *root = json_pack("{s:o}", "front", front_json(run, o->output));
        if (summary)
            json_object_set_new(root, "summary", summary);
        code = print_json(root);
    } else {
        print_front(stdout, run, o->output, false);
        /* the metrics are those of the run's own choice */
        json_t *summary = o->select ? NULL : json_loads(symlut_run_summary(run), 0, NULL);
        if (summary) {
            printf("\nThe selected model (>):\n");
            print_metrics(stdout, summary);
        }
        json_decref(summary);
        print_scaling_of_run(path);
    }
    symlut_run_free(run);
    return code;
}

/* A run's front as PySR's hall of fame. */
static int show_hall_of_fame(const command *self, const char *path, const show_options *o)
{
    symlut_error err;
    symlut_run *run;
    if (symlut_run_open(&run, path, NULL, &err) != SYMLUT_OK)
        return print_error(&err);
    const char **names = front_outputs(run);
    int code = 3;
    if (names && o->output && !front_has_output(run, o->output)) {
        code = no_such_output(self, o->output, names);
    } else if (names && !o->output && names[0] && names[1]) {
        code = usage_error(self,
                           "a hall of fame is of one output; choose it with --output, such "
                           "as --output '%s'",
                           names[0]);
    } else {
        char *table = names ? symlut_run_hall_of_fame(run, o->output) : NULL;
        if (table)
            fputs(table, stdout);
        else
            fputs("symlut: out of memory\n", stderr);
        code = table ? 0 : 3;
        free(table);
    }
    free(names);
    symlut_run_free(run);
    return code;
}

static int print_equations(const command *self, const symlut_model *model, const show_options *o)
{
    size_t outputs = symlut_model_outputs(model), shown = 0;
    const char **names = calloc(outputs + 1, sizeof *names);
    json_t *root = json_object();
    bool memory = names && root;
    for (size_t k = 0; k < outputs && memory; k++) {
        names[k] = symlut_model_output_name(model, k);
        if (o->output && strcmp(o->output, names[k]) != 0)
            continue;
        char *text = symlut_model_equation(model, k, print_style(o->style));
        memory = text != NULL;
        if (text && o->json)
            json_object_set_new(root, names[k], json_string(text));
        else if (text)
            printf("%s = %s\n", names[k], text);
        free(text);
        shown++;
    }
    int code = 0;
    if (!memory) {
        fputs("symlut: out of memory\n", stderr);
        code = 3;
    } else if (shown == 0) {
        code = no_such_output(self, o->output, names);
    } else if (o->json) {
        code = print_json(json_incref(root));
    } else {
        print_scaling(model);
    }
    json_decref(root);
    free(names);
    return code;
}

static int show_equations(const command *self, const char *path, const show_options *o)
{
    symlut_model_options model_options = symlut_model_options_defaults();
    if (o->select)
        model_options.select = o->select;
    symlut_error err;
    symlut_model *model;
    if (symlut_model_load(&model, path, &model_options, &err) != SYMLUT_OK)
        return print_error(&err);
    int code = print_equations(self, model, o);
    symlut_model_free(model);
    return code;
}

static int run(const command *self, int argc, char **argv)
{
    const char *path;
    int count;
    show_options o = {0};
    const option options[] = {
        {"output", "NAME", OPTION_TEXT, &o.output, "only this output (target or class)", 0, 0,
         NULL},
        {"style", "STYLE", OPTION_CHOICE, &o.style,
         "equations in full as infix, latex, sympy, c or numpy; pysr: the front as its hall of "
         "fame",
         0, 0, "infix|latex|sympy|c|numpy|pysr"},
        {"select", "HOW", OPTION_TEXT, &o.select,
         "which row: best, accuracy, score, mdl, 'complexity N' (default: as fitted)", 0, 0, NULL},
        {"json", NULL, OPTION_FLAG, &o.json, "print JSON", 0, 0, NULL},
    };
    parse_result parsed =
        options_parse(self, options, sizeof options / sizeof options[0], argc, argv, &path, &count);
    if (parsed != PARSE_OK)
        return parsed == PARSE_HELP ? 0 : 2;
    if (is_folder(path) && o.style && !strcmp(o.style, "pysr")) {
        if (o.select || o.json)
            return usage_error(self, "a hall of fame is a CSV of the whole front; leave out --%s",
                               o.select ? "select" : "json");
        return show_hall_of_fame(self, path, &o);
    }
    if (is_folder(path) && !o.style)
        return show_front(self, path, &o);
    return show_equations(self, path, &o);
}

const command command_show = {
    .name = "show",
    .arguments = "RUN|MODEL",
    .summary = "the Pareto front of a run, or a model's equations",
    .example = "  symlut show run\n"
               "  symlut show run --style latex --select 'complexity 9'\n"
               "  symlut show run --style pysr >hall_of_fame.csv\n",
    .arguments_least = 1,
    .arguments_most = 1,
    .run = run,
};
