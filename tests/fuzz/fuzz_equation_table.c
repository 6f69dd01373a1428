#include "expr_fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* The reader wants a path: a file that lives in memory has one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("fuzz", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    char path[64], *content = terminated(data, size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    arena memory = {0};
    symlut_error err = {0};
    source_list list = {.memory = &memory};
    front *f = NULL;
    (void)equation_table_detect(content);
    symlut_status status = equation_table_read(&list, path, content, "y", &err);
    if (status == SYMLUT_OK)
        status = sources_to_front(&f, &list, NULL, &err);
    check_result(status, f, &err);
    arena_free(&memory);
    free(content);
    close(fd);
    return 0;
}
