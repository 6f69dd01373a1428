/* Files: whole reads, and writes that are all or nothing (temporary name, fsync, rename). */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/status.h"

/* Whole file, terminated with a NUL that *length does not count; the caller frees *data. */
symlut_status file_read(char **data, size_t *length, const char *path, symlut_error *err);
symlut_status file_write(const char *path, const void *data, size_t length, symlut_error *err);
bool file_exists(const char *path);
bool file_is_directory(const char *path);
/* Makes the folder and its parents. */
symlut_status directory_make(const char *path, symlut_error *err);
/* Removes a folder with all it holds; nothing there is fine. Never follows links. */
symlut_status directory_remove(const char *path, symlut_error *err);

#endif
