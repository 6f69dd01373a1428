#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static symlut_status io_error(symlut_error *err, symlut_status status, const char *path,
                              const char *what)
{
    return error_at(err, status, path, 0, 0, "%s: %s", what, strerror(errno));
}

static symlut_status read_stream(char **data, size_t *length, FILE *f, const char *path,
                                 symlut_error *err)
{
    size_t capacity = 1 << 16, used = 0;
    char *bytes = malloc(capacity + 1);
    while (bytes) {
        used += fread(bytes + used, 1, capacity - used, f);
        if (used < capacity)
            break;
        capacity *= 2;
        char *grown = realloc(bytes, capacity + 1);
        if (!grown)
            free(bytes);
        bytes = grown;
    }
    if (!bytes)
        return error_memory(err);
    if (ferror(f)) {
        free(bytes);
        return io_error(err, SYMLUT_BAD_INPUT, path, "cannot read");
    }
    bytes[used] = '\0';
    *data = bytes;
    *length = used;
    return SYMLUT_OK;
}

symlut_status file_read(char **data, size_t *length, const char *path, symlut_error *err)
{
    *data = NULL;
    *length = 0;
    if (file_is_directory(path))
        return error_at(err, SYMLUT_BAD_INPUT, path, 0, 0, "is a folder, expected a file");
    FILE *f = fopen(path, "rb");
    if (!f)
        return io_error(err, SYMLUT_BAD_INPUT, path, "cannot open");
    symlut_status status = read_stream(data, length, f, path, err);
    fclose(f);
    return status;
}

static bool write_and_sync(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, data, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        data += n;
        length -= (size_t)n;
    }
    return fsync(fd) == 0;
}

symlut_status file_write(const char *path, const void *data, size_t length, symlut_error *err)
{
    size_t room = strlen(path) + 16;
    char *temporary = malloc(room);
    if (!temporary)
        return error_memory(err);
    snprintf(temporary, room, "%s.tmpXXXXXX", path);
    int fd = mkstemp(temporary);
    symlut_status status = SYMLUT_OK;
    if (fd < 0) {
        status = io_error(err, SYMLUT_IO, path, "cannot write");
    } else {
        mode_t mask = umask(0);
        umask(mask);
        bool ok = write_and_sync(fd, data, length) && fchmod(fd, 0666 & ~mask) == 0;
        ok = (close(fd) == 0) && ok;
        if (!ok || rename(temporary, path) != 0) {
            status = io_error(err, SYMLUT_IO, path, "cannot write");
            unlink(temporary);
        }
    }
    free(temporary);
    return status;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool file_is_directory(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

symlut_status directory_make(const char *path, symlut_error *err)
{
    char *copy = malloc(strlen(path) + 1);
    if (!copy)
        return error_memory(err);
    strcpy(copy, path);
    symlut_status status = SYMLUT_OK;
    for (char *p = copy + 1; status == SYMLUT_OK; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char separator = *p;
        *p = '\0';
        if (mkdir(copy, 0777) != 0 && !(errno == EEXIST && file_is_directory(copy)))
            status = io_error(err, SYMLUT_IO, copy, "cannot make the folder");
        *p = separator;
        if (separator == '\0')
            break;
    }
    free(copy);
    return status;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

symlut_status directory_remove(const char *path, symlut_error *err)
{
    if (!file_exists(path))
        return SYMLUT_OK;
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0)
        return io_error(err, SYMLUT_IO, path, "cannot remove");
    return SYMLUT_OK;
}
