/* Random casts with the graph's own results, for comparison with the real ap_fixed:
 *   cast_samples FORMATS VALUES
 * prints one line per case: source is_signed width frac, target is_signed width frac, rounding,
 * overflow, value, result. All 28 mode pairs occur for every pair of formats. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "graph/graph.h"

static format random_format(rng *r)
{
    format f = {.is_signed = rng_below(r, 2) == 0};
    uint32_t most = rng_below(r, 3) ? 18 : f.is_signed ? 64 : 63;
    f.width = (uint8_t)(1 + rng_below(r, most));
    f.frac = (int16_t)((int)rng_below(r, f.width + 7U) - 3);
    return f;
}

static int64_t random_value(rng *r, format f)
{
    uint64_t bits = rng_next(r) >> rng_below(r, 64);
    switch (rng_below(r, 8)) {
    case 0:
        return format_min(f);
    case 1:
        return format_max(f);
    default:
        return cast_value((int64_t)(rng_below(r, 2) ? bits : 0 - bits), f.frac, f, ROUND_TRN,
                          OVERFLOW_WRAP);
    }
}

int main(int argc, char **argv)
{
    int formats = argc > 1 ? atoi(argv[1]) : 12, values = argc > 2 ? atoi(argv[2]) : 300;
    rng r = rng_make(424242, 1);
    for (int k = 0; k < formats; k++) {
        format from = random_format(&r), to = random_format(&r);
        if (k < 2)
            to = (format){.is_signed = true, .width = (uint8_t)(1 + k), .frac = 0};
        for (int m = 0; m < ROUNDING_COUNT * OVERFLOW_COUNT; m++) {
            rounding q = (rounding)(m / OVERFLOW_COUNT);
            overflow o = (overflow)(m % OVERFLOW_COUNT);
            for (int i = 0; i < values; i++) {
                int64_t v = random_value(&r, from);
                printf("%d %d %d %d %d %d %s %s %" PRId64 " %" PRId64 "\n", from.is_signed,
                       from.width, from.frac, to.is_signed, to.width, to.frac, rounding_name(q),
                       overflow_name(o), v, cast_value(v, from.frac, to, q, o));
            }
        }
    }
    return 0;
}
