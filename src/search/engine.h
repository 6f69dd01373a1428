/* The search itself: islands of every output, epochs, exchange, and the Pareto fronts.
 *
 * An epoch runs every island on its own (in any order, on any thread), then fits and scores the
 * islands' finds on all rows (again one by one), then merges and exchanges in a fixed order: the
 * state after epoch n depends on the settings and the seed alone. */
#ifndef SEARCH_ENGINE_H
#define SEARCH_ENGINE_H

#include "base/parallel.h"
#include "base/text.h"
#include "search/island.h"

/* The best expression of one complexity on all rows. */
typedef struct champion {
    expr_node *nodes;   /* [max_size + 4] */
    int count;          /* of nodes; 0: none */
    double loss;        /* mean over all rows */
    double sample_loss; /* over the epoch's window */
} champion;

typedef struct pareto {
    champion *rows; /* [max_size + 1] by complexity */
    expr_node *storage;
    int size;
} pareto;

bool pareto_init(pareto *f, int max_size);
void pareto_free(pareto *f);
/* Keeps e when no expression as simple is as good, and drops what it makes needless. */
bool pareto_offer(pareto *f, expr e, int complexity, double loss);
/* Lowest loss at complexities up to `complexity`; infinite when there is none. */
double pareto_loss(const pareto *f, int complexity);
/* Drops each row whose loss is not below that of all simpler ones by more than `share` of theirs,
 * and all behind a row with a loss of `least` or less. */
void pareto_thin(pareto *f, double share, double least);

typedef struct candidate candidate;

typedef struct engine {
    const settings *set;
    const problem *problems; /* [outputs] */
    int outputs, island_count;
    island *islands;        /* [island_count], those of output k from k * set->islands */
    pareto *fronts;         /* [outputs] */
    variation_counts *made; /* [outputs] births of all epochs, the past fading */
    pool *threads;
    workspace *workspaces; /* [threads] */
    library entries;       /* of all outputs: it depends on the inputs alone */
    candidate *candidates; /* [outputs * (max_size + 1)] of the epoch */
    expr_node *candidate_nodes;
    rng random;
    uint64_t epoch;
    window rows;       /* of this epoch */
    bool fresh_window; /* it differs from the epoch before */
    int offered;       /* expressions placed by engine_offer */
    stopper stop;
} engine;

/* The hooks, borrowed, whose wish to stop ends a recovery or an epoch before its time. */
void engine_watch(engine *e, const symlut_hooks *hooks);
/* Whether that happened: the engine is of no more use until engine_load. */
bool engine_stopped(const engine *e);

/* Looks for exact laws and puts what it finds into the islands: once, before the first epoch.
 * False: out of memory. */
bool engine_recover(engine *e);

/* Whether an output's front holds a law to float32's precision: there is nothing left to look for.
 */
bool engine_solved(const engine *e, int output);

/* Puts an expression from elsewhere, its constants fitted, onto the front of an output, in every
 * form that keeps the rules, and into one of its islands. Before the first epoch. False: it breaks
 * a rule or has no finite loss. */
bool engine_offer(engine *e, int output, expr tree);

/* problems and set are borrowed. False: out of memory or no threads. */
bool engine_init(engine *e, const settings *set, const problem *problems, int outputs,
                 uint64_t seed, int threads);
void engine_free(engine *e);
void engine_epoch(engine *e);
/* Gives every island the shares that follow from `made`. */
void engine_set_shares(engine *e);
unsigned long long engine_evaluations(const engine *e);

/* What the evaluations came to, since this engine was made or, but for node_rows and
 * reused_node_rows, loaded. */
typedef struct engine_counters {
    unsigned long long evaluations;
    unsigned long long repeats;          /* of them: answered from the losses seen in this epoch */
    unsigned long long abandoned;        /* of them: given up early, or not finite */
    unsigned long long node_rows;        /* nodes times rows computed for losses, gradients apart */
    unsigned long long reused_node_rows; /* beside them: read from columns computed before */
} engine_counters;
engine_counters engine_count(const engine *e);

/* The whole state between two epochs as bytes, and back into an engine made with the same settings
 * and problems; a wish to stop is forgotten. engine_load: false when the bytes do not fit. */
void engine_save(const engine *e, text *out);
bool engine_load(engine *e, const char *data, size_t length);

#endif
