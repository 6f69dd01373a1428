/* Runs a fuzz target over a corpus without libFuzzer, so that any compiler can: each file as it
 * is, cut short, and with a few bytes changed. Usage: fuzz_x MUTATIONS FILE-OR-FOLDER… */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/rng.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The target gets a copy of its own, of the exact size, so that a sanitizer sees a read beyond. */
static void run_once(const char *bytes, size_t length)
{
    uint8_t *copy = malloc(length ? length : 1);
    if (!copy)
        abort();
    if (length > 0)
        memcpy(copy, bytes, length);
    LLVMFuzzerTestOneInput(copy, length);
    free(copy);
}

static void mutate(char *bytes, size_t length, rng *r)
{
    uint32_t changes = 1 + rng_below(r, 4);
    for (uint32_t i = 0; i < changes; i++) {
        char *p = bytes + rng_below(r, (uint32_t)length);
        switch (rng_below(r, 4)) {
        case 0:
            *p = (char)rng_next(r);
            break;
        case 1:
            *p ^= (char)(1 << rng_below(r, 8));
            break;
        case 2:
            *p = "\0\xff\n\",;()[]{}-.0e"[rng_below(r, 17)];
            break;
        default: { /* a stretch from elsewhere in the file */
            const char *from = bytes + rng_below(r, (uint32_t)length);
            size_t room = (size_t)(bytes + length - (from > p ? from : p));
            memmove(p, from, room < 16 ? room : rng_below(r, 16) + 1);
        }
        }
    }
}

static bool run_file(const char *path, long mutations)
{
    char *bytes;
    size_t length;
    if (file_read(&bytes, &length, path, NULL) != SYMLUT_OK) {
        fprintf(stderr, "cannot read %s\n", path);
        return false;
    }
    run_once(bytes, length);
    rng r = rng_make(1, length);
    char *changed = malloc(length + 1);
    if (!changed)
        abort();
    for (long i = 0; i < mutations && length > 0; i++) {
        run_once(bytes, rng_below(&r, (uint32_t)length));
        memcpy(changed, bytes, length);
        mutate(changed, length, &r);
        run_once(changed, length);
    }
    free(changed);
    free(bytes);
    return true;
}

static long run_folder(const char *path, long mutations)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    long files = 0;
    for (int i = 0; i < count; i++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && run_file(name, mutations))
            files++;
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return files;
}

int main(int argc, char **argv)
{
    long mutations = argc > 1 ? strtol(argv[1], NULL, 10) : 0, files = 0;
    for (int i = 2; i < argc; i++)
        files += file_is_directory(argv[i]) ? run_folder(argv[i], mutations)
                                            : run_file(argv[i], mutations);
    printf("%ld files, each once and %ld times cut or changed\n", files, 2 * mutations);
    return files > 0 ? 0 : 1;
}
