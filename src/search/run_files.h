/* What a search writes into its run folder. */
#ifndef SEARCH_RUN_FILES_H
#define SEARCH_RUN_FILES_H

#include "search/engine.h"
#include "search/importance.h"
#include "search/joint.h"
#include "search/prepare.h"

/* One search under way. */
typedef struct run_state {
    const char *dir;
    const symlut_fit_options *options;
    task *job;
    engine *e;
    const feature_choice *choice; /* NULL: all features */
    joint *all;                   /* of all classes at once; NULL: each output for itself */
    double seconds;               /* of searching, earlier parts of a resumed run included */
    unsigned long log_bytes;      /* of log.jsonl */
    const char *reason;           /* why it stopped; NULL while it runs */
} run_state;

/* Refuses a rule for choosing a row that the loss leaves without meaning. */
symlut_status run_check_selection(const task *t, const char *rule, symlut_error *err);
/* Candidates so far, of islands and groves. */
unsigned long long run_evaluations(const run_state *r);
engine_counters run_counters(const run_state *r);
/* Lowest loss of output k, or of all classes together. */
double run_lowest_loss(const run_state *r, int k);
/* front.csv, and with `whole` model/model.json too. */
symlut_status run_write_front(run_state *r, bool whole, symlut_error *err);
/* One line of log.jsonl for the epoch just done. */
symlut_status run_append_log(run_state *r, symlut_error *err);
/* The state of the search between two epochs as bytes, and back. False: they do not fit. */
void run_save_state(const run_state *r, text *out);
bool run_load_state(run_state *r, const char *data, size_t length);
symlut_status run_write_checkpoint(run_state *r, symlut_error *err);
/* Restores engine, seconds and log.jsonl from DIR/checkpoint. */
symlut_status run_read_checkpoint(run_state *r, symlut_error *err);
/* run.json (options, state) and, once it has stopped, summary.json (metrics of the selected model).
 */
symlut_status run_write_json(run_state *r, symlut_error *err);
/* Readies the folder: made when missing; refused when it holds something else, or a run that is
 * neither resumed nor to be replaced. */
symlut_status run_open_folder(const char *dir, bool resume, bool force, symlut_error *err);
/* The loss that output k's best row will have once its constants are fitted in double: what
 * --stop-loss is compared with. */
double run_polished_loss(run_state *r, int k);
/* Polishes constants in double and replaces the losses by double-precision ones. */
symlut_status run_finish_front(run_state *r, symlut_error *err);

#endif
