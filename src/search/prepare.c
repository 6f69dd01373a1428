#include "search/prepare.h"
#include "search/template.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHUFFLE_STREAM = 0x0DE2 };

/* Adds the definition at p, `length` bytes of the list. */
static symlut_status add_function(vocabulary *v, arena *memory, const char *p, size_t length,
                                  const char *list, symlut_error *err)
{
    expr_functions *f = (expr_functions *)(uintptr_t)v->functions;
    if (!f)
        v->functions = f = ARENA_NEW(memory, expr_functions);
    if (!f)
        return error_memory(err);
    return function_define(f, memory, p, length, list, "--operators", 1, err);
}

symlut_status vocabulary_parse(vocabulary *v, arena *memory, const char *list, symlut_error *err)
{
    static const char separators[] = ",; \t\n";
    for (const char *p = list + strspn(list, separators); *p; p += strspn(p, separators)) {
        size_t length = function_measure(p);
        if (length > 0) {
            symlut_status status = add_function(v, memory, p, length, list, err);
            if (status != SYMLUT_OK)
                return status;
            p += length;
            continue;
        }
        length = strcspn(p, separators);
        expr_op op;
        if (!expr_op_find(&op, p, length) || expr_arity(op) == 0) {
            const char *names[EXPR_OP_COUNT];
            size_t count = 0;
            for (int i = 0; i < EXPR_OP_COUNT; i++)
                if (expr_arity((expr_op)i) > 0)
                    names[count++] = expr_op_name((expr_op)i);
            char wanted[64];
            snprintf(wanted, sizeof wanted, "%.*s", (int)(length < 63 ? length : 63), p);
            symlut_status status = error_set(
                err, SYMLUT_BAD_INPUT,
                "unknown operator '%s'; expected a list such as '+,-,*,/,sin,exp'", wanted);
            error_nearest(err, wanted, names, count);
            return status;
        }
        p += length;
        expr_op *ops = expr_arity(op) == 1 ? v->unary : v->binary;
        int *count = expr_arity(op) == 1 ? &v->unary_count : &v->binary_count, i = 0;
        while (i < *count && ops[i] != op)
            i++;
        if (i == *count)
            ops[(*count)++] = op;
    }
    if (v->unary_count + v->binary_count == 0 && !v->functions)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the list of operators is empty; expected one such as '+,-,*,/'");
    return SYMLUT_OK;
}

double task_target(const task *t, int k, uint32_t row)
{
    double y = t->data->target[row];
    if (t->data->task != SYMLUT_CLASSIFICATION)
        return y;
    return (int)y == k ? 1 : -1;
}

void task_inputs(const task *t, uint32_t row, double *x)
{
    for (size_t f = 0; f < t->data->features; f++)
        x[f] = (t->data->columns[f][row] - t->mean[f]) / t->scale[f];
}

static bool has(const vocabulary *v, expr_op op)
{
    for (int i = 0; i < v->binary_count; i++)
        if (v->binary[i] == op)
            return true;
    return false;
}

bool problem_index(problem *p, arena *memory)
{
    size_t blocks = (p->padded + EVAL_BLOCK - 1) / EVAL_BLOCK;
    p->sum_w = ARENA_ARRAY(memory, double, blocks + 1);
    p->sum_y = ARENA_ARRAY(memory, double, blocks + 1);
    p->sum_yy = ARENA_ARRAY(memory, double, blocks + 1);
    if (memory->failed)
        return false;
    for (size_t b = 0; b < blocks; b++) {
        double w = 0, y = 0, yy = 0;
        for (size_t i = b * EVAL_BLOCK; i < p->rows && i < (b + 1) * EVAL_BLOCK; i++) {
            double wi = p->weights ? (double)p->weights[i] : 1, yi = (double)p->y[i];
            w += wi;
            y += wi * yi;
            yy += wi * yi * yi;
        }
        p->sum_w[b + 1] = p->sum_w[b] + w;
        p->sum_y[b + 1] = p->sum_y[b] + y;
        p->sum_yy[b + 1] = p->sum_yy[b] + yy;
    }
    double w = p->sum_w[blocks], y = p->sum_y[blocks];
    p->baseline = (p->sum_yy[blocks] - y * y / w) / w;
    return true;
}

/* Of the i-th training row in random order. */
static double searched_target(const task *t, int k, const uint32_t *order, size_t i)
{
    return t->smooth ? t->smooth[i] : task_target(t, k, order[i]);
}

static symlut_status smooth_target(task *t, const uint32_t *order, const symlut_hooks *hooks,
                                   symlut_error *err)
{
    t->smooth = malloc(t->parts.train_count * sizeof *t->smooth);
    if (!t->smooth)
        return error_memory(err);
    return denoise(&t->smoothing, t->smooth, (const double *const *)t->data->columns,
                   t->data->features, t->data->target, order, t->parts.train_count, hooks, err);
}

static symlut_status fill_problem(task *t, int k, const uint32_t *order, symlut_error *err)
{
    problem *p = &t->problems[k];
    size_t rows = t->parts.train_count, padded = (rows + EVAL_LANES - 1) / EVAL_LANES * EVAL_LANES;
    *p = (problem){.columns = (const float *const *)t->columns,
                   .rows = rows,
                   .padded = padded,
                   .weights = t->weights,
                   .tail = t->tail,
                   .squares = t->squares,
                   .weighs = t->weighs,
                   .limits = &t->set.words.limits,
                   .box = t->box,
                   .poles = t->poles,
                   .periods = t->periods,
                   .constant_limit = t->constant_limit,
                   .bounded = t->bounded,
                   .loss = t->loss,
                   .slope = t->slope};
    double sum = 0, weight = 0;
    for (size_t i = 0; i < rows; i++) {
        double w = t->data->weights ? t->data->weights[order[i]] : 1;
        sum += w * searched_target(t, k, order, i);
        weight += w;
    }
    p->y_mean = t->squares ? sum / weight : 0;
    float *y = t->targets[k] = buffer_alloc(padded, sizeof(float));
    if (!y)
        return error_memory(err);
    for (size_t i = 0; i < padded; i++)
        y[i] = (float)(searched_target(t, k, order, i < rows ? i : rows - 1) - p->y_mean);
    p->y = y;
    bool scaled = t->squares && !t->set.words.limits.template; /* a template's form stays */
    bool multiply = has(&t->set.words, EXPR_MUL), add = has(&t->set.words, EXPR_ADD);
    p->laws = t->data->task == SYMLUT_REGRESSION && multiply && add;
    p->forms[FORM_PLAIN] = true;
    p->forms[FORM_SCALE] = scaled && multiply;
    p->forms[FORM_OFFSET] = scaled && add;
    p->forms[FORM_BOTH] = scaled && multiply && add;
    return problem_index(p, &t->memory) ? SYMLUT_OK : error_memory(err);
}

/* A range widened by a tenth on either side, for rows that are still to come; what is all of one
 * sign stays so, or a logarithm of a positive input would have no place. */
static bounds guarded(double low, double high)
{
    double guard = 0.1 * (high - low);
    double below = low >= 0 ? fmax(low - guard, low / 1024) : low - guard;
    double above = high <= 0 ? fmin(high + guard, high / 1024) : high + guard;
    return (bounds){below, above};
}

/* Poles and fast waves of a template's own form, with a number for each of its inner expressions,
 * are the user's: nothing in it is asked for bounds, or for a resolution, then. */
static void allow_what_form_does(task *t)
{
    const rules *limits = &t->set.words.limits;
    expr_node nodes[TEMPLATE_PARTS + 1], room[RULES_PLAIN];
    expr e = {nodes, 0};
    for (int k = 0; k < limits->template->count; k++)
        nodes[e.count++] = (expr_node){.op = EXPR_CONST, .value = 0.75};
    nodes[e.count] =
        (expr_node){.op = EXPR_CALL, .arity = (uint8_t)e.count, .feature = TEMPLATE_CALL};
    e.count++;
    tree_measure(&e);
    expr plain = rules_plain(limits, room, e);
    bounds range;
    if (plain.count == 0 || !expr_bounds(&range, plain, t->box))
        t->poles = true;
    if (t->poles || (t->periods && !expr_resolved(plain, t->box, t->periods)))
        t->periods = NULL;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* How many periods of a wave along each input the rows resolve, from its distinct values among the
 * first rows (they are in random order). */
static symlut_status count_periods(task *t, double samples_per_period, symlut_error *err)
{
    enum { SAMPLE = 4096 };
    size_t rows = t->parts.train_count < SAMPLE ? t->parts.train_count : SAMPLE;
    float *sorted = malloc((rows + 1) * sizeof *sorted);
    if (!sorted)
        return error_memory(err);
    for (size_t f = 0; f < t->data->features; f++) {
        memcpy(sorted, t->columns[f], rows * sizeof *sorted);
        qsort(sorted, rows, sizeof *sorted, by_value);
        size_t distinct = 1;
        for (size_t i = 1; i < rows; i++)
            distinct += sorted[i] > sorted[i - 1];
        t->periods[f] = (double)distinct / samples_per_period;
    }
    free(sorted);
    return SYMLUT_OK;
}

static symlut_status fill_columns(task *t, const uint32_t *order, symlut_error *err)
{
    size_t rows = t->parts.train_count, padded = (rows + EVAL_LANES - 1) / EVAL_LANES * EVAL_LANES;
    for (size_t f = 0; f < t->data->features; f++) {
        float *column = t->columns[f] = buffer_alloc(padded, sizeof(float));
        if (!column)
            return error_memory(err);
        t->low[f] = (double)INFINITY;
        t->high[f] = -(double)INFINITY;
        for (size_t i = 0; i < padded; i++) {
            double x =
                (t->data->columns[f][order[i < rows ? i : rows - 1]] - t->mean[f]) / t->scale[f];
            t->low[f] = fmin(t->low[f], x);
            t->high[f] = fmax(t->high[f], x);
            column[i] = (float)x;
        }
        t->box[f] = guarded(t->low[f], t->high[f]);
    }
    t->tail = buffer_alloc(EVAL_BLOCK, sizeof(float));
    if (!t->tail)
        return error_memory(err);
    for (size_t i = 0; i < rows % EVAL_BLOCK; i++)
        t->tail[i] = 1;
    if (!t->data->weights)
        return SYMLUT_OK;
    t->weights = buffer_alloc(padded, sizeof(float));
    if (!t->weights)
        return error_memory(err);
    for (size_t i = 0; i < rows; i++)
        t->weights[i] = (float)t->data->weights[order[i]];
    return SYMLUT_OK;
}

/* Training rows in a random order, so that every range of them is a sample. */
static uint32_t *shuffled_rows(const split *parts, uint64_t seed)
{
    uint32_t *order = malloc(parts->train_count * sizeof *order);
    if (!order)
        return NULL;
    memcpy(order, parts->train, parts->train_count * sizeof *order);
    rng r = rng_make(seed, SHUFFLE_STREAM);
    for (size_t i = parts->train_count; i > 1; i--) {
        size_t j = rng_below(&r, (uint32_t)i);
        uint32_t other = order[i - 1];
        order[i - 1] = order[j];
        order[j] = other;
    }
    return order;
}

static symlut_status make_scaler(task *t, const char *how, bool classification, symlut_error *err)
{
    bool standard = !strcmp(how, "standard") || (!strcmp(how, "auto") && classification);
    if (!standard && strcmp(how, "auto") != 0 && strcmp(how, "none") != 0)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "unknown scaling '%s'; expected auto, standard or none", how);
    for (size_t f = 0; f < t->data->features; f++)
        t->scale[f] = 1;
    if (standard)
        scaler_learn(t->mean, t->scale, t->data, t->parts.train, t->parts.train_count);
    return SYMLUT_OK;
}

static symlut_status check_options(const symlut_dataset *data, const symlut_fit_options *o,
                                   symlut_error *err)
{
    if (!symlut_dataset_has_target(data))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the data has no target column to fit; name one with --target");
    if (data->features == 0)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the data has no feature that varies; a fit needs at "
                         "least one column beside the target");
    if (o->max_size < 1 || o->max_size > TREE_MAX)
        return error_set(err, SYMLUT_BAD_INPUT, "maxsize is %d; expected 1 to %d", o->max_size,
                         TREE_MAX);
    if (o->islands < 1 || o->population < 2 || o->threads < 0 || o->threads > 1024)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "islands %d, population %d, threads %d: expected at least 1, 2 and 0",
                         o->islands, o->population, o->threads);
    if (o->batch != 0 && (o->batch < EVAL_BLOCK || o->batch > 1L << 40))
        return error_set(err, SYMLUT_BAD_INPUT, "batch is %ld rows; expected at least %d", o->batch,
                         EVAL_BLOCK);
    if (o->denoise && data->task == SYMLUT_CLASSIFICATION)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "--denoise smooths numbers, and this target has classes; leave it out");
    if (!o->units && (o->unit_penalty >= 0 || o->dimensionless_constants))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "%s says how units are judged, and none are given; add --units or leave "
                         "it out",
                         o->unit_penalty >= 0 ? "--unit-penalty" : "--dimensionless-constants");
    if (o->constant_iterations < 0 || o->constant_iterations > 1000)
        return error_set(err, SYMLUT_BAD_INPUT, "constant iterations are %d; expected 0 to 1000",
                         o->constant_iterations);
    if (o->warmup_maxsize < 0)
        return error_set(err, SYMLUT_BAD_INPUT, "the warm-up takes %d epochs; expected 0 or more",
                         o->warmup_maxsize);
    if (o->stop_complexity < 0 || (o->stop_complexity > 0 && o->stop_loss < 0))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "--stop-complexity says which expressions --stop-loss is for; give that "
                         "too");
    if (o->constant_restarts < -1 || o->constant_restarts > 1000)
        return error_set(err, SYMLUT_BAD_INPUT, "constant restarts are %d; expected 0 to 1000",
                         o->constant_restarts);
    return SYMLUT_OK;
}

static symlut_status choose_kernels(task *t, const char *name, symlut_error *err)
{
    static const char *const known[] = {"auto", "portable", "avx2", "avx512"};
    bool found = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        found = found || !strcmp(name, known[i]);
    if (!found)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "kernels are '%s'; expected auto, portable, avx2 or avx512", name);
    t->set.kernels = strcmp(name, "auto") != 0 ? kernels_named(name) : kernels_best();
    if (!t->set.kernels)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "this processor cannot run the kernels '%s'; expected auto or portable",
                         name);
    return SYMLUT_OK;
}

static symlut_status prepare_units(task *t, const symlut_fit_options *o, symlut_error *err)
{
    const symlut_dataset *data = t->data;
    if (!o->units)
        return SYMLUT_OK;
    for (size_t f = 0; f < data->features; f++)
        if (t->mean[f] != 0 || t->scale[f] != 1)
            return error_set(
                err, SYMLUT_BAD_INPUT,
                "units are those of raw inputs, but these are scaled; add --scale none");
    symlut_status status =
        units_read(&t->units, &t->memory, o->units, (const char *const *)data->feature_names,
                   data->features, data->known_names, data->known, data->target_name, err);
    t->units.free_constants = !o->dimensionless_constants;
    t->set.words.limits.units = &t->units;
    t->set.words.limits.unit_penalty = o->unit_penalty >= 0 ? o->unit_penalty : (double)INFINITY;
    if (data->task == SYMLUT_CLASSIFICATION) /* scores are pure numbers */
        t->units.target = (unit){0}, t->units.target_known = true;
    return status;
}

static symlut_status prepare_template(task *t, const symlut_fit_options *o, symlut_error *err)
{
    const symlut_dataset *data = t->data;
    const expr_names names = {(const char *const *)data->feature_names, data->features};
    rules *limits = &t->set.words.limits;
    template *read = NULL;
    if (!o->template_form)
        return o->template_parameters
                   ? error_set(err, SYMLUT_BAD_INPUT,
                               "template parameters '%.200s' are given without a template",
                               o->template_parameters)
                   : SYMLUT_OK;
    if (o->guess_count > 0)
        return error_set(err, SYMLUT_BAD_INPUT, "a search with a template takes no guesses");
    if (o->warmup_maxsize > 0)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "a search with a template has no warm-up: what is fixed takes its nodes "
                         "from the start; leave --warmup-maxsize out");
    symlut_status status =
        template_read(&read, &t->memory, o->template_form, o->template_parameters, &t->set.words,
                      &names, o->max_size, err);
    if (status != SYMLUT_OK)
        return status;
    limits->template = read;
    limits->active = true;
    t->set.max_size = o->max_size + read->count - read->expressions + 1;
    t->set.ways.weights[VARY_BACKSOLVE] = 0; /* its library knows nothing of forms */
    return SYMLUT_OK;
}

static bool allocate(task *t, const symlut_fit_options *o)
{
    const symlut_dataset *data = t->data;
    bool classification = data->task == SYMLUT_CLASSIFICATION;
    t->outputs = classification ? (int)data->classes : 1;
    t->constant_limit = o->constant_limit >= 0 ? o->constant_limit : classification ? 64 : 0;
    t->set.max_size = o->max_size;
    t->set.warmup = o->warmup_maxsize;
    t->set.islands = o->islands;
    t->set.population = o->population;
    t->set.optimize_iterations = o->constant_iterations;
    if (o->batch > 0) /* whole blocks */
        t->set.window_rows = ((size_t)o->batch + EVAL_BLOCK - 1) / EVAL_BLOCK * EVAL_BLOCK;
    if (o->constant_iterations == 0)
        t->set.optimize = t->set.optimize_birth = 0;
    t->set.words.features = (int)data->features;
    t->mean = ARENA_ARRAY(&t->memory, double, data->features);
    t->scale = ARENA_ARRAY(&t->memory, double, data->features);
    t->low = ARENA_ARRAY(&t->memory, double, data->features);
    t->high = ARENA_ARRAY(&t->memory, double, data->features);
    t->box = ARENA_ARRAY(&t->memory, bounds, data->features);
    t->poles = o->allow_poles;
    if (o->samples_per_period > 0)
        t->periods = ARENA_ARRAY(&t->memory, double, data->features);
    t->columns = ARENA_ARRAY(&t->memory, float *, data->features);
    t->targets = ARENA_ARRAY(&t->memory, float *, t->outputs);
    t->problems = ARENA_ARRAY(&t->memory, problem, t->outputs);
    t->output_names = ARENA_ARRAY(&t->memory, const char *, t->outputs);
    if (t->memory.failed)
        return false;
    for (int k = 0; k < t->outputs; k++)
        t->output_names[k] = classification ? data->class_names[k] : data->target_name;
    return true;
}

enum { RESTARTS = 2 }; /* of fits by a quasi-Newton method, as PySR's */

symlut_status task_prepare(task *t, const symlut_dataset *data, const symlut_fit_options *o,
                           const symlut_hooks *hooks, symlut_error *err)
{
    *t = (task){.data = data, .set = settings_defaults()};
    double fractions[3];
    symlut_status status = check_options(data, o, err);
    if (status == SYMLUT_OK)
        status = split_parse(fractions, o->split, err);
    if (status == SYMLUT_OK)
        status = split_make(&t->parts, data, fractions, o->test_from, o->seed, err);
    if (status != SYMLUT_OK)
        return status;
    bool classification = data->task == SYMLUT_CLASSIFICATION;
    if (!allocate(t, o))
        return error_memory(err);
    status = choose_kernels(t, o->kernels, err);
    if (status == SYMLUT_OK)
        status = vocabulary_parse(&t->set.words, &t->memory, o->operators, err);
    if (status == SYMLUT_OK)
        status = rules_parse_with(&t->set.words.limits, t->set.words.functions, o->max_size,
                                  o->max_depth, o->nested, o->constraints, o->complexity, err);
    if (status == SYMLUT_OK)
        status = variation_parse(&t->set.ways, o->mutation_weights, err);
    if (status == SYMLUT_OK)
        status = loss_parse(t, o->loss, classification, err);
    if (status == SYMLUT_OK)
        status = loss_check(t, err);
    if (status == SYMLUT_OK)
        status = prepare_template(t, o, err);
    if (status == SYMLUT_OK)
        status = make_scaler(t, o->scale, classification, err);
    if (status == SYMLUT_OK)
        status = prepare_units(t, o, err);
    t->set.optimize_restarts = o->constant_restarts >= 0 ? o->constant_restarts
                               : t->squares              ? 0
                                                         : RESTARTS;
    uint32_t *order = status == SYMLUT_OK ? shuffled_rows(&t->parts, o->seed) : NULL;
    if (status == SYMLUT_OK && !order)
        return error_memory(err);
    if (status == SYMLUT_OK)
        status = fill_columns(t, order, err);
    if (status == SYMLUT_OK && t->periods)
        status = count_periods(t, o->samples_per_period, err);
    if (status == SYMLUT_OK && t->set.words.limits.template)
        allow_what_form_does(t);
    if (status == SYMLUT_OK && o->denoise)
        status = smooth_target(t, order, hooks, err);
    for (int k = 0; k < t->outputs && status == SYMLUT_OK; k++)
        status = fill_problem(t, k, order, err);
    free(order);
    return status;
}

void task_free(task *t)
{
    if (t->columns)
        for (size_t f = 0; f < t->data->features; f++)
            free(t->columns[f]);
    if (t->targets)
        for (int k = 0; k < t->outputs; k++)
            free(t->targets[k]);
    free(t->weights);
    free(t->tail);
    free(t->smooth);
    split_free(&t->parts);
    arena_free(&t->memory);
    *t = (task){0};
}
