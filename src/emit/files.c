#include "emit/emit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool grow(emit_files *set)
{
    if (set->count < set->capacity)
        return true;
    size_t capacity = set->capacity ? 2 * set->capacity : 16;
    emit_file **files = ARENA_ARRAY(&set->memory, emit_file *, capacity);
    if (!files)
        return false;
    if (set->count)
        memcpy(files, set->files, set->count * sizeof *files);
    set->files = files;
    set->capacity = capacity;
    return true;
}

text *emit_files_add(emit_files *set, const char *path_format, ...)
{
    char path[512];
    va_list args;
    va_start(args, path_format);
    vsnprintf(path, sizeof path, path_format, args);
    va_end(args);

    emit_file *file = grow(set) ? ARENA_NEW(&set->memory, emit_file) : NULL;
    if (file)
        file->path = arena_strdup(&set->memory, path);
    if (!file || !file->path) {
        set->failed = true;
        set->sink = (text){.failed = true};
        return &set->sink;
    }
    set->files[set->count++] = file;
    return &file->content;
}

symlut_status emit_files_status(const emit_files *set, symlut_error *err)
{
    if (set->failed)
        return error_memory(err);
    for (size_t i = 0; i < set->count; i++) {
        if (set->files[i]->content.failed)
            return error_memory(err);
    }
    return SYMLUT_OK;
}

void emit_files_free(emit_files *set)
{
    for (size_t i = 0; i < set->count; i++)
        text_free(&set->files[i]->content);
    text_free(&set->sink);
    arena_free(&set->memory);
    *set = (emit_files){0};
}
