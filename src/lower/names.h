/* Names of ports and modules that are legal in every emitted language. */
#ifndef LOWER_NAMES_H
#define LOWER_NAMES_H

#include "base/arena.h"

#include <stddef.h>

/* True when `name` is an identifier in C, C++, Verilog, SystemVerilog and VHDL and a keyword of
 * none, whatever its case; single underscores inside only. */
bool identifier_is_legal(const char *name);

/* A legal identifier like `name` (other characters become '_', a keyword gets a suffix), different
 * without regard to case from taken[0 … count). NULL: out of memory. */
const char *identifier_make(arena *memory, const char *name, const char *const *taken,
                            size_t count);

#endif
