/* ZIP archives in memory, as far as NPZ files need them: stored and deflated members. */
#ifndef DATA_ZIP_H
#define DATA_ZIP_H

#include "base/arena.h"
#include "data/source.h"

typedef struct zip_member {
    const char *name; /* in the arena */
    const unsigned char *data;
    size_t packed, size; /* bytes in the archive and unpacked */
    unsigned method;     /* 0 stored, 8 deflated */
    uint32_t checksum;   /* CRC-32 of the unpacked bytes */
} zip_member;

/* The members of the archive's directory, allocated in the arena. path: for messages. */
symlut_status zip_list(zip_member **out, size_t *count, arena *memory, const char *path,
                       const unsigned char *bytes, size_t length, symlut_error *err);

typedef struct zip_reader zip_reader;

/* Streams a member unpacked. source_close(s), then zip_close(z). */
symlut_status zip_open(zip_reader **z, source *s, const zip_member *member, const char *path,
                       symlut_error *err);
/* Whether the member ended where and as its directory entry says; to be asked at its end. */
bool zip_intact(zip_reader *z);
void zip_close(zip_reader *z);

#endif
