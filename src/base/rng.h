/* xoshiro256** (Blackman, Vigna 2018), seeded by splitmix64. Every user of randomness owns its
 * stream: same seed and stream number, same numbers, whatever the other threads do. */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdint.h>

typedef struct rng {
    uint64_t s[4];
} rng;

rng rng_make(uint64_t seed, uint64_t stream);
uint64_t rng_next(rng *r);
uint32_t rng_below(rng *r, uint32_t n); /* uniform in [0, n), n > 0, without bias */
double rng_unit(rng *r);                /* uniform in [0, 1), 53 bits */
double rng_normal(rng *r);              /* standard normal (polar method, no state kept) */

#endif
