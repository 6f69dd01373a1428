/* The search a user starts: symlut_fit. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "search/guess.h"
#include "search/reduce.h"
#include "search/run_files.h"
#include "search/separate.h"
#include "search/template.h"

symlut_fit_options symlut_fit_options_defaults(void)
{
    return (symlut_fit_options){
        .operators = "+,-,*,/,sin,cos,exp,log,sqrt",
        .loss = "auto",
        .scale = "auto",
        .split = "0.8,0.1,0.1",
        .test_from = -1,
        .max_size = 30,
        .time_s = 60,
        .seed = 1,
        .islands = 12,
        .population = 60,
        .kernels = "auto",
        .stop_loss = -1,
        .constant_limit = -1,
        .constant_iterations = 8,
        .constant_restarts = -1,
        .unit_penalty = -1,
        .samples_per_period = 8,
        .select = "auto",
        .mutation_weights = "fixed",
    };
}

/* At most 8 rows of the front of all classes together, the last included. */
static void report_forests(text *t, const forest_front *f)
{
    int shown = 0, total = 0;
    for (int c = 1; c <= f->size; c++)
        total += f->rows[c].nodes != NULL;
    text_append(t, "\nall classes:");
    for (int c = 1, i = 0; c <= f->size; c++) {
        if (!f->rows[c].nodes)
            continue;
        if (i++ * 8 / total >= shown || i == total) {
            text_printf(t, "  %d: %.4g", c, f->rows[c].loss);
            shown++;
        }
    }
}

/* The progress text: a line of rates, then the front of each output. */
static void report(const run_state *r, const symlut_hooks *hooks, double rate)
{
    if (!hooks || !hooks->progress)
        return;
    text t = {0};
    const task *job = r->job;
    text_printf(&t, "epoch %llu, %.1f s, %.3g candidates, %.3g a second",
                (unsigned long long)r->e->epoch, r->seconds, (double)run_evaluations(r), rate);
    if (r->options->time_s > 0)
        text_printf(&t, ", %.0f s left", fmax(r->options->time_s - r->seconds, 0));
    if (r->all && r->all->started)
        report_forests(&t, &r->all->front);
    for (int k = 0; k < job->outputs && !(r->all && r->all->started); k++) {
        text_printf(&t, "\n%s:", job->output_names[k] ? job->output_names[k] : "y");
        int shown = 0, total = 0;
        for (int c = 1; c <= job->set.max_size; c++)
            total += r->e->fronts[k].rows[c].count > 0;
        for (int c = 1, i = 0; c <= job->set.max_size; c++) {
            const champion *row = &r->e->fronts[k].rows[c];
            if (row->count == 0)
                continue;
            /* at most 8 of them, the last included */
            if (i++ * 8 / total >= shown || i == total) {
                text_printf(&t, "  %d: %.3g", c, row->loss);
                shown++;
            }
        }
    }
    if (!t.failed)
        hooks->progress(hooks->payload, t.data);
    text_free(&t);
}

static bool good_enough(run_state *r)
{
    if (r->all && !r->all->started)
        return false;
    for (int k = 0; k < r->job->outputs; k++)
        if (!(run_polished_loss(r, k) <= r->options->stop_loss))
            return false;
    return true;
}

/* Why the search is over, or NULL. */
static const char *limit_reached(run_state *r)
{
    const symlut_fit_options *o = r->options;
    if (o->iterations > 0 && r->e->epoch >= (uint64_t)o->iterations)
        return "iterations";
    if (o->evaluations > 0 && run_evaluations(r) >= (unsigned long long)o->evaluations)
        return "evaluations";
    if (o->time_s > 0 && r->e->epoch > 0 && r->seconds >= o->time_s)
        return "time";
    if (o->stop_loss >= 0 && good_enough(r))
        return "loss";
    return NULL;
}

enum { FRONT_SECONDS = 1, CHECKPOINT_SECONDS = 4 };

/* Bytes of the state between two epochs, to go back to from the middle of one. */
static symlut_status remember(text *bytes, const run_state *r, symlut_error *err)
{
    bytes->length = 0;
    run_save_state(r, bytes);
    return bytes->failed ? error_memory(err) : SYMLUT_OK;
}

static symlut_status go_back(run_state *r, const text *bytes, symlut_error *err)
{
    r->reason = "interrupt";
    return run_load_state(r, bytes->data, bytes->length) ? SYMLUT_OK : error_memory(err);
}

/* Log, report, and from time to time the files; the first epoch's at once, so that a run that is
 * killed early has a front and a state to go on from. */
typedef struct clocks {
    double begun, front, checkpoint;
    unsigned long long evaluations;
} clocks;

static symlut_status after_epoch(run_state *r, clocks *c, const symlut_hooks *hooks,
                                 symlut_error *err)
{
    symlut_status status = run_append_log(r, err);
    double spent = r->seconds - c->begun;
    report(r, hooks, spent > 0 ? (double)(run_evaluations(r) - c->evaluations) / spent : 0);
    bool first = r->e->epoch == 1;
    if (status == SYMLUT_OK && (first || r->seconds - c->front >= FRONT_SECONDS)) {
        status = run_write_front(r, true, err);
        c->front = r->seconds;
    }
    if (status == SYMLUT_OK && (first || r->seconds - c->checkpoint >= CHECKPOINT_SECONDS)) {
        status = run_write_checkpoint(r, err);
        c->checkpoint = r->seconds;
    }
    return status;
}

static void run_epoch(run_state *r)
{
    if (r->all)
        joint_epoch(r->all);
    else
        engine_epoch(r->e);
}

/* What is done before the first epoch. False: out of memory. */
static bool look_for_laws(run_state *r)
{
    engine *e = r->e;
    uint64_t seed = r->options->seed;
    bool ok = engine_recover(e);
    if (ok && !engine_stopped(e))
        ok = reduce_search(e, 0, seed);
    for (int k = 0; ok && k < e->outputs && !engine_stopped(e); k++)
        ok = separate_search(e, k, seed);
    return ok;
}

static symlut_status search(run_state *r, const symlut_hooks *hooks, symlut_error *err)
{
    double before = monotonic_seconds() - r->seconds;
    clocks c = {r->seconds, r->seconds, r->seconds, run_evaluations(r)};
    text whole = {0};
    symlut_status status = remember(&whole, r, err);
    engine_watch(r->e, hooks);
    for (int i = 0; r->e->epoch == 0 && i < r->job->guess_count; i++)
        engine_offer(r->e, r->job->guesses[i].output, r->job->guesses[i].e);
    if (r->e->epoch == 0 && r->job->data->task != SYMLUT_CLASSIFICATION &&
        r->options->constant_iterations > 0 && !r->options->no_laws &&
        !r->job->set.words.limits.template && !look_for_laws(r))
        status = error_memory(err);
    r->seconds = monotonic_seconds() - before;
    while (status == SYMLUT_OK) {
        bool stopped = engine_stopped(r->e) || hooks_stop(hooks);
        if (!stopped && (r->reason = limit_reached(r)))
            break;
        if (!stopped)
            run_epoch(r);
        if (r->all && r->all->failed)
            status = error_memory(err);
        else if (stopped || engine_stopped(r->e)) {
            status = go_back(r, &whole, err);
            break;
        }
        if (status != SYMLUT_OK)
            break;
        r->seconds = monotonic_seconds() - before;
        status = after_epoch(r, &c, hooks, err);
        if (status == SYMLUT_OK)
            status = remember(&whole, r, err);
    }
    text_free(&whole);
    return status;
}

/* A target that never changes leaves nothing to search. */
static bool settle_constant(run_state *r, const symlut_hooks *hooks)
{
    const task *t = r->job;
    if (t->data->task == SYMLUT_CLASSIFICATION || t->set.words.limits.template)
        return false;
    double first = task_target(t, 0, t->parts.train[0]);
    for (size_t i = 1; i < t->parts.train_count; i++)
        if (task_target(t, 0, t->parts.train[i]) != first)
            return false;
    expr_node node = {.op = EXPR_CONST, .length = 1, .value = first};
    expr e = {&node, 1};
    pareto_offer(&r->e->fronts[0], e, rules_complexity(&t->set.words.limits, e), 0);
    hooks_log(hooks, "target '%s' is %.9g in every training row: the model is that constant",
              t->data->target_name, first);
    r->reason = "constant target";
    return true;
}

static symlut_status run_all(run_state *r, const symlut_hooks *hooks, symlut_error *err)
{
    symlut_status status = run_open_folder(r->dir, r->options->resume, r->options->force, err);
    if (status == SYMLUT_OK && r->options->resume)
        status = run_read_checkpoint(r, err);
    if (status == SYMLUT_OK)
        status = run_write_json(r, err);
    if (status == SYMLUT_OK && !settle_constant(r, hooks))
        status = search(r, hooks, err);
    if (status == SYMLUT_OK)
        status = run_write_checkpoint(r, err);
    if (status == SYMLUT_OK && r->e->epoch == 0 && !strcmp(r->reason, "interrupt"))
        return error_set(err, SYMLUT_INTERRUPTED,
                         "stopped before the first round was done; --resume starts it again");
    if (status == SYMLUT_OK && r->all)
        joint_start(r->all);
    if (status == SYMLUT_OK)
        status = run_finish_front(r, err);
    if (status == SYMLUT_OK)
        status = run_write_front(r, true, err);
    if (status == SYMLUT_OK)
        status = run_write_json(r, err);
    if (status == SYMLUT_OK && !strcmp(r->reason, "interrupt"))
        return SYMLUT_INTERRUPTED;
    return status;
}

static void log_choice(const feature_choice *c, const symlut_hooks *hooks)
{
    text t = {0};
    for (size_t i = 0; i < c->view.features; i++)
        for (size_t f = 0; f < c->data->features; f++)
            if (c->data->columns[f] == c->view.columns[i])
                text_printf(&t, "%s%s (%.3g)", i ? ", " : "", c->view.feature_names[i],
                            c->importance[f]);
    if (!t.failed)
        hooks_log(hooks, "features chosen, with their importance: %s", t.data);
    text_free(&t);
}

/* What a template was taken for: a name that is misspelled is an inner expression. */
static void log_template(const template *t, const symlut_hooks *hooks)
{
    text line = {0};
    for (int k = 0; k < t->count; k++) {
        const template_part *p = &t->parts[k];
        text_printf(&line, "%s%s", k ? ", " : "", p->name);
        for (int i = 0; i < p->arity; i++)
            text_printf(&line, "%s%s%s", i ? ", " : "(", p->arguments[i],
                        i + 1 == p->arity ? ")" : "");
    }
    if (!line.failed)
        hooks_log(hooks, "the template's free parts: %s", line.data);
    text_free(&line);
}

symlut_status symlut_fit(const symlut_dataset *data, const char *run_dir,
                         const symlut_fit_options *options, const symlut_hooks *hooks,
                         symlut_error *err)
{
    task job = {0};
    engine e = {0};
    int threads = options->threads > 0 ? options->threads : processor_count();
    feature_choice choice = {0};
    symlut_status status = SYMLUT_OK;
    if (options->select_features != 0)
        status = feature_choice_make(&choice, data, options, threads, err);
    if (choice.data && status == SYMLUT_OK)
        log_choice(&choice, hooks);
    if (status == SYMLUT_OK)
        status = task_prepare(&job, choice.data ? &choice.view : data, options, hooks, err);
    if (status == SYMLUT_OK)
        status = run_check_selection(&job, options->select, err);
    if (status == SYMLUT_OK && job.set.words.limits.template)
        log_template(job.set.words.limits.template, hooks);
    if (status == SYMLUT_OK)
        status = guesses_read(&job, options, err);
    if (status == SYMLUT_OK &&
        !engine_init(&e, &job.set, job.problems, job.outputs, options->seed, threads))
        status = error_memory(err);
    joint all = {0};
    if (status == SYMLUT_OK && job.softmax && !joint_init(&all, &e, options->seed))
        status = error_memory(err);
    all.guesses = job.guesses;
    all.guess_count = job.guess_count;
    run_state r = {.dir = run_dir,
                   .options = options,
                   .job = &job,
                   .e = &e,
                   .choice = choice.data ? &choice : NULL,
                   .all = status == SYMLUT_OK && job.softmax ? &all : NULL};
    if (status == SYMLUT_OK)
        status = run_all(&r, hooks, err);
    joint_free(&all);
    engine_free(&e);
    task_free(&job);
    feature_choice_free(&choice);
    return status;
}
