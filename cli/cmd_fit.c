/* symlut fit: data in, a run folder with a Pareto front out. */
#include "front.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct fit_command {
    symlut_data_options data;
    symlut_fit_options fit;
    text_list guesses;
    const char *run, *task;
    bool json, quiet;
} fit_command;

enum { OWN_OPTIONS = 43 };

/* Rows of the option table; o holds the defaults and takes the values. */
static void fit_table(option *rows, fit_command *o)
{
    symlut_fit_options *f = &o->fit;
    const option own[OWN_OPTIONS] = {
        {"o", "RUN", OPTION_TEXT, &o->run, "folder to write (required)", 0, 0, NULL},
        {"time", "DURATION", OPTION_DURATION, &f->time_s,
         "stop after 60s, 2m, 1h ... (default 60s; none when N is given below)", 0, 0, NULL},
        {"iterations", "N", OPTION_LONG, &f->iterations, "stop after N rounds of all islands", 0,
         HUGE_VAL, NULL},
        {"evaluations", "N", OPTION_LONG_LONG, &f->evaluations, "stop after N candidates", 0,
         HUGE_VAL, NULL},
        {"stop-loss", "LOSS", OPTION_NUMBER, &f->stop_loss,
         "stop when every output's loss is down to LOSS", 0, HUGE_VAL, NULL},
        {"stop-complexity", "N", OPTION_INT, &f->stop_complexity,
         "with --stop-loss: by expressions no more complex than N", 1, HUGE_VAL, NULL},
        {"operators", "LIST", OPTION_TEXT, &f->operators,
         "such as '+,-,*,/,sin,exp,bell(x) = exp(-x^2)'", 0, 0, NULL},
        {"maxsize", "N", OPTION_INT, &f->max_size,
         "most nodes and largest complexity of one expression", 1, 200, NULL},
        {"warmup-maxsize", "EPOCHS", OPTION_INT, &f->warmup_maxsize,
         "epochs over which the size of what is born grows from 7 to maxsize (default 0)", 0,
         1000000, NULL},
        {"max-depth", "N", OPTION_INT, &f->max_depth, "deepest expression; a leaf has depth 1", 0,
         200, NULL},
        {"nested", "LIMITS", OPTION_TEXT, &f->nested,
         "operators inside others: 'sin: sin 0, exp 1; exp: exp 0'", 0, 0, NULL},
        {"constraints", "LIMITS", OPTION_TEXT, &f->constraints,
         "largest operands: '^: -1 3; sin: 5' (-1: any)", 0, 0, NULL},
        {"complexity", "COSTS", OPTION_TEXT, &f->complexity,
         "instead of 1 each: 'sin=3, const=2, x=1'", 0, 0, NULL},
        {"guess", "EQUATION", OPTION_REPEATED, &o->guesses,
         "begin with it; also a file of equations or a hall of fame (CSV)", 0, 0, NULL},
        {"template", "FORM", OPTION_TEXT, &f->template_form,
         "a fixed form with free parts: 'sin(f(x0, x1)) + p*g(x2)^2'", 0, 0, NULL},
        {"template-parameters", "LIST", OPTION_TEXT, &f->template_parameters,
         "constants of the form that are fitted, and where they start: 'p=1, q=2.5'", 0, 0, NULL},
        {"units", "UNITS", OPTION_TEXT, &f->units,
         "a file, or 'x1: m/s, x2: kg, y: J'; sums and functions must agree", 0, 0, NULL},
        {"unit-penalty", "X", OPTION_NUMBER, &f->unit_penalty,
         "added to a loss whose units disagree (default: such are refused)", 0, HUGE_VAL, NULL},
        {"dimensionless-constants", NULL, OPTION_FLAG, &f->dimensionless_constants,
         "constants carry no unit (default: any)", 0, 0, NULL},
        {"select-features", "K", OPTION_INT, &f->select_features,
         "search with the K most important ones, by a random forest", 1, 65535, NULL},
        {"batch", "N", OPTION_LONG, &f->batch,
         "rows of a sample, drawn anew in each round; the front is scored on all (8192)", 256,
         HUGE_VAL, NULL},
        {"loss", "LOSS", OPTION_TEXT, &f->loss,
         "auto, L1, L2, margin, softmax, logistic ... or a text: 'abs(y - p)^1.5*w'", 0, 0, NULL},
        {"scale", "HOW", OPTION_CHOICE, &f->scale, "inputs: auto, standard or none", 0, 0,
         "auto|standard|none"},
        {"split", "A,B,C", OPTION_TEXT, &f->split,
         "fractions for training, validation, test (0.8,0.1,0.1)", 0, 0, NULL},
        {"test-from", "ROW", OPTION_LONG, &f->test_from,
         "rows from ROW (the first is 0) are the test set", 0, HUGE_VAL, NULL},
        {"select", "HOW", OPTION_CHOICE, &f->select,
         "model of the front: auto, best, accuracy, score or mdl (shortest description)", 0, 0,
         "auto|best|accuracy|score|mdl"},
        {"seed", "N", OPTION_SEED, &f->seed, "same seed, same result", 0, 0, NULL},
        {"threads", "N", OPTION_INT, &f->threads, "0: all cores; the result is the same", 0, 1024,
         NULL},
        {"islands", "N", OPTION_INT, &f->islands, "populations; the result depends on it", 1, 4096,
         NULL},
        {"population", "N", OPTION_INT, &f->population, "members of an island", 2, 1e6, NULL},
        {"kernels", "NAME", OPTION_CHOICE, &f->kernels,
         "vector kernels: auto (the fastest), portable, avx2 or avx512", 0, 0,
         "auto|portable|avx2|avx512"},
        {"constant-iterations", "N", OPTION_INT, &f->constant_iterations,
         "steps of one fit of constants; 0: they only mutate", 0, 1000, NULL},
        {"constant-restarts", "N", OPTION_INT, &f->constant_restarts,
         "further fits of a member's constants from elsewhere (default 0; 2 unless squares)", 0,
         1000, NULL},
        {"mutation-weights", "LIST", OPTION_TEXT, &f->mutation_weights,
         "adapt (they follow success), fixed, or 'add_node=3, crossover=0'", 0, 0, NULL},
        {"denoise", NULL, OPTION_FLAG, &f->denoise,
         "search for the target smoothed by a Gaussian process, judge by the target", 0, 0, NULL},
        {"no-laws", NULL, OPTION_FLAG, &f->no_laws, "evolution alone: no search for laws before it",
         0, 0, NULL},
        {"max-constant", "X", OPTION_NUMBER, &f->constant_limit,
         "largest magnitude of a constant; 0: any (default 64 for classes, else any)", 0, HUGE_VAL,
         NULL},
        {"allow-poles", NULL, OPTION_FLAG, &f->allow_poles,
         "also expressions without a value somewhere in the rows' range", 0, 0, NULL},
        {"samples-per-period", "N", OPTION_NUMBER, &f->samples_per_period,
         "distinct values of an input per period of sin and cos, at least (8); 0: any", 0, HUGE_VAL,
         NULL},
        {"resume", NULL, OPTION_FLAG, &f->resume, "go on from RUN/checkpoint", 0, 0, NULL},
        {"force", NULL, OPTION_FLAG, &f->force, "replace the run that RUN holds", 0, 0, NULL},
        {"json", NULL, OPTION_FLAG, &o->json, "print the front and the summary as JSON", 0, 0,
         NULL},
        {"quiet", NULL, OPTION_FLAG, &o->quiet, "no progress, no notes", 0, 0, NULL},
    };
    memcpy(rows, own, sizeof own);
}

static void print_summary(const fit_command *o, const char *path, const symlut_run *run,
                          const json_t *summary)
{
    const char **outputs = front_outputs(run);
    bool several = outputs && outputs[0] && outputs[1];
    free(outputs);
    puts("");
    print_front(stdout, run, NULL, several);
    if (several)
        printf("One row of each output; all of them: symlut show %s\n", o->run);
    puts("");
    if (summary) {
        printf("The selected model (>), after %.3g s and %.4g candidates:\n",
               json_number_value(json_object_get(summary, "seconds")),
               json_number_value(json_object_get(summary, "evaluations")));
        print_metrics(stdout, summary);
        const json_t *tails = json_object_get(summary, "heavy_tails");
        if (tails)
            printf("note: %s\n", json_string_value(json_object_get(tails, "note")));
    }
    printf("\nNext:\n"
           "  symlut show %s --style latex\n"
           "  symlut compile %s -o fw --precision 'fixed<16,6>' --data %s\n",
           o->run, o->run, path);
}

/* What the run came to, after the search. */
static int finish(const fit_command *o, const char *path)
{
    symlut_error err;
    symlut_run *run;
    if (symlut_run_open(&run, o->run, o->fit.select, &err) != SYMLUT_OK)
        return print_error(&err);
    json_t *summary = json_loads(symlut_run_summary(run), 0, NULL);
    int code = 0;
    if (o->json) {
        json_t *root = json_pack("{s:s, s:o}", "run", o->run, "front", front_json(run, NULL));
        if (summary)
            json_object_set(root, "summary", summary);
        code = print_json(root);
    } else {
        print_summary(o, path, run, summary);
    }
    json_decref(summary);
    symlut_run_free(run);
    return code;
}

static int fit(const fit_command *o, const char *path)
{
    symlut_error err = {.status = SYMLUT_OK};
    terminal t;
    symlut_hooks hooks = terminal_hooks(&t, o->quiet);
    symlut_dataset *data;
    if (symlut_dataset_load(&data, path, &o->data, &hooks, &err) != SYMLUT_OK)
        return print_error(&err);
    if (!o->quiet)
        fprintf(stderr, "%s: %zu rows, %zu feature%s, target '%s' (%s)\n", path,
                symlut_dataset_rows(data), symlut_dataset_features(data),
                symlut_dataset_features(data) == 1 ? "" : "s", symlut_dataset_target_name(data),
                symlut_dataset_task(data) == SYMLUT_CLASSIFICATION ? "classification"
                                                                   : "regression");
    catch_interrupts();
    symlut_status status = symlut_fit(data, o->run, &o->fit, &hooks, &err);
    symlut_dataset_free(data);
    terminal_finish(&t);
    if (status != SYMLUT_OK && status != SYMLUT_INTERRUPTED)
        return print_error(&err);
    if (status == SYMLUT_INTERRUPTED && err.status == SYMLUT_INTERRUPTED) { /* there is no front */
        fprintf(stderr, "%s\n", err.message);
        return symlut_exit_code(status);
    }
    if (status == SYMLUT_INTERRUPTED)
        fprintf(stderr, "stopped; the front is kept in %s, --resume goes on from here\n", o->run);
    return finish(o, path);
}

static int run(const command *self, int argc, char **argv)
{
    fit_command o = {.data = symlut_data_options_defaults(), .fit = symlut_fit_options_defaults()};
    double default_time = o.fit.time_s;
    o.fit.time_s = -1;
    option options[OWN_OPTIONS + DATA_OPTION_COUNT];
    const char *path;
    int count;
    fit_table(options, &o);
    data_options_table(options + OWN_OPTIONS, &o.data, &o.task);
    parse_result parsed =
        options_parse(self, options, OWN_OPTIONS + DATA_OPTION_COUNT, argc, argv, &path, &count);
    if (parsed != PARSE_OK)
        return parsed == PARSE_HELP ? 0 : 2;
    if (!o.run)
        return usage_error(self, "-o RUN is missing: the folder to write");
    if (o.fit.resume && o.fit.force)
        return usage_error(self, "--resume goes on with the run and --force replaces it; leave one "
                                 "of them out");
    data_options_finish(&o.data, o.task);
    o.fit.guesses = o.guesses.items;
    o.fit.guess_count = o.guesses.count;
    /* a budget of work alone is met exactly, however long it takes */
    if (o.fit.time_s < 0)
        o.fit.time_s = o.fit.iterations || o.fit.evaluations ? 0 : default_time;
    char *line = command_line_text(self, argc, argv);
    o.fit.command_line = line;
    int code = fit(&o, path);
    free(line);
    return code;
}

const command command_fit = {
    .name = "fit",
    .arguments = "DATA -o RUN",
    .summary = "search for expressions that fit the data (symbolic regression)",
    .example = "  symlut fit jets.csv -o run --time 60s --operators '+,-,*,sin,exp'\n",
    .arguments_least = 1,
    .arguments_most = 1,
    .run = run,
};
