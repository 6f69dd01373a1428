/* Text files built into the library (scripts/embed-list). */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

typedef struct embedded_file {
    const char *name; /* file name without folder and suffix; NULL ends an array */
    const char *text;
} embedded_file;

#endif
