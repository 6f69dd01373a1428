#include "tool/yosys_stat.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_LIMIT = 256, NAME_SIZE = 64 };

static bool starts(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

/* Library cells: upper case with one of these beginnings, and LUT with its number of inputs. Names
 * of the design's modules stand in the same columns. */
static bool is_library_cell(const char *name)
{
    static const char *const kinds[] = {"MUXF",  "CARRY", "FD",   "LD",     "DSP48", "RAMB",
                                        "RAM32", "RAM64", "URAM", "RAM128", "SRL",   "XORCY",
                                        "MUXCY", "INV",   "BUF",  "IBUF",   "OBUF"};
    for (const char *c = name; *c; c++) {
        if (!isupper((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_')
            return false;
    }
    if (starts(name, "LUT"))
        return isdigit((unsigned char)name[3]) != 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (starts(name, kinds[i]))
            return true;
    }
    return false;
}

static void add_sums(yosys_stat *s, const char *name, long count)
{
    if (starts(name, "LUT"))
        s->lut += count;
    else if (starts(name, "MUXF"))
        s->muxf += count;
    else if (starts(name, "CARRY"))
        s->carry += count;
    else if (starts(name, "FD"))
        s->ff += count;
    else if (starts(name, "DSP48"))
        s->dsp += count;
    else if (starts(name, "RAMB36"))
        s->bram18 += 2 * count;
    else if (starts(name, "RAMB18"))
        s->bram18 += count;
    else if (starts(name, "SRL"))
        s->srl += count;
}

/* A line of two words, one of them a count. */
static bool read_pair(const char *line, size_t length, char name[NAME_SIZE], long *count)
{
    char copy[256], first[128], second[128], rest[2], *end;
    snprintf(copy, sizeof copy, "%.*s", (int)(length < 255 ? length : 255), line);
    if (sscanf(copy, "%127s %127s %1s", first, second, rest) != 2)
        return false;
    const char *word = first;
    *count = strtol(second, &end, 10);
    if (*end) {
        word = second;
        *count = strtol(first, &end, 10);
    }
    if (*end || *count < 0 || strlen(word) >= NAME_SIZE)
        return false;
    strcpy(name, word);
    return true;
}

static void read_line(yosys_stat *s, const char *line, size_t length)
{
    static const char estimate[] = "Estimated number of LCs:";
    const char *found = strstr(line, estimate);
    if (found && found < line + length)
        s->estimated_lc = strtol(found + sizeof estimate - 1, NULL, 10);
    char name[NAME_SIZE];
    long count;
    if (!read_pair(line, length, name, &count) || !is_library_cell(name) || s->count == CELL_LIMIT)
        return;
    s->cells[s->count++] = (yosys_cell){arena_strdup(&s->memory, name), count};
    add_sums(s, name, count);
}

symlut_status yosys_stat_read(yosys_stat *out, const char *printed, symlut_error *err)
{
    *out = (yosys_stat){.estimated_lc = -1};
    const char *section = NULL;
    for (const char *p = printed; (p = strstr(p, "=== ")) != NULL; p += 4) {
        section = p;
        const char *end = strstr(p + 4, " ===");
        if (end)
            p = end;
    }
    if (!section || !strstr(section, "cells"))
        return error_set(err, SYMLUT_TOOL, "Yosys printed no cell counts: '%.200s'", printed);
    out->cells = ARENA_ARRAY(&out->memory, yosys_cell, CELL_LIMIT);
    if (!out->cells)
        return error_memory(err);
    for (const char *line = section; *line;) {
        size_t length = strcspn(line, "\n");
        read_line(out, line, length);
        line += length + (line[length] == '\n');
    }
    if (out->memory.failed) {
        yosys_stat_free(out);
        return error_memory(err);
    }
    return SYMLUT_OK;
}

void yosys_stat_free(yosys_stat *stat)
{
    arena_free(&stat->memory);
    *stat = (yosys_stat){.estimated_lc = -1};
}
