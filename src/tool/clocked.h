/* Stimulus and answers of a simulator that runs clock by clock, as text: one line a clock in
 * (valid_in and the bits of all inputs) and one out (valid_out and, with it, the bits of all
 * outputs). What the lines mean is decided here: random gaps with garbage on the inputs, no reset,
 * registers undefined at the start. */
#ifndef TOOL_CLOCKED_H
#define TOOL_CLOCKED_H

#include "tool/verify.h"

typedef struct clocked_stimulus {
    long *sent; /* [rows] clock in which each vector goes in; free() */
    long clocks;
} clocked_stimulus;

int clocked_width(const graph_port *ports, uint32_t count);
symlut_status clocked_write(clocked_stimulus *s, const form_run *run, const char *path,
                            symlut_error *err);
/* Fills run->out and run->latency. SYMLUT_NO: a wrong valid_out or latency, or a bit that is none;
 * `form` begins the message. */
symlut_status clocked_read(form_run *run, const clocked_stimulus *s, const char *form,
                           const char *path, symlut_error *err);

#endif
