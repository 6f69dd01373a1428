/* The search from end to end: small laws are found, any number of threads writes the same bytes,
 * and a resumed run ends where an uninterrupted one does. */
#include "data/dataset.h"

#include "base/file.h"
#include "base/rng.h"
#include "base/text.h"
#include "expr/bounds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/symlut-fit-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return directory_remove(folder, NULL) == SYMLUT_OK ? 0 : -1;
}

static const char *path_of(char *out, const char *name)
{
    snprintf(out, 256, "%s/%s", folder, name);
    return out;
}

/* rows of three features in [-2, 2] and a target that `law` gives. */
static symlut_dataset *make_data(const char *name, int rows, double (*law)(const double *x),
                                 bool classes)
{
    char path[256];
    text csv = {0};
    text_append(&csv, "a,b,c,y\n");
    rng r = rng_make(5, 5);
    for (int i = 0; i < rows; i++) {
        double x[3];
        for (int f = 0; f < 3; f++) {
            x[f] = 4 * rng_unit(&r) - 2;
            text_printf(&csv, "%.17g,", x[f]);
        }
        if (classes)
            text_printf(&csv, "%s\n", law(x) > 0 ? "yes" : "no");
        else
            text_printf(&csv, "%.17g\n", law(x));
    }
    assert_int_equal(file_write(path_of(path, name), csv.data, csv.length, NULL), SYMLUT_OK);
    text_free(&csv);
    symlut_data_options options = symlut_data_options_defaults();
    symlut_dataset *data;
    symlut_error err;
    if (symlut_dataset_load(&data, path, &options, NULL, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
    return data;
}

static double parabola(const double *x)
{
    return 2.5 * x[0] * x[0] - x[1];
}

static double wave(const double *x)
{
    return 1.5 * sin(3.1 * x[0] + 0.4) * x[2];
}

static double constant(const double *x)
{
    (void)x;
    return 4.25;
}

static double circle(const double *x)
{
    return 1.5 - x[0] * x[0] - x[1] * x[1];
}

static symlut_fit_options quick(void)
{
    symlut_fit_options o = symlut_fit_options_defaults();
    o.time_s = 0;
    o.iterations = 6;
    o.islands = 4;
    o.population = 30;
    o.threads = 1;
    o.max_size = 20;
    o.force = true;
    return o;
}

static void fit(const symlut_dataset *data, const char *run, const symlut_fit_options *o)
{
    char path[256];
    symlut_error err;
    if (symlut_fit(data, path_of(path, run), o, NULL, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
}

static char *read_text(const char *run, const char *file)
{
    char path[256], *data;
    size_t length;
    snprintf(path, sizeof path, "%s/%s/%s", folder, run, file);
    assert_int_equal(file_read(&data, &length, path, NULL), SYMLUT_OK);
    return data;
}

static double jagged(const double *x)
{
    return sin(1e4 * x[0]) + sin(1e4 * x[1]); /* to the search, noise */
}

static bool has_pole(expr e, const bounds *box)
{
    bounds range;
    return !expr_bounds(&range, e, box);
}

/* Of 24 rows, with 8 to a period. */
static bool waves_unseen(expr e, const bounds *box)
{
    const double periods[] = {3, 3, 3};
    return !expr_resolved(e, box, periods);
}

/* How many rows of a search's front `judge` finds at fault in the box that the data span. */
static int faults(const symlut_dataset *data, const symlut_fit_options *o,
                  bool (*judge)(expr e, const bounds *box))
{
    fit(data, "faults", o);
    char *csv = read_text("faults", "front.csv");
    static const char *const features[] = {"a", "b", "c"};
    const expr_names known = {features, 3};
    arena memory = {0};
    bounds box[3];
    int found = 0;
    for (int f = 0; f < 3; f++) {
        box[f] = (bounds){(double)INFINITY, -(double)INFINITY};
        for (size_t row = 0; row < data->rows; row++) {
            box[f].low = fmin(box[f].low, data->columns[f][row]);
            box[f].high = fmax(box[f].high, data->columns[f][row]);
        }
    }
    char *line = strchr(csv, '\n');
    for (line++; *line; line += strlen(line) + 1) {
        line[strcspn(line, "\n")] = '\0';
        char *equation = strrchr(line, ','); /* no operation here is written with a comma */
        expr e;
        assert_int_equal(expr_parse(&e, &memory, equation + 1, &known, "", 1, 1, NULL), SYMLUT_OK);
        found += judge(e, box);
    }
    arena_free(&memory);
    free(csv);
    return found;
}

static void check_poles(bool classes, symlut_fit_options o)
{
    symlut_dataset *data = make_data("jagged.csv", 60, jagged, classes);
    o.operators = "+,-,*,/,sqrt,log";
    assert_int_equal(faults(data, &o, has_pole), 0);
    o.allow_poles = true;
    assert_true(faults(data, &o, has_pole) > 0); /* else the line above says nothing */
    symlut_dataset_free(data);
}

static void poles_are_avoided(void **state)
{
    (void)state;
    check_poles(false, quick());
}

/* The same of forests, judged together. */
static void poles_are_avoided_by_forests(void **state)
{
    (void)state;
    symlut_fit_options o = quick();
    o.loss = "softmax";
    o.scale = "none";
    o.iterations = 11;
    o.max_size = 10;
    check_poles(true, o);
}

static void unseen_waves_are_avoided(void **state)
{
    (void)state;
    symlut_dataset *data = make_data("jagged.csv", 24, jagged, false);
    symlut_fit_options o = quick();
    o.operators = "+,-,*,sin,exp";
    o.iterations = 15;
    assert_int_equal(faults(data, &o, waves_unseen), 0);
    o.samples_per_period = 0;
    assert_true(faults(data, &o, waves_unseen) > 0);
    symlut_dataset_free(data);
}

/* Largest error of the selected model against the law on points of its own. */
static double model_error(const char *run, double (*law)(const double *x))
{
    char path[256];
    symlut_model *m;
    symlut_error err;
    symlut_model_options options = symlut_model_options_defaults();
    options.select = "accuracy";
    if (symlut_model_load(&m, path_of(path, run), &options, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
    symlut_dataset *fresh = make_data("fresh.csv", 50, law, false);
    double y[50], worst = 0;
    assert_int_equal(symlut_model_predict(m, fresh, y, &err), SYMLUT_OK);
    for (int i = 0; i < 50; i++)
        worst = fmax(worst, fabs(y[i] - fresh->target[i]));
    symlut_dataset_free(fresh);
    symlut_model_free(m);
    return worst;
}

static void test_recoveries(void **state)
{
    (void)state;
    symlut_fit_options o = quick();
    o.iterations = 15;
    symlut_dataset *data = make_data("parabola.csv", 200, parabola, false);
    fit(data, "parabola", &o);
    assert_true(model_error("parabola", parabola) < 1e-4);
    symlut_dataset_free(data);
    data = make_data("wave.csv", 300, wave, false);
    o.iterations = 40;
    fit(data, "wave", &o);
    assert_true(model_error("wave", wave) < 1e-3);
    symlut_dataset_free(data);
}

static void test_constant_target(void **state)
{
    (void)state;
    symlut_fit_options o = quick();
    symlut_dataset *data = make_data("constant.csv", 60, constant, false);
    fit(data, "constant", &o);
    assert_true(model_error("constant", constant) == 0);
    symlut_dataset_free(data);
}

static void test_same_bytes_for_any_threads(void **state)
{
    (void)state;
    symlut_fit_options o = quick();
    symlut_dataset *data = make_data("threads.csv", 700, wave, false);
    char *expected = NULL;
    for (int threads = 1; threads <= 4; threads *= 2) {
        o.threads = threads;
        fit(data, "threads", &o);
        char *front = read_text("threads", "front.csv");
        if (expected)
            assert_string_equal(front, expected);
        else
            expected = strdup(front);
        free(front);
    }
    free(expected);
    symlut_dataset_free(data);
}

static void test_resume_ends_alike(void **state)
{
    (void)state;
    symlut_fit_options o = quick();
    symlut_dataset *data = make_data("resume.csv", 300, wave, false);
    o.iterations = 7;
    fit(data, "whole", &o);
    o.iterations = 3;
    fit(data, "parts", &o);
    o.iterations = 7;
    o.resume = true;
    o.force = false;
    o.threads = 2;
    fit(data, "parts", &o);
    char *whole = read_text("whole", "front.csv"), *parts = read_text("parts", "front.csv");
    assert_string_equal(whole, parts);
    free(whole);
    free(parts);
    symlut_error err;
    char path[256];
    o.seed = 2;
    assert_int_equal(symlut_fit(data, path_of(path, "parts"), &o, NULL, &err), SYMLUT_BAD_INPUT);
    o.seed = 1;
    o.resume = false;
    assert_int_equal(symlut_fit(data, path_of(path, "parts"), &o, NULL, &err), SYMLUT_BAD_INPUT);
    symlut_dataset_free(data);
}

/* A wish to stop that comes with the Nth question, then never again. */
typedef struct wish {
    int questions, after;
} wish;

static bool wish_stop(void *payload)
{
    wish *w = payload;
    return ++w->questions >= w->after;
}

/* Stopped in the midst of a recovery or of a round, a run keeps the last whole round and goes on to
 * the same bytes. */
static void test_stops_within_a_round(void **state)
{
    (void)state;
    symlut_fit_options o = quick();
    symlut_dataset *data = make_data("stop.csv", 300, wave, false);
    symlut_error err;
    char path[300], run[256];
    o.iterations = 3;
    fit(data, "unstopped", &o);
    char *whole = read_text("unstopped", "front.csv");
    int without_front = 0, with_front = 0;
    path_of(run, "stopped");
    for (int after = 1; after < 2000; after = after * 3 + 1) {
        wish w = {.after = after};
        symlut_hooks hooks = {.stop = wish_stop, .payload = &w};
        o.resume = false;
        o.force = true;
        o.threads = 1 + after % 2;
        symlut_status status = symlut_fit(data, run, &o, &hooks, &err);
        if (status == SYMLUT_OK)
            break; /* it was over before */
        assert_int_equal(status, SYMLUT_INTERRUPTED);
        assert_int_equal(w.questions, after); /* it is not asked again */
        snprintf(path, sizeof path, "%s/front.csv", run);
        *(file_exists(path) ? &with_front : &without_front) += 1;
        o.resume = true;
        o.force = false;
        fit(data, "stopped", &o);
        char *resumed = read_text("stopped", "front.csv");
        assert_string_equal(whole, resumed);
        free(resumed);
    }
    assert_true(without_front > 0 && with_front > 0);
    free(whole);
    symlut_dataset_free(data);
}

/* Stopped while the target is smoothed, a new run writes nothing and one that goes on stays as it
 * was. */
static void test_stops_while_smoothing(void **state)
{
    (void)state;
    symlut_fit_options o = quick();
    symlut_dataset *data = make_data("noise.csv", 200, wave, false);
    symlut_error err;
    char run[256];
    o.denoise = true;
    o.iterations = 2;
    fit(data, "smoothed", &o);
    char *whole = read_text("smoothed", "front.csv");
    o.iterations = 1;
    fit(data, "smoothed-parts", &o);
    char *kept = read_text("smoothed-parts", "front.csv");
    o.iterations = 2;
    for (int resume = 0; resume < 2; resume++) {
        wish w = {.after = 40};
        symlut_hooks hooks = {.stop = wish_stop, .payload = &w};
        o.resume = resume;
        o.force = !resume;
        path_of(run, resume ? "smoothed-parts" : "smoothed-new");
        assert_int_equal(symlut_fit(data, run, &o, &hooks, &err), SYMLUT_INTERRUPTED);
        assert_int_equal(w.questions, 40);
        assert_non_null(strstr(err.message, "while the target was smoothed"));
    }
    assert_false(file_exists(path_of(run, "smoothed-new")));
    char *after = read_text("smoothed-parts", "front.csv");
    assert_string_equal(kept, after);
    fit(data, "smoothed-parts", &o);
    char *resumed = read_text("smoothed-parts", "front.csv");
    assert_string_equal(whole, resumed);
    free(whole);
    free(kept);
    free(after);
    free(resumed);
    symlut_dataset_free(data);
}

/* Rules change nothing about threads and resuming, belong to the checkpoint, and are recorded. */
static void test_rules_in_a_run(void **state)
{
    (void)state;
    symlut_fit_options o = quick();
    o.nested = "sin: sin 0, exp 0";
    o.complexity = "sin=2.5, x=1.5";
    o.max_depth = 6;
    symlut_dataset *data = make_data("rules.csv", 300, wave, false);
    fit(data, "ruled", &o);
    o.iterations = 2;
    o.threads = 3;
    fit(data, "ruled-parts", &o);
    o.iterations = 6;
    o.resume = true;
    o.force = false;
    fit(data, "ruled-parts", &o);
    char *whole = read_text("ruled", "front.csv"), *parts = read_text("ruled-parts", "front.csv");
    assert_string_equal(whole, parts);
    free(whole);
    free(parts);
    char *record = read_text("ruled", "run.json"), path[256];
    assert_non_null(strstr(record, "\"nested\": \"sin: sin 0, exp 0\""));
    free(record);
    symlut_error err;
    o.nested = "sin: sin 1";
    assert_int_equal(symlut_fit(data, path_of(path, "ruled-parts"), &o, NULL, &err),
                     SYMLUT_BAD_INPUT);
    symlut_dataset_free(data);
}

static void test_stops_at_a_loss(void **state)
{
    (void)state;
    symlut_fit_options o = quick();
    o.iterations = 100;
    o.stop_loss = 1e-9;
    symlut_dataset *data = make_data("stop.csv", 200, parabola, false);
    fit(data, "stop", &o);
    char *summary = read_text("stop", "summary.json");
    assert_non_null(strstr(summary, "\"stopped_by\": \"loss\""));
    free(summary);
    assert_true(model_error("stop", parabola) < 1e-3);
    symlut_dataset_free(data);
}

/* Constants of exact laws are as good as doubles allow, and the loss is judged with them. */
static void test_constants_in_double(void **state)
{
    (void)state;
    symlut_fit_options o = quick();
    o.iterations = 100;
    o.stop_loss = 1e-26; /* float32 constants leave about 1e-14 */
    double (*const laws[])(const double *) = {parabola, wave};
    for (int i = 0; i < 2; i++) {
        symlut_dataset *data = make_data("double.csv", 300 + 5000 * i, laws[i], false);
        fit(data, "double", &o);
        char *summary = read_text("double", "summary.json");
        assert_non_null(strstr(summary, "\"stopped_by\": \"loss\""));
        free(summary);
        assert_true(model_error("double", laws[i]) < 1e-13);
        symlut_dataset_free(data);
    }
    o.loss = "logcosh";
    o.stop_loss = 1e-13;
    o.iterations = 30;
    symlut_dataset *data = make_data("double.csv", 300, parabola, false);
    fit(data, "double", &o);
    assert_true(model_error("double", parabola) < 1e-6);
    symlut_dataset_free(data);
}

static long long summary_count(const char *summary, const char *key)
{
    const char *at = strstr(summary, key);
    assert_non_null(at);
    return atoll(at + strlen(key));
}

/* Constants may be left to mutation; the counters say what the evaluations were. */
static void test_constants_left_alone(void **state)
{
    (void)state;
    symlut_fit_options o = quick();
    o.constant_iterations = 0;
    symlut_dataset *data = make_data("untuned.csv", 200, wave, false);
    fit(data, "untuned", &o);
    char *summary = read_text("untuned", "summary.json");
    long long evaluations = summary_count(summary, "\"evaluations\": ");
    long long repeats = summary_count(summary, "\"repeats\": ");
    long long abandoned = summary_count(summary, "\"abandoned\": ");
    long long node_rows = summary_count(summary, "\"node_rows\": ");
    assert_true(repeats > 0 && abandoned > 0 && repeats + abandoned < evaluations);
    /* 160 training rows, 1 to 20 nodes, a second pass where the fit is close */
    assert_true(node_rows >= evaluations - repeats - abandoned);
    assert_true(node_rows <= (evaluations - repeats + 6 * 21) * 160 * 20 * 2);
    free(summary);
    symlut_dataset_free(data);
}

/* The front: complexity rises, loss falls, whatever the loss. */
static void test_front_of_every_loss(void **state)
{
    (void)state;
    static const char *const losses[] = {
        "L2", "L1", "huber(0.5)", "logcosh", "quantile(0.7)", "abs(y - p)^1.5"};
    symlut_fit_options o = quick();
    o.iterations = 3;
    symlut_dataset *data = make_data("losses.csv", 150, parabola, false);
    for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++) {
        o.loss = losses[i];
        fit(data, "losses", &o);
        char path[256];
        symlut_run *run;
        assert_int_equal(symlut_run_open(&run, path_of(path, "losses"), NULL, NULL), SYMLUT_OK);
        assert_true(symlut_run_rows(run) >= 2);
        for (size_t row = 1; row < symlut_run_rows(run); row++) {
            symlut_front_row a = symlut_run_row(run, row - 1), b = symlut_run_row(run, row);
            assert_true(b.complexity > a.complexity && b.loss < a.loss);
        }
        symlut_run_free(run);
    }
    symlut_dataset_free(data);
}

static void test_classes(void **state)
{
    (void)state;
    symlut_dataset *data = make_data("circle.csv", 800, circle, true);
    static const char *const losses[] = {"margin", "logistic", "hinge"};
    for (size_t i = 0; i < 3; i++) {
        symlut_fit_options o = quick();
        o.loss = losses[i];
        o.iterations = 10;
        o.select = "accuracy";
        fit(data, "circle", &o);
        char *summary = read_text("circle", "summary.json");
        const char *found = strstr(summary, "\"test\": {\n      \"accuracy\": ");
        assert_non_null(found);
        assert_true(atof(strstr(found, "accuracy\": ") + 11) > 0.9);
        free(summary);
    }
    symlut_dataset_free(data);
}

/* Cross-entropy of the run's row of this complexity, in double, on all rows of the data. */
static double joint_loss(const char *run, const symlut_dataset *data, double complexity)
{
    char path[256], rule[64];
    symlut_model *m;
    symlut_error err;
    symlut_model_options options = symlut_model_options_defaults();
    snprintf(rule, sizeof rule, "complexity %g", complexity);
    options.select = rule;
    if (symlut_model_load(&m, path_of(path, run), &options, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
    double *y = malloc(2 * data->rows * sizeof *y), sum = 0;
    assert_int_equal(symlut_model_predict(m, data, y, &err), SYMLUT_OK);
    for (size_t i = 0; i < data->rows; i++)
        sum += log(exp(y[2 * i]) + exp(y[2 * i + 1])) - y[2 * i + (size_t)data->target[i]];
    free(y);
    symlut_model_free(m);
    return sum / (double)data->rows;
}

/* All classes at once: one front, whose rows hold the loss of the model that they give. */
static void test_joint_front(void **state)
{
    (void)state;
    symlut_dataset *data = make_data("joint.csv", 700, circle, true);
    symlut_fit_options o = quick();
    o.loss = "softmax";
    o.iterations = 11;
    o.max_size = 10;
    o.split = "1,0,0";
    fit(data, "joint", &o);
    char path[256];
    symlut_run *run;
    assert_int_equal(symlut_run_open(&run, path_of(path, "joint"), NULL, NULL), SYMLUT_OK);
    size_t rows = symlut_run_rows(run) / 2;
    assert_true(rows >= 3 && symlut_run_rows(run) == 2 * rows);
    for (size_t i = 0; i < rows; i++) {
        symlut_front_row a = symlut_run_row(run, i), b = symlut_run_row(run, rows + i);
        assert_true(a.complexity == b.complexity && a.loss == b.loss && a.selected == b.selected);
        assert_true(strcmp(a.output, b.output) != 0);
        if (i > 0) {
            symlut_front_row before = symlut_run_row(run, i - 1);
            assert_true(a.complexity > before.complexity && a.loss < before.loss);
        }
        assert_true(fabs(joint_loss("joint", data, a.complexity) - a.loss) < 1e-5 * a.loss + 1e-6);
    }
    assert_true(symlut_run_row(run, rows - 1).loss < 0.1);
    symlut_run_free(run);
    symlut_dataset_free(data);
}

/* Stops before, at and after the groves' start; any number of threads. */
static void test_joint_resumes(void **state)
{
    (void)state;
    symlut_dataset *data = make_data("resumed.csv", 900, circle, true);
    symlut_fit_options o = quick();
    o.loss = "softmax";
    o.iterations = 10;
    o.max_size = 10;
    fit(data, "whole-joint", &o);
    char *whole = read_text("whole-joint", "front.csv");
    static const int stops[] = {3, 8, 9};
    for (int i = 0; i < 3; i++) {
        o.iterations = stops[i];
        o.force = true;
        o.resume = false;
        o.threads = i + 1;
        fit(data, "parts-joint", &o);
        o.iterations = 10;
        o.force = false;
        o.resume = true;
        o.threads = 3 - i;
        fit(data, "parts-joint", &o);
        char *parts = read_text("parts-joint", "front.csv");
        assert_string_equal(whole, parts);
        free(parts);
    }
    free(whole);
    symlut_dataset_free(data);
}

static void test_refusals(void **state)
{
    (void)state;
    symlut_dataset *data = make_data("refused.csv", 60, parabola, false);
    symlut_error err;
    char path[256];
    symlut_fit_options o = quick();
    o.operators = "+,sinn";
    assert_int_equal(symlut_fit(data, path_of(path, "refused"), &o, NULL, &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "sin"));
    o = quick();
    o.loss = "hinge";
    assert_int_equal(symlut_fit(data, path, &o, NULL, &err), SYMLUT_BAD_INPUT);
    o.loss = "softmax";
    assert_int_equal(symlut_fit(data, path, &o, NULL, &err), SYMLUT_BAD_INPUT);
    o.loss = "y*y";
    assert_int_equal(symlut_fit(data, path, &o, NULL, &err), SYMLUT_BAD_INPUT);
    o = quick();
    o.max_size = 0;
    assert_int_equal(symlut_fit(data, path, &o, NULL, &err), SYMLUT_BAD_INPUT);
    o = quick();
    o.constant_iterations = -1;
    assert_int_equal(symlut_fit(data, path, &o, NULL, &err), SYMLUT_BAD_INPUT);
    assert_false(file_exists(path));
    assert_int_equal(symlut_fit(data, folder, &o, NULL, &err), SYMLUT_BAD_INPUT);
    symlut_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poles_are_avoided),
        cmocka_unit_test(poles_are_avoided_by_forests),
        cmocka_unit_test(unseen_waves_are_avoided),
        cmocka_unit_test(test_recoveries),
        cmocka_unit_test(test_constant_target),
        cmocka_unit_test(test_same_bytes_for_any_threads),
        cmocka_unit_test(test_resume_ends_alike),
        cmocka_unit_test(test_stops_within_a_round),
        cmocka_unit_test(test_stops_while_smoothing),
        cmocka_unit_test(test_rules_in_a_run),
        cmocka_unit_test(test_stops_at_a_loss),
        cmocka_unit_test(test_constants_in_double),
        cmocka_unit_test(test_constants_left_alone),
        cmocka_unit_test(test_front_of_every_loss),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_joint_front),
        cmocka_unit_test(test_joint_resumes),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
