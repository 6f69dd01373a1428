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

int main(int argc_, char **argv_)
{
    enum { WORDS_ = 5 };
    FILE *file_ = open_vectors(argc_ > 1 ? argv_[1] : NULL);
    long events_ = 0, errors_ = 0;
    unsigned long long word_[WORDS_];
    if (!file_) {
        std::printf("FAIL: no shared_model_vectors.hex\n");
        return 1;
    }
    for (;; events_++) {
        int got_ = 0;
        while (got_ < WORDS_ && std::fscanf(file_, "%llx", &word_[got_]) == 1)
            got_++;
        if (got_ < WORDS_)
            break;
        ap_fixed<9, 4> a;
        a.range(8, 0) = word_[0];
        ap_fixed<9, 4> b;
        b.range(8, 0) = word_[1];
        ap_fixed<9, 4> c;
        c.range(8, 0) = word_[2];
        ap_fixed<9, 4> p;
        ap_fixed<9, 4> q;
        shared_model(a, b, c, p, q);
        if (p.range(8, 0).to_uint64() != (word_[3] & 0x1ffULL)) {
            std::printf("event %ld: p differs\n", events_);
            errors_++;
        }
        if (q.range(8, 0).to_uint64() != (word_[4] & 0x1ffULL)) {
            std::printf("event %ld: q differs\n", events_);
            errors_++;
        }
    }
    std::fclose(file_);
    std::printf("%s: %ld events, %ld errors\n", errors_ || !events_ ? "FAIL" : "PASS",
                events_, errors_);
    return errors_ || !events_ ? 1 : 0;
}
