#include "data/source.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

symlut_status hasher_open(hasher *h, symlut_error *err)
{
    h->context = EVP_MD_CTX_new();
    if (h->context && EVP_DigestInit_ex(h->context, EVP_sha256(), NULL) == 1)
        return SYMLUT_OK;
    hasher_close(h);
    return error_memory(err);
}

void hasher_add(hasher *h, const void *bytes, size_t length)
{
    /* A failure is sticky in the context and shows in hasher_finish. */
    (void)EVP_DigestUpdate(h->context, bytes, length);
}

bool hasher_finish(hasher *h, char hex[65])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (EVP_DigestFinal_ex(h->context, digest, &length) != 1 || length != 32)
        return false;
    for (size_t i = 0; i < 32; i++) {
        hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    hex[64] = '\0';
    return true;
}

void hasher_close(hasher *h)
{
    EVP_MD_CTX_free(h->context);
    h->context = NULL;
}

static symlut_status source_prepare(source *s, symlut_error *err)
{
    s->ahead = malloc(SOURCE_PEEK);
    return s->ahead ? SYMLUT_OK : error_memory(err);
}

symlut_status source_open(source *s, const char *path, hasher *hash, symlut_error *err)
{
    *s = (source){.path = path, .fd = -1, .hash = hash};
    if (file_is_directory(path))
        return error_at(err, SYMLUT_BAD_INPUT, path, 0, 0, "is a folder, expected a data file");
    s->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0)
        return error_at(err, SYMLUT_BAD_INPUT, path, 0, 0, "cannot open: %s", strerror(errno));
    struct stat st;
    if (fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
        s->size = (unsigned long)st.st_size;
    return source_prepare(s, err);
}

symlut_status source_memory(source *s, const char *name, const void *bytes, size_t length,
                            symlut_error *err)
{
    *s = (source){.path = name, .fd = -1, .memory = bytes, .memory_left = length, .size = length};
    return source_prepare(s, err);
}

symlut_status source_stream(source *s, const char *name,
                            size_t (*pull)(void *context, unsigned char *buffer, size_t length),
                            void *context, size_t length, symlut_error *err)
{
    *s = (source){.path = name, .fd = -1, .pull = pull, .context = context, .size = length};
    return source_prepare(s, err);
}

void source_close(source *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    free(s->ahead);
    s->ahead = NULL;
}

static size_t read_new(source *s, unsigned char *buffer, size_t length)
{
    size_t used = 0;
    if (s->pull) {
        used = s->pull(s->context, buffer, length);
    } else if (s->fd < 0) {
        used = length < s->memory_left ? length : s->memory_left;
        if (used > 0) {
            memcpy(buffer, s->memory, used);
            s->memory += used;
            s->memory_left -= used;
        }
    }
    while (s->fd >= 0 && used < length && !s->failed) {
        ssize_t n = read(s->fd, buffer + used, length - used);
        if (n == 0)
            break;
        if (n > 0) {
            used += (size_t)n;
        } else if (errno != EINTR) {
            s->failed = true;
            s->reason = errno;
        }
    }
    if (s->hash && used > 0)
        hasher_add(s->hash, buffer, used);
    return used;
}

const unsigned char *source_peek(source *s, size_t *length)
{
    if (s->ahead_end == s->ahead_start) {
        s->ahead_start = 0;
        s->ahead_end = read_new(s, s->ahead, SOURCE_PEEK);
    }
    *length = s->ahead_end - s->ahead_start;
    return s->ahead + s->ahead_start;
}

size_t source_read(source *s, void *buffer, size_t length)
{
    unsigned char *bytes = buffer;
    size_t held = s->ahead_end - s->ahead_start;
    size_t used = held < length ? held : length;
    if (used > 0) {
        memcpy(bytes, s->ahead + s->ahead_start, used);
        s->ahead_start += used;
    }
    if (used < length)
        used += read_new(s, bytes + used, length - used);
    return used;
}

symlut_status source_read_all(source *s, unsigned char **data, size_t *length, symlut_error *err)
{
    size_t capacity = s->size + SOURCE_PEEK, used = 0;
    unsigned char *bytes = malloc(capacity);
    while (bytes) {
        used += source_read(s, bytes + used, capacity - used);
        if (used < capacity)
            break;
        capacity *= 2;
        unsigned char *grown = realloc(bytes, capacity);
        if (!grown)
            free(bytes);
        bytes = grown;
    }
    *data = bytes;
    *length = used;
    if (!bytes)
        return error_memory(err);
    symlut_status status = source_finish(s, err);
    if (status != SYMLUT_OK) {
        free(bytes);
        *data = NULL;
    }
    return status;
}

symlut_status source_finish(source *s, symlut_error *err)
{
    s->ahead_start = s->ahead_end;
    while (read_new(s, s->ahead, SOURCE_PEEK) > 0)
        continue;
    if (!s->failed)
        return SYMLUT_OK;
    return error_at(err, SYMLUT_BAD_INPUT, s->path, 0, 0, "cannot read: %s", strerror(s->reason));
}
