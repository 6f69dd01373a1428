#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/* Seconds of a clock that nobody sets, from an arbitrary start: for durations and limits. */
double monotonic_seconds(void);

#endif
