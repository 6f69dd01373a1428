/* The state of the joint search beside its engine's: trees and streams; losses and scores are
 * computed anew at each epoch's start. */
#include <string.h>

#include "search/checkpoint.h"
#include "search/joint.h"

static const char MAGIC[16] = "symlut-joint-2";

void joint_save(const joint *j, text *out)
{
    uint8_t started = j->started;
    bytes_put(out, MAGIC, sizeof MAGIC);
    bytes_put(out, &started, sizeof started);
    if (!started)
        return;
    bytes_put(out, &j->random, sizeof j->random);
    bytes_put(out, &j->made, sizeof j->made);
    for (int i = 0; i < j->grove_count; i++) {
        const grove *g = &j->groves[i];
        bytes_put(out, &g->random, sizeof g->random);
        bytes_put(out, &g->clock, sizeof g->clock);
        bytes_put(out, &g->evaluations, sizeof g->evaluations);
        bytes_put(out, &g->abandoned, sizeof g->abandoned);
        for (int m = 0; m < j->set.population; m++) {
            const forest *f = &g->members[m];
            bytes_put(out, &f->birth, sizeof f->birth);
            for (int k = 0; k < f->classes; k++)
                bytes_put_tree(out, forest_tree(f, k).nodes, f->counts[k]);
        }
    }
    for (int c = 1; c <= j->front.size; c++) {
        const forest_row *row = &j->front.rows[c];
        uint8_t filled = row->nodes != NULL;
        bytes_put(out, &filled, sizeof filled);
        if (!filled)
            continue;
        bytes_put(out, &row->loss, sizeof row->loss);
        for (int k = 0; k < j->front.classes; k++)
            bytes_put_tree(out, forest_row_tree(row, k).nodes, row->counts[k]);
    }
}

static void load_trees(bytes_reader *r, const joint *j, forest *f)
{
    for (int k = 0; k < f->classes; k++) {
        f->counts[k] =
            bytes_get_tree(r, forest_tree(f, k).nodes, j->e->set->max_size, &j->e->set->words);
        if (f->counts[k] == 0)
            r->failed = true;
    }
}

static void load_front(bytes_reader *r, joint *j)
{
    forest *f = grove_work_spare(j->works[0]);
    for (int c = 1; c <= j->front.size && !r->failed; c++) {
        uint8_t filled;
        double loss;
        bytes_get(r, &filled, sizeof filled);
        if (!filled)
            continue;
        bytes_get(r, &loss, sizeof loss);
        load_trees(r, j, f);
        f->complexity = c;
        if (!r->failed && !forest_front_offer(&j->front, f, loss, loss))
            r->failed = j->failed = true;
    }
}

bool joint_load(joint *j, const char *data, size_t length)
{
    bytes_reader r = {data, length, false};
    char magic[sizeof MAGIC];
    uint8_t started;
    bytes_get(&r, magic, sizeof magic);
    bytes_get(&r, &started, sizeof started);
    if (r.failed || memcmp(magic, MAGIC, sizeof magic) != 0)
        return false;
    j->started = started;
    forest_front_clear(&j->front);
    if (!started)
        return r.left == 0;
    bytes_get(&r, &j->random, sizeof j->random);
    bytes_get(&r, &j->made, sizeof j->made);
    joint_set_shares(j);
    for (int i = 0; i < j->grove_count && !r.failed; i++) {
        grove *g = &j->groves[i];
        bytes_get(&r, &g->random, sizeof g->random);
        bytes_get(&r, &g->clock, sizeof g->clock);
        bytes_get(&r, &g->evaluations, sizeof g->evaluations);
        bytes_get(&r, &g->abandoned, sizeof g->abandoned);
        for (int m = 0; m < j->set.population && !r.failed; m++) {
            bytes_get(&r, &g->members[m].birth, sizeof g->members[m].birth);
            load_trees(&r, j, &g->members[m]);
        }
    }
    load_front(&r, j);
    return !r.failed && r.left == 0;
}
