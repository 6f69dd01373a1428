/* The format: APPNOTE.TXT of PKWARE, 4.3 and 4.5.3 (ZIP64 sizes). */
#include "data/zip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { END_SIZE = 22, ENTRY_SIZE = 46, LOCAL_SIZE = 30, MEMBERS_MAX = 65535 };

static uint64_t little(const unsigned char *p, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes; i > 0; i--)
        value = value << 8 | p[i - 1];
    return value;
}

/* The record at the end, which may be followed by a comment. NULL: there is none. */
static const unsigned char *find_end(const unsigned char *bytes, size_t length)
{
    size_t farthest = END_SIZE + 65535;
    for (size_t back = END_SIZE; back <= length && back <= farthest; back++) {
        const unsigned char *p = bytes + length - back;
        if (memcmp(p, "PK\5\6", 4) == 0 && little(p + 20, 2) == back - END_SIZE)
            return p;
    }
    return NULL;
}

/* Sizes and place of large members stand in an extra field, those that are all ones before. */
static void take_large(const unsigned char *extra, size_t length, uint64_t *const values[3])
{
    while (length >= 4) {
        size_t id = little(extra, 2), size = little(extra + 2, 2);
        if (size > length - 4)
            return;
        const unsigned char *p = extra + 4, *end = p + size;
        for (int i = 0; id == 1 && i < 3; i++) {
            if (*values[i] == 0xFFFFFFFF && end - p >= 8) {
                *values[i] = little(p, 8);
                p += 8;
            }
        }
        extra += 4 + size;
        length -= 4 + size;
    }
}

/* Deflate makes at most 1,032 bytes out of one. */
static bool plausible(uint64_t size, uint64_t packed, unsigned method)
{
    return method == 0 ? size == packed : size / 1032 <= packed + 1;
}

/* One entry of the directory at *p, which moves behind it. False: damaged. */
static bool take_entry(zip_member *m, arena *memory, const unsigned char *bytes, size_t length,
                       const unsigned char **p)
{
    size_t left = (size_t)(bytes + length - *p);
    const unsigned char *e = *p;
    if (left < ENTRY_SIZE || memcmp(e, "PK\1\2", 4) != 0)
        return false;
    size_t name = little(e + 28, 2), extra = little(e + 30, 2), comment = little(e + 32, 2);
    if (left - ENTRY_SIZE < name + extra + comment)
        return false;
    uint64_t packed = little(e + 20, 4), size = little(e + 24, 4), at = little(e + 42, 4);
    take_large(e + ENTRY_SIZE + name, extra, (uint64_t *const[]){&size, &packed, &at});
    if (at > length || length - at < LOCAL_SIZE || memcmp(bytes + at, "PK\3\4", 4) != 0)
        return false;
    size_t skip = LOCAL_SIZE + little(bytes + at + 26, 2) + little(bytes + at + 28, 2);
    if (length - at < skip || length - at - skip < packed)
        return false;
    *m = (zip_member){.name = arena_strndup(memory, (const char *)e + ENTRY_SIZE, name),
                      .data = bytes + at + skip,
                      .packed = packed,
                      .size = size,
                      .method = (unsigned)little(e + 10, 2),
                      .checksum = (uint32_t)little(e + 16, 4)};
    *p += ENTRY_SIZE + name + extra + comment;
    return plausible(size, packed, m->method) || (m->method != 0 && m->method != 8);
}

symlut_status zip_list(zip_member **out, size_t *count, arena *memory, const char *path,
                       const unsigned char *bytes, size_t length, symlut_error *err)
{
    const unsigned char *end = find_end(bytes, length);
    *out = NULL;
    *count = 0;
    if (!end)
        return error_at(err, SYMLUT_BAD_INPUT, path, 0, 0,
                        "is cut short: the ZIP directory at its end is missing");
    size_t members = little(end + 10, 2), at = little(end + 16, 4);
    if (members == MEMBERS_MAX || at == 0xFFFFFFFF)
        return error_at(err, SYMLUT_BAD_INPUT, path, 0, 0,
                        "is a ZIP64 archive with a large directory, which is not read");
    *out = ARENA_ARRAY(memory, zip_member, members + 1);
    if (!*out)
        return error_memory(err);
    const unsigned char *p = bytes + (at < length ? at : length);
    for (; *count < members; ++*count) {
        if (!take_entry(&(*out)[*count], memory, bytes, length, &p))
            return error_at(err, SYMLUT_BAD_INPUT, path, 0, 0,
                            "its ZIP directory is damaged at member %zu of %zu", *count + 1,
                            members);
    }
    return memory->failed ? error_memory(err) : SYMLUT_OK;
}

/* ---- unpacking */

struct zip_reader {
    const zip_member *member;
    z_stream stream;
    bool inflating, failed;
    size_t given; /* unpacked bytes so far */
    uint32_t checksum;
};

static size_t inflate_some(zip_reader *z, unsigned char *buffer, size_t length)
{
    size_t used = 0;
    while (used < length && !z->failed) {
        size_t step = length - used < (1u << 30) ? length - used : 1u << 30;
        if (z->stream.avail_in == 0) {
            size_t at = (size_t)(z->stream.next_in - z->member->data);
            size_t left = z->member->packed - at;
            z->stream.avail_in = (uInt)(left < (1u << 30) ? left : 1u << 30);
        }
        z->stream.next_out = buffer + used;
        z->stream.avail_out = (uInt)step;
        int result = inflate(&z->stream, Z_NO_FLUSH);
        used += step - z->stream.avail_out;
        if (result == Z_STREAM_END)
            break;
        z->failed = result != Z_OK;
    }
    return used;
}

static size_t pull(void *context, unsigned char *buffer, size_t length)
{
    zip_reader *z = context;
    size_t left = z->member->size - z->given;
    length = length < left ? length : left;
    size_t got = length;
    if (z->inflating)
        got = inflate_some(z, buffer, length);
    else if (length > 0)
        memcpy(buffer, z->member->data + z->given, length);
    for (size_t done = 0; done < got;) {
        size_t step = got - done < (1u << 30) ? got - done : 1u << 30;
        z->checksum = (uint32_t)crc32(z->checksum, buffer + done, (uInt)step);
        done += step;
    }
    z->given += got;
    return got;
}

symlut_status zip_open(zip_reader **out, source *s, const zip_member *member, const char *path,
                       symlut_error *err)
{
    *out = NULL;
    *s = (source){.fd = -1};
    if (member->method != 0 && member->method != 8)
        return error_at(err, SYMLUT_BAD_INPUT, path, 0, 0,
                        "member '%s' is packed by ZIP method %u, expected stored or deflated: save "
                        "it with numpy.savez or numpy.savez_compressed",
                        member->name, member->method);
    zip_reader *z = calloc(1, sizeof *z);
    if (!z)
        return error_memory(err);
    z->member = member;
    z->inflating = member->method == 8;
    z->stream.next_in = (z_const Bytef *)member->data;
    if (z->inflating && inflateInit2(&z->stream, -MAX_WBITS) != Z_OK) {
        free(z);
        return error_memory(err);
    }
    symlut_status status = source_stream(s, path, pull, z, member->size, err);
    if (status == SYMLUT_OK)
        *out = z;
    else
        zip_close(z);
    return status;
}

bool zip_intact(zip_reader *z)
{
    return !z->failed && z->given == z->member->size && z->checksum == z->member->checksum;
}

void zip_close(zip_reader *z)
{
    if (!z)
        return;
    if (z->inflating)
        inflateEnd(&z->stream);
    free(z);
}
