/* Emitters: a firmware in, a set of files out. Emitters only make text; firmware_write puts the
 * set on the disk. What they emit depends on the firmware alone (no dates, no paths), so that the
 * same model gives the same bytes. */
#ifndef EMIT_EMIT_H
#define EMIT_EMIT_H

#include "base/text.h"
#include "graph/firmware.h"

typedef struct emit_file {
    const char *path; /* relative to the firmware folder: "rtl/top.v" */
    text content;
} emit_file;

typedef struct emit_files {
    arena memory;
    emit_file **files; /* [count], in the order they were added; content starts empty */
    size_t count, capacity;
    bool failed; /* out of memory */
    text sink;   /* what emit_files_add returns after a failure */
} emit_files;    /* start from {0} */

/* A new empty file; path is formatted and copied. What is returned stays valid while more files
 * are added and is never NULL: after a failure it is a text whose failed flag is set, so that an
 * emitter appends freely and asks emit_files_status once, at its end. */
text *emit_files_add(emit_files *set, const char *path_format, ...) BASE_PRINTF(2, 3);
/* SYMLUT_NO_MEMORY when an allocation of the set or of any of its texts failed. */
symlut_status emit_files_status(const emit_files *set, symlut_error *err);
void emit_files_free(emit_files *set);

/* Each adds its files to the set. The graph is checked and scheduled. */
symlut_status emit_c(emit_files *set, const symlut_firmware *fw, symlut_error *err); /* c/ */
symlut_status emit_verilog(emit_files *set, const symlut_firmware *fw,
                           symlut_error *err);                                          /* rtl/ */
symlut_status emit_vhdl(emit_files *set, const symlut_firmware *fw, symlut_error *err); /* vhdl/ */
symlut_status emit_hls(emit_files *set, const symlut_firmware *fw,
                       symlut_error *err); /* hls/, ac/ */
symlut_status emit_emulator(emit_files *set, const symlut_firmware *fw,
                            symlut_error *err); /* cpp/ */
symlut_status emit_vendor(emit_files *set, const symlut_firmware *fw,
                          symlut_error *err);                                         /* vendor/ */
symlut_status emit_tb(emit_files *set, const symlut_firmware *fw, symlut_error *err); /* tb/ */
/* The data's column of each input (raw units), NULL for an input that nothing uses.
 * columns: [fw->g->input_count] */
symlut_status firmware_columns(const double **columns, const symlut_firmware *fw,
                               const symlut_dataset *data, symlut_error *err);
/* manifest.json: interface, formats and ranges of every signal, timing, resources, provenance. */
symlut_status emit_manifest(text *json, const symlut_firmware *fw, symlut_error *err);
/* Fills fw, whose graph is there already, from a manifest; `path` stands for it in errors. */
symlut_status manifest_parse(symlut_firmware *fw, const char *path, const char *json, size_t length,
                             symlut_error *err);

#endif
