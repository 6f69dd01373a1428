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

int main(int argc_, char **argv_)
{
    enum { WORDS_ = 3 };
    FILE *file_ = open_vectors(argc_ > 1 ? argv_[1] : NULL);
    long events_ = 0, errors_ = 0;
    unsigned long long word_[WORDS_];
    if (!file_) {
        std::printf("FAIL: no symlut_model_vectors.hex\n");
        return 1;
    }
    for (;; events_++) {
        int got_ = 0;
        while (got_ < WORDS_ && std::fscanf(file_, "%llx", &word_[got_]) == 1)
            got_++;
        if (got_ < WORDS_)
            break;
        ac_fixed<10, 4, true> x0;
        x0.set_slc(0, ac_int<10, false>(word_[0]));
        ac_fixed<10, 4, true> x1;
        x1.set_slc(0, ac_int<10, false>(word_[1]));
        ac_fixed<10, 4, true> y;
        symlut_model(x0, x1, y);
        if (ac_int<10, false>(y.slc<10>(0)).to_uint64() != (word_[2] & 0x3ffULL)) {
            std::printf("event %ld: y differs\n", events_);
            errors_++;
        }
    }
    std::fclose(file_);
    std::printf("%s: %ld events, %ld errors\n", errors_ || !events_ ? "FAIL" : "PASS",
                events_, errors_);
    return errors_ || !events_ ? 1 : 0;
}
