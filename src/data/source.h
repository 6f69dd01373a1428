/* A stream of bytes, from a file or from memory, hashed as it is read. */
#ifndef DATA_SOURCE_H
#define DATA_SOURCE_H

#include "base/status.h"

#include <openssl/evp.h>

/* SHA-256 over all bytes given. */
typedef struct hasher {
    EVP_MD_CTX *context;
} hasher;

symlut_status hasher_open(hasher *h, symlut_error *err);
void hasher_add(hasher *h, const void *bytes, size_t length);
/* 64 hexadecimal digits and a NUL; false when the digest failed. */
bool hasher_finish(hasher *h, char hex[65]);
void hasher_close(hasher *h);

enum { SOURCE_PEEK = 65536 };

typedef struct source {
    const char *path; /* borrowed; for messages */
    int fd;           /* -1: memory or pull */
    const unsigned char *memory;
    size_t memory_left;
    size_t (*pull)(void *context, unsigned char *buffer, size_t length); /* or NULL */
    void *context;
    hasher *hash;         /* may be NULL */
    unsigned long size;   /* of the file or memory; 0: unknown */
    unsigned char *ahead; /* bytes looked at and not yet read */
    size_t ahead_start, ahead_end;
    bool failed; /* a read failed; errno is in `reason` */
    int reason;
} source;

symlut_status source_open(source *s, const char *path, hasher *hash, symlut_error *err);
symlut_status source_memory(source *s, const char *name, const void *bytes, size_t length,
                            symlut_error *err);
/* Bytes that a function makes; it returns fewer than asked for at the end only. */
symlut_status source_stream(source *s, const char *name,
                            size_t (*pull)(void *context, unsigned char *buffer, size_t length),
                            void *context, size_t length, symlut_error *err);
void source_close(source *s);

/* The next bytes without taking them: as many as there are, at most SOURCE_PEEK. */
const unsigned char *source_peek(source *s, size_t *length);
/* Fills the buffer unless the end comes first; returns how many bytes. */
size_t source_read(source *s, void *buffer, size_t length);
/* Reads what is left; the caller frees *data. */
symlut_status source_read_all(source *s, unsigned char **data, size_t *length, symlut_error *err);
/* Hashes what is left. SYMLUT_BAD_INPUT when a read failed here or before. */
symlut_status source_finish(source *s, symlut_error *err);

#endif
