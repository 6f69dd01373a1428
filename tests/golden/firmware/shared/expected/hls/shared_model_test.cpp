// Self-checking test of shared_model against the reference vectors.
#include <cstdio>
#include "shared_model.h"

static FILE *open_vectors(const char *path)
{
    FILE *f = path ? std::fopen(path, "r") : NULL;
    if (!f)
        f = std::fopen("shared_model_vectors.hex", "r");
    if (!f)
        f = std::fopen("../tb/shared_model_vectors.hex", "r");
    return f;
}

int main(int argc, char **argv)
{
    enum { WORDS = 5 };
    FILE *f = open_vectors(argc > 1 ? argv[1] : NULL);
    long events = 0, errors = 0;
    unsigned long long w[WORDS];
    if (!f) {
        std::printf("FAIL: no shared_model_vectors.hex\n");
        return 1;
    }
    for (;; events++) {
        int got = 0;
        while (got < WORDS && std::fscanf(f, "%llx", &w[got]) == 1)
            got++;
        if (got < WORDS)
            break;
        ap_fixed<9, 4> a;
        a.range(8, 0) = w[0];
        ap_fixed<9, 4> b;
        b.range(8, 0) = w[1];
        ap_fixed<9, 4> c;
        c.range(8, 0) = w[2];
        ap_fixed<9, 4> p;
        ap_fixed<9, 4> q;
        shared_model(a, b, c, p, q);
        if (p.range(8, 0).to_uint64() != (w[3] & 0x1ffULL)) {
            std::printf("event %ld: p differs\n", events);
            errors++;
        }
        if (q.range(8, 0).to_uint64() != (w[4] & 0x1ffULL)) {
            std::printf("event %ld: q differs\n", events);
            errors++;
        }
    }
    std::fclose(f);
    std::printf("%s: %ld events, %ld errors\n", errors || !events ? "FAIL" : "PASS",
                events, errors);
    return errors || !events ? 1 : 0;
}
