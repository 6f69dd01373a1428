/* Self-checking test of the C emulator. In the folder tb:
 *   cc -I ../c -o test shared_model_test.c ../c/shared_model.c && ./test */
#include <stdio.h>

#include "shared_model.h"

enum { INPUTS = 3, OUTPUTS = 2 };

/* 0: no further word */
static int read_word(FILE *f, int64_t *word)
{
    unsigned long long w;
    if (fscanf(f, "%llx", &w) != 1)
        return 0;
    *word = (int64_t)w;
    return 1;
}

int main(int argc, char **argv)
{
    FILE *f = fopen(argc > 1 ? argv[1] : "shared_model_vectors.hex", "r");
    int64_t words[INPUTS + OUTPUTS], out[OUTPUTS];
    long events = 0, errors = 0;
    int k;
    if (!f) {
        printf("FAIL: cannot open the vectors\n");
        return 1;
    }
    for (;;) {
        for (k = 0; k < INPUTS + OUTPUTS && read_word(f, &words[k]); k++)
            ;
        if (k < INPUTS + OUTPUTS)
            break;
        shared_model_eval(words, out);
        for (k = 0; k < OUTPUTS; k++) {
            if (out[k] != words[INPUTS + k]) {
                printf("event %ld: output %d is %lld, expected %lld\n", events, k,
                       (long long)out[k], (long long)words[INPUTS + k]);
                errors++;
            }
        }
        events++;
    }
    fclose(f);
    printf("%s: %ld events, %ld errors\n", errors || !events ? "FAIL" : "PASS", events,
           errors);
    return errors || !events ? 1 : 0;
}
