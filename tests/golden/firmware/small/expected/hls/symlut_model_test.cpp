// Self-checking test of symlut_model against the reference vectors.
#include <cstdio>
#include "symlut_model.h"

static FILE *open_vectors(const char *path)
{
    FILE *f = path ? std::fopen(path, "r") : NULL;
    if (!f)
        f = std::fopen("symlut_model_vectors.hex", "r");
    if (!f)
        f = std::fopen("../tb/symlut_model_vectors.hex", "r");
    return f;
}

int main(int argc, char **argv)
{
    enum { WORDS = 3 };
    FILE *f = open_vectors(argc > 1 ? argv[1] : NULL);
    long events = 0, errors = 0;
    unsigned long long w[WORDS];
    if (!f) {
        std::printf("FAIL: no symlut_model_vectors.hex\n");
        return 1;
    }
    for (;; events++) {
        int got = 0;
        while (got < WORDS && std::fscanf(f, "%llx", &w[got]) == 1)
            got++;
        if (got < WORDS)
            break;
        ap_fixed<10, 4> x0;
        x0.range(9, 0) = w[0];
        ap_fixed<10, 4> x1;
        x1.range(9, 0) = w[1];
        ap_fixed<10, 4> y;
        symlut_model(x0, x1, y);
        if (y.range(9, 0).to_uint64() != (w[2] & 0x3ffULL)) {
            std::printf("event %ld: y differs\n", events);
            errors++;
        }
    }
    std::fclose(f);
    std::printf("%s: %ld events, %ld errors\n", errors || !events ? "FAIL" : "PASS",
                events, errors);
    return errors || !events ? 1 : 0;
}
