/* The compiler's passes, in order. */
#include "opt/opt.h"

#include <stdio.h>
#include <string.h>

static const opt_pass passes[] = {
    {"fold", opt_fold, "constants and identities"},
    {"cse", opt_cse, "common sub-expressions, across outputs"},
    {"range", opt_range, "casts and tables keep only the bits their values use"},
    {"dce", opt_dce, "what folding and sharing left"},
    {"sums", opt_sums, "sums and multiples shared, in balanced trees"},
    {"shift_add", opt_shift_add, "products by constants as shifts and additions"},
    {"multiplier", opt_multiplier,
     "products by variables as rows and additions, but those in DSPs"},
    {"fold", opt_fold, "what shift_add left"},
    {"cse", opt_cse, "what shift_add and fold made equal"},
    {"dce", opt_dce, "nodes and tables that nothing uses"},
    {"compress", opt_compress, "sums of many terms by 6:3 counters of bits where that is cheaper"},
    {"dce", opt_dce, "the additions that counters replaced"},
    {"schedule", opt_schedule, "pipeline stages and registers"},
    {NULL, NULL, NULL},
};

const opt_pass *opt_passes(void)
{
    return passes;
}

const opt_pass *opt_find(const char *name)
{
    for (const opt_pass *p = passes; p->name; p++) {
        if (strcmp(p->name, name) == 0)
            return p;
    }
    return NULL;
}

symlut_status opt_run_all(graph **g, const opt_options *options,
                          void (*after)(void *payload, const char *pass, const graph *g),
                          void *payload, symlut_error *err)
{
    for (const opt_pass *p = passes; p->name; p++) {
        symlut_error inner = {0};
        symlut_status s = p->run(g, options, err);
        if (s != SYMLUT_OK)
            return s;
        s = graph_check(*g, &inner);
        if (s != SYMLUT_OK)
            return error_set(err, s, "after pass %s: %s", p->name, inner.message);
        if (after)
            after(payload, p->name, *g);
    }
    return SYMLUT_OK;
}
