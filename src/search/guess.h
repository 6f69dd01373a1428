/* Expressions that the user gives a search to begin with. */
#ifndef SEARCH_GUESS_H
#define SEARCH_GUESS_H

#include "search/prepare.h"

/* Reads options->guesses into t->guesses: equations, files of one a line, halls of fame as CSV.
 * Each must be made of the search's operators and keep its rules; rows of a table that do not are
 * left out. */
symlut_status guesses_read(task *t, const symlut_fit_options *options, symlut_error *err);

#endif
