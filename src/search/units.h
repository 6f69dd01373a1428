/* Physical units of inputs and target, and whether an expression agrees with them.
 *
 * Only the dimension counts: a prefix or a factor in a unit changes no value. */
#ifndef SEARCH_UNITS_H
#define SEARCH_UNITS_H

#include "expr/expr.h"

/* The seven of the SI, then those that a table names itself. UNIT_ONE: exponents are kept in
 * sixtieths, so that halves, thirds, quarters, fifths and sixths are whole. */
enum { UNIT_BASES = 12, UNIT_SI = 7, UNIT_ONE = 60, UNIT_NODES = 1024 };

typedef struct unit {
    int16_t power[UNIT_BASES];
} unit;

typedef struct units {
    unit *inputs; /* [features] */
    unit target;
    bool target_known;   /* else every unit will do */
    bool free_constants; /* a constant may carry any unit */
} units;

/* What an expression comes to: no sense, a certain unit, or any (a constant is a factor of it). */
typedef enum unit_verdict { UNIT_BROKEN, UNIT_FIXED, UNIT_FREE } unit_verdict;

bool unit_equal(const unit *a, const unit *b);
bool unit_is_one(const unit *u);
/* e is whole; it has at most UNIT_NODES nodes, more is UNIT_BROKEN. */
unit_verdict units_of(const units *u, expr e, unit *out);
/* Whether scale*tree + offset can be a value of the target, for a tree of that verdict and unit. */
bool units_allow_form(const units *u, unit_verdict tree, const unit *found, bool scaled,
                      bool shifted);
/* Whether e makes sense and can be a value of the target. */
bool units_allow(const units *u, expr e);

/* "m/s", "kg m^2 s-2": names of units with SI prefixes, `*`, `/` or a blank between
 * them, exponents as ^2, ^-1, ^(1/2), ^0.5, 2 or -1. "", "1" and "-": none. */
symlut_status unit_parse(unit *out, const char *spelled, symlut_error *err);

/* source: a file (CSV: a column `name` or `variable`, then either a column `unit` or a column of
 * exponents for each base unit; or lines `name: unit`), or the text "x1: m/s, x2: kg, y: J".
 * Every feature must have one; the target may; what a text says of `others`, columns that this fit
 * leaves out, is read and left. Arrays live in `memory`. */
symlut_status units_read(units *out, arena *memory, const char *source, const char *const *features,
                         size_t count, const char *const *others, size_t other_count,
                         const char *target, symlut_error *err);

#endif
