#include "search/run_files.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "expr/front.h"
#include "search/template.h"

static const char *in_run(arena *scratch, const run_state *r, const char *name)
{
    return arena_printf(scratch, "%s/%s", r->dir, name);
}

/* ---------------------------------------------------------------- folder */

symlut_status run_open_folder(const char *dir, bool resume, bool force, symlut_error *err)
{
    arena scratch = {0};
    const char *mark = arena_printf(&scratch, "%s/run.json", dir);
    if (!mark)
        return error_memory(err);
    bool is_run = file_exists(mark), empty = true;
    arena_free(&scratch);
    if (resume && !is_run)
        return error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                        "is no run to resume: it has no run.json; leave --resume out to start one");
    DIR *d = opendir(dir);
    if (!d && errno == ENOENT)
        return directory_make(dir, err);
    if (!d)
        return error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0, "cannot be the run folder: %s",
                        strerror(errno));
    for (struct dirent *entry; (entry = readdir(d));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            empty = false;
    closedir(d);
    if (empty || (is_run && resume))
        return SYMLUT_OK;
    if (!is_run)
        return error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                        "holds files that are not a run; choose another folder with -o");
    if (!force)
        return error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                        "already holds a run; choose another folder, --resume to go on with it, or "
                        "--force to replace it");
    symlut_status status = directory_remove(dir, err);
    return status == SYMLUT_OK ? directory_make(dir, err) : status;
}

unsigned long long run_evaluations(const run_state *r)
{
    return r->all ? joint_evaluations(r->all) : engine_evaluations(r->e);
}

engine_counters run_counters(const run_state *r)
{
    engine_counters counted = engine_count(r->e);
    counted.evaluations = run_evaluations(r);
    counted.abandoned += r->all ? joint_abandoned(r->all) : 0;
    return counted;
}

double run_lowest_loss(const run_state *r, int k)
{
    if (r->all && r->all->started)
        return forest_front_loss(&r->all->front, r->all->front.size);
    return pareto_loss(&r->e->fronts[k], r->job->set.max_size);
}

/* ---------------------------------------------------------------- front */

/* "f(x0) = …; p = …" of a candidate; NULL where there is no template or no memory. */
static const char *print_inner(front *f, const rules *limits, expr e)
{
    text t = {0};
    if (!limits->template)
        return NULL;
    template_print(&t, limits->template, e, limits->functions);
    const char *inner = t.failed ? NULL : arena_strdup(&f->header->memory, t.data);
    text_free(&t);
    f->header->memory.failed = f->header->memory.failed || !inner;
    return inner;
}

/* What is written calls nothing. */
static expr written(const rules *limits, expr_node *room, expr e)
{
    expr plain = rules_plain(limits, room, e);
    if (plain.nodes == room && !limits->template) /* whose form stays as it is written */
        expr_simplify(&plain);
    return plain;
}

static bool add_rows(front *f, const run_state *r)
{
    const rules *limits = &r->job->set.words.limits;
    for (int k = 0; k < r->job->outputs; k++)
        for (int c = 1; c <= r->job->set.max_size; c++) {
            const champion *row = &r->e->fronts[k].rows[c];
            expr_node room[RULES_PLAIN];
            expr e = written(limits, room, (expr){row->nodes, row->count});
            if (e.count == 0)
                continue;
            if (!front_add(f, (size_t)k, c, row->loss, e))
                return false;
            front_output *o = &f->outputs[k];
            o->rows[o->count - 1].inner = print_inner(f, limits, (expr){row->nodes, row->count});
        }
    return !f->header->memory.failed;
}

/* Every class has a row for each forest, with the forest's complexity and loss. */
static bool add_forests(front *f, const run_state *r)
{
    const rules *limits = &r->job->set.words.limits;
    for (int k = 0; k < r->job->outputs; k++)
        for (int c = 1; c <= r->all->front.size; c++) {
            const forest_row *row = &r->all->front.rows[c];
            expr_node room[RULES_PLAIN];
            if (!row->nodes)
                continue;
            expr e = forest_row_tree(row, k);
            if (!front_add(f, (size_t)k, c, row->loss, written(limits, room, e)))
                return false;
            front_output *o = &f->outputs[k];
            o->rows[o->count - 1].inner = print_inner(f, limits, e);
        }
    return !f->header->memory.failed;
}

static front_likelihood likelihood_by_loss(const task *t)
{
    if (t->squares || t->softmax)
        return t->squares ? LIKELIHOOD_NORMAL : LIKELIHOOD_SOFTMAX;
    if (strcasecmp(t->loss_name, "L1") == 0)
        return LIKELIHOOD_LAPLACE;
    return strcasecmp(t->loss_name, "logistic") == 0 ? LIKELIHOOD_LOGISTIC : LIKELIHOOD_UNKNOWN;
}

symlut_status run_check_selection(const task *t, const char *rule, symlut_error *err)
{
    if (!rule || strcmp(rule, "mdl") != 0 || likelihood_by_loss(t) != LIKELIHOOD_UNKNOWN)
        return SYMLUT_OK;
    return error_set(err, SYMLUT_BAD_INPUT,
                     "selection 'mdl' needs a loss that says what noise it is for: L2, L1, margin, "
                     "logistic or softmax, not '%s'; choose another, or --select best, accuracy or "
                     "score",
                     t->loss_name);
}

/* (Σw)² / Σw²: as many rows of one weight say as much (Kish). */
static double effective_rows(const task *t)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < t->parts.train_count; i++) {
        double w = t->data->weights ? t->data->weights[t->parts.train[i]] : 1;
        sum += w;
        squares += w * w;
    }
    return sum * sum / squares;
}

static symlut_status fill_front(front *f, const run_state *r, symlut_error *err)
{
    const task *t = r->job;
    const symlut_dataset *data = t->data;
    symlut_model *h = f->header;
    h->task = data->task == SYMLUT_CLASSIFICATION ? SYMLUT_CLASSIFICATION : SYMLUT_REGRESSION;
    h->seed = r->options->seed;
    h->data_hash = arena_strdup(&h->memory, data->hash);
    h->target_name = arena_strdup(&h->memory, data->target_name ? data->target_name : "");
    for (size_t i = 0; i < data->features; i++)
        h->inputs[i] = (model_input){.name = arena_strdup(&h->memory, data->feature_names[i]),
                                     .mean = t->mean[i],
                                     .scale = t->scale[i],
                                     .low = t->low[i],
                                     .high = t->high[i]};
    for (int k = 0; k < t->outputs; k++)
        h->output_names[k] =
            arena_strdup(&h->memory, t->output_names[k] ? t->output_names[k] : "y");
    if (h->memory.failed)
        return error_memory(err);
    f->likelihood = likelihood_by_loss(t);
    f->rows = effective_rows(t);
    if (!(r->all ? add_forests(f, r) : add_rows(f, r)))
        return error_memory(err);
    return front_select(f, r->options->select, err);
}

/* The front as it stands. A search whose every candidate failed has nothing to write. */
static symlut_status make_front(front **out, const run_state *r, symlut_error *err)
{
    *out = NULL;
    for (int k = 0; k < r->job->outputs; k++)
        if (!(run_lowest_loss(r, k) < (double)INFINITY))
            return error_set(err, SYMLUT_BAD_INPUT,
                             "no expression gave finite values on all training rows; allow other "
                             "operators or a larger maxsize");
    front *f = front_new(r->job->data->features, (size_t)r->job->outputs);
    if (!f)
        return error_memory(err);
    symlut_status status = fill_front(f, r, err);
    if (status == SYMLUT_OK)
        *out = f;
    else
        front_free(f);
    return status;
}

symlut_status run_write_front(run_state *r, bool whole, symlut_error *err)
{
    front *f;
    if (r->all && !r->all->started)
        return SYMLUT_OK; /* nothing judges the classes together yet */
    symlut_status status = make_front(&f, r, err);
    if (status != SYMLUT_OK)
        return status;
    arena scratch = {0};
    const char *csv = in_run(&scratch, r, "front.csv"), *folder = in_run(&scratch, r, "model");
    const char *model = in_run(&scratch, r, "model/model.json");
    if (scratch.failed)
        status = error_memory(err);
    if (status == SYMLUT_OK)
        status = front_write_csv(f, csv, err);
    if (status == SYMLUT_OK && whole)
        status = directory_make(folder, err);
    if (status == SYMLUT_OK && whole)
        status = front_write_json(f, model, err);
    arena_free(&scratch);
    front_free(f);
    return status;
}

/* ---------------------------------------------------------------- log */

symlut_status run_append_log(run_state *r, symlut_error *err)
{
    arena scratch = {0};
    const char *path = in_run(&scratch, r, "log.jsonl");
    if (!path)
        return error_memory(err);
    FILE *f = fopen(path, "ab");
    if (!f) {
        error_at(err, SYMLUT_IO, path, 0, 0, "cannot be written: %s", strerror(errno));
        arena_free(&scratch);
        return SYMLUT_IO;
    }
    engine_counters counted = run_counters(r);
    int written = fprintf(f,
                          "{\"epoch\": %llu, \"seconds\": %.3f, \"evaluations\": %llu, "
                          "\"repeats\": %llu, \"abandoned\": %llu, \"loss\": [",
                          (unsigned long long)r->e->epoch, r->seconds, counted.evaluations,
                          counted.repeats, counted.abandoned);
    int losses = r->all && r->all->started ? 1 : r->job->outputs;
    for (int k = 0; k < losses; k++) {
        double loss = run_lowest_loss(r, k);
        written += isfinite(loss) ? fprintf(f, "%s%.9g", k ? ", " : "", loss)
                                  : fprintf(f, "%snull", k ? ", " : "");
    }
    written += fprintf(f, "]}\n");
    bool failed = ferror(f) != 0;
    failed = fclose(f) != 0 || failed;
    r->log_bytes += (unsigned long)written;
    symlut_status status = SYMLUT_OK;
    if (failed)
        status = error_at(err, SYMLUT_IO, path, 0, 0, "cannot be written: %s", strerror(errno));
    arena_free(&scratch);
    return status;
}

/* ---------------------------------------------------------------- checkpoint */

/* Which column they are stands nowhere else. */
static void put_weights(text *t, const symlut_dataset *data)
{
    double sum = 0, moment = 0;
    for (size_t i = 0; data->weights && i < data->rows; i++) {
        sum += data->weights[i];
        moment += data->weights[i] * (double)i;
    }
    if (data->weights)
        text_printf(t, "|weights %.17g %.17g", sum, moment);
}

/* What decides the course of a search besides its own state: a checkpoint of other bytes is another
 * search. Limits and threads are free to differ. */
static uint64_t fingerprint(const run_state *r)
{
    const symlut_fit_options *o = r->options;
    text t = {0};
    text_printf(&t, "%s|%s|%s|%s|%s|%ld|%d|%d|%d|%llu|%s|%s", SYMLUT_VERSION, o->operators, o->loss,
                o->scale, o->split, o->test_from, o->max_size, o->islands, o->population,
                (unsigned long long)o->seed, r->job->data->hash,
                r->job->data->target_name ? r->job->data->target_name : "");
    /* AVX2 and AVX-512 give the same bits */
    text_printf(&t, "|%s|%.17g|%d",
                strcmp(r->job->set.kernels->name, "portable") != 0 ? "fused" : "portable",
                r->job->constant_limit, o->constant_iterations);
    if (o->warmup_maxsize > 0)
        text_printf(&t, "|warm-up %d", o->warmup_maxsize);
    if (r->job->set.optimize_restarts > 0)
        text_printf(&t, "|restarts %d", r->job->set.optimize_restarts);
    put_weights(&t, r->job->data);
    const rules *limits = &r->job->set.words.limits;
    if (limits->active)
        text_printf(&t, "|%d|%s|%s|%s", limits->max_depth, o->nested ? o->nested : "",
                    o->constraints ? o->constraints : "", o->complexity ? o->complexity : "");
    text_printf(&t, "|%d|%d", o->no_laws, r->job->set.ways.adapts);
    for (int i = 0; i < VARY_COUNT; i++)
        text_printf(&t, "|%.17g", r->job->set.ways.weights[i]);
    if (limits->template)
        text_printf(&t, "|template %s|%s", o->template_form,
                    o->template_parameters ? o->template_parameters : "");
    if (o->batch > 0)
        text_printf(&t, "|batch %zu", r->job->set.window_rows);
    if (o->denoise)
        text_printf(&t, "|denoise");
    if (o->allow_poles)
        text_printf(&t, "|poles");
    text_printf(&t, "|%.17g samples a period", o->samples_per_period);
    for (size_t f = 0; f < r->job->data->features; f++)
        text_printf(&t, "|%s", r->job->data->feature_names[f]);
    for (int i = 0; i < r->job->guess_count; i++) {
        const guess *g = &r->job->guesses[i];
        text_printf(&t, "|%d|%d|", g->output, g->number);
        text_append_n(&t, (const char *)g->e.nodes, (size_t)g->e.count * sizeof *g->e.nodes);
    }
    if (limits->units) {
        const units *u = limits->units;
        text_printf(&t, "|%.17g|%d|%d|", limits->unit_penalty, u->free_constants, u->target_known);
        text_append_n(&t, (const char *)&u->target, sizeof u->target);
        text_append_n(&t, (const char *)u->inputs, r->job->data->features * sizeof *u->inputs);
    }
    uint64_t h = 0xCBF29CE484222325u; /* FNV-1a */
    for (size_t i = 0; i < t.length; i++)
        h = (h ^ (unsigned char)t.data[i]) * 0x100000001B3u;
    text_free(&t);
    return h;
}

typedef struct checkpoint_head {
    uint64_t fingerprint, log_bytes;
    double seconds;
} checkpoint_head;

void run_save_state(const run_state *r, text *out)
{
    size_t at = out->length;
    uint64_t length = 0;
    text_append_n(out, (const char *)&length, sizeof length);
    engine_save(r->e, out);
    length = out->length - at - sizeof length;
    if (!out->failed)
        memcpy(out->data + at, &length, sizeof length);
    if (r->all)
        joint_save(r->all, out);
}

bool run_load_state(run_state *r, const char *data, size_t length)
{
    uint64_t engine_bytes;
    if (length < sizeof engine_bytes)
        return false;
    memcpy(&engine_bytes, data, sizeof engine_bytes);
    data += sizeof engine_bytes;
    length -= sizeof engine_bytes;
    if (engine_bytes > length || !engine_load(r->e, data, engine_bytes))
        return false;
    return r->all ? joint_load(r->all, data + engine_bytes, length - engine_bytes)
                  : length == engine_bytes;
}

symlut_status run_write_checkpoint(run_state *r, symlut_error *err)
{
    text bytes = {0};
    arena scratch = {0};
    checkpoint_head head = {fingerprint(r), r->log_bytes, r->seconds};
    text_append_n(&bytes, (const char *)&head, sizeof head);
    run_save_state(r, &bytes);
    const char *path = in_run(&scratch, r, "checkpoint");
    symlut_status status =
        bytes.failed || !path ? error_memory(err) : file_write(path, bytes.data, bytes.length, err);
    text_free(&bytes);
    arena_free(&scratch);
    return status;
}

static symlut_status restore(run_state *r, const char *path, const char *data, size_t length,
                             symlut_error *err)
{
    checkpoint_head head;
    if (length < sizeof head)
        return error_at(err, SYMLUT_BAD_INPUT, path, 0, 0, "is cut short; start the run anew");
    memcpy(&head, data, sizeof head);
    if (head.fingerprint != fingerprint(r))
        return error_at(err, SYMLUT_BAD_INPUT, path, 0, 0,
                        "was made with other data, other options or another version: resume with "
                        "those of run.json (only limits and threads may change), or start anew");
    if (!run_load_state(r, data + sizeof head, length - sizeof head))
        return error_at(err, SYMLUT_BAD_INPUT, path, 0, 0, "is damaged; start the run anew");
    r->seconds = head.seconds;
    r->log_bytes = (unsigned long)head.log_bytes;
    return SYMLUT_OK;
}

symlut_status run_read_checkpoint(run_state *r, symlut_error *err)
{
    arena scratch = {0};
    const char *path = in_run(&scratch, r, "checkpoint"), *log = in_run(&scratch, r, "log.jsonl");
    if (scratch.failed)
        return error_memory(err);
    char *data = NULL;
    size_t length = 0;
    symlut_status status = SYMLUT_OK;
    if (!file_exists(path)) { /* stopped before the first: from the start */
        if (file_exists(log) && truncate(log, 0) != 0)
            status = error_at(err, SYMLUT_IO, log, 0, 0, "%s", strerror(errno));
        arena_free(&scratch);
        return status;
    }
    status = file_read(&data, &length, path, err);
    if (status == SYMLUT_OK)
        status = restore(r, path, data, length, err);
    /* lines of epochs after the checkpoint will be written again */
    if (status == SYMLUT_OK && file_exists(log) && truncate(log, (off_t)r->log_bytes) != 0)
        status = error_at(err, SYMLUT_IO, log, 0, 0, "%s", strerror(errno));
    free(data);
    arena_free(&scratch);
    return status;
}
