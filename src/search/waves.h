/* Laws that are one wave of unknown frequency in a product of inputs. */
#ifndef SEARCH_WAVES_H
#define SEARCH_WAVES_H

#include "search/atoms.h"

/* Number of tasks that waves_find may be asked for. */
int waves_tasks(const vocabulary *v);

/* y = m*(A + B*cos(w*r) + C*sin(w*r)) by least squares over a grid of frequencies w (Lomb-Scargle
 * with an offset): r each of the atoms' products, m 1 (task 0) or an input. */
void waves_find(laws *out, int task, const atoms *a, const vocabulary *v, int max_size,
                workspace *w);

#endif
