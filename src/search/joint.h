/* The joint search of all classes (--loss softmax): first the islands of the engine fit each class
 * against the rest, then groves of forests take over. What holds for an engine's epochs holds here:
 * the state after epoch n depends on the settings and the seed alone. */
#ifndef SEARCH_JOINT_H
#define SEARCH_JOINT_H

#include "search/engine.h"
#include "search/grove.h"
#include "search/prepare.h"

enum { JOINT_ISLAND_EPOCHS = 8 }; /* of one against the rest, before the groves */

typedef struct joint {
    engine *e; /* borrowed */
    softmax_data data;
    grove_settings set;
    int grove_count;
    grove *groves;      /* [grove_count] */
    grove_work **works; /* [threads] */
    forest_front front;
    forest *offers; /* [candidates] of an epoch */
    double *losses; /* [candidates] on all rows; infinite: none */
    int offer_count;
    const guess *guesses; /* borrowed: forests to begin with, by their number */
    int guess_count;
    variation ways;        /* in which the groves' children are made */
    variation_counts made; /* births of all epochs and groves, the past fading */
    rng random;
    window rows;  /* of this epoch */
    bool started; /* the groves are populated */
    bool failed;  /* out of memory */
} joint;

/* problems: those of e. False: out of memory. */
bool joint_init(joint *j, engine *e, uint64_t seed);
void joint_free(joint *j);
/* One epoch of islands or of groves; counts as an epoch of the engine. */
void joint_epoch(joint *j);
/* Populates the groves from the islands where that has not happened: before a front is read. */
void joint_start(joint *j);
/* Writes the front's forests as a reader would and drops rows that are no lower then
 * (joint_front.c). False: out of memory. */
bool joint_collect(joint *j);
unsigned long long joint_evaluations(const joint *j);
unsigned long long joint_abandoned(const joint *j);

/* Gives every grove the shares that follow from `made`. */
void joint_set_shares(joint *j);

/* Beside the engine's own state. */
void joint_save(const joint *j, text *out);
bool joint_load(joint *j, const char *data, size_t length);

#endif
