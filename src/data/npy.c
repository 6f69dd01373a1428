#include "data/npy.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_MAX = 1 << 20, CHUNK = 1 << 18 };

/* ---- header: a Python dictionary like {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2)}
 */

typedef struct header_text {
    const char *p;
    char type[32]; /* of 'descr'; empty when it is a list of fields */
    bool fortran, fields;
    bool have_type, have_order, have_shape;
    size_t shape[2];
    int dimensions;
} header_text;

static void skip_blanks(header_text *h)
{
    h->p += strspn(h->p, " \t\n\r");
}

static bool take(header_text *h, const char *word)
{
    skip_blanks(h);
    size_t n = strlen(word);
    if (strncmp(h->p, word, n) != 0)
        return false;
    h->p += n;
    return true;
}

static bool take_string(header_text *h, char *out, size_t room)
{
    skip_blanks(h);
    char quote = *h->p;
    if (quote != '\'' && quote != '"')
        return false;
    const char *end = strchr(h->p + 1, quote);
    if (!end || (size_t)(end - h->p) > room)
        return false;
    size_t n = (size_t)(end - h->p) - 1;
    memcpy(out, h->p + 1, n);
    out[n] = '\0';
    h->p = end + 1;
    return true;
}

/* (), (3,), (3, 2); more dimensions are counted and not kept. */
static bool take_shape(header_text *h)
{
    if (!take(h, "("))
        return false;
    for (h->dimensions = 0; !take(h, ")"); h->dimensions++) {
        skip_blanks(h);
        if (*h->p < '0' || *h->p > '9' || h->dimensions > 64)
            return false;
        size_t n = 0;
        for (; *h->p >= '0' && *h->p <= '9'; h->p++) {
            if (n > SIZE_MAX / 10 - 1)
                return false;
            n = n * 10 + (size_t)(*h->p - '0');
        }
        take(h, "L"); /* Python 2 wrote long integers so */
        if (h->dimensions < 2)
            h->shape[h->dimensions] = n;
        if (!take(h, ",")) {
            h->dimensions++;
            return take(h, ")");
        }
    }
    return true;
}

static bool take_entry(header_text *h)
{
    char key[32];
    if (!take_string(h, key, sizeof key) || !take(h, ":"))
        return false;
    if (strcmp(key, "descr") == 0) {
        h->have_type = true;
        skip_blanks(h);
        h->fields = *h->p == '[';
        return h->fields || take_string(h, h->type, sizeof h->type);
    }
    if (strcmp(key, "fortran_order") == 0) {
        h->have_order = true;
        h->fortran = take(h, "True");
        return h->fortran || take(h, "False");
    }
    h->have_shape = true;
    return strcmp(key, "shape") == 0 && take_shape(h);
}

static bool parse_dictionary(header_text *h)
{
    if (!take(h, "{"))
        return false;
    while (!take(h, "}")) {
        if (!take_entry(h))
            return false;
        if (h->fields)
            return true;
        if (!take(h, ",") && *h->p != '}')
            return false;
    }
    skip_blanks(h);
    return *h->p == '\0' && h->have_type && h->have_order && h->have_shape;
}

/* ---- errors */

/* The error names an array inside an archive. */
#define NPY_ERROR(t, a, err, format, ...)                                                          \
    table_error((t), NULL, (err), "%s%s%s" format, (a)->name[0] ? "array '" : "", (a)->name,       \
                (a)->name[0] ? "': " : "", __VA_ARGS__)

static symlut_status take_type(npy_array *a, const char *type, const table *t, symlut_error *err)
{
    static const uint16_t probe = 1;
    bool little_machine = *(const unsigned char *)&probe == 1;
    bool ordered = *type && strchr("<>=|", *type);
    const char *kind = type + ordered;
    char *end = NULL;
    unsigned long size = *kind ? strtoul(kind + 1, &end, 10) : 0;
    if (*kind == 'O')
        return NPY_ERROR(t, a, err,
                         "holds Python objects (type '%s'): save it with a numeric type, as "
                         "array.astype(float)",
                         type);
    bool known = *kind && end && *end == '\0' && kind[1] >= '0' && kind[1] <= '9';
    if (*kind == 'f')
        known = known && (size == 2 || size == 4 || size == 8);
    else if (*kind == 'i' || *kind == 'u')
        known = known && (size == 1 || size == 2 || size == 4 || size == 8);
    else if (*kind == 'b')
        known = known && size == 1;
    else
        known = known && (*kind == 'U' || *kind == 'S') && size <= 4096;
    if (!known)
        return NPY_ERROR(t, a, err,
                         "holds elements of type '%s', expected float16, 32 or 64, an integer "
                         "type, bool, or text for a target",
                         type);
    a->kind = *kind;
    a->size = *kind == 'U' ? 4 * size : size;
    a->swapped = (*type == '<' && !little_machine) || (*type == '>' && little_machine);
    return SYMLUT_OK;
}

static symlut_status take_dimensions(npy_array *a, const header_text *h, const table *t,
                                     symlut_error *err)
{
    if (h->dimensions < 1 || h->dimensions > 2)
        return NPY_ERROR(t, a, err,
                         "has %d dimensions, expected 1 (one column) or 2 (rows and columns)",
                         h->dimensions);
    a->dimensions = h->dimensions;
    a->rows = h->shape[0];
    a->columns = h->dimensions == 2 ? h->shape[1] : 1;
    a->fortran = h->fortran;
    if (a->rows == 0 || a->columns == 0)
        return NPY_ERROR(t, a, err, "has the shape %zu × %zu: there is no row or no column in it",
                         a->rows, a->columns);
    return SYMLUT_OK;
}

static symlut_status cut_short(const npy_array *a, const table *t, symlut_error *err)
{
    return NPY_ERROR(t, a, err,
                     "is cut short: the header promises %zu × %zu elements of %zu bytes, the file "
                     "ends before",
                     a->rows, a->columns, a->size);
}

static symlut_status check_size(const npy_array *a, size_t header, const table *t,
                                symlut_error *err)
{
    size_t elements, bytes;
    bool overflow = __builtin_mul_overflow(a->rows, a->columns, &elements) ||
                    __builtin_mul_overflow(elements, a->size ? a->size : 1, &bytes) ||
                    __builtin_add_overflow(bytes, header, &bytes);
    if (overflow || (a->source->size > 0 && bytes > a->source->size))
        return cut_short(a, t, err);
    return SYMLUT_OK;
}

static symlut_status parse_header(npy_array *a, char *text, size_t before, const table *t,
                                  symlut_error *err)
{
    header_text h = {.p = text};
    if (!parse_dictionary(&h))
        return NPY_ERROR(t, a, err,
                         "its header is damaged near '%.40s', expected {'descr': …, "
                         "'fortran_order': …, 'shape': …}",
                         h.p);
    if (h.fields)
        return NPY_ERROR(t, a, err,
                         "holds records with fields%s, expected plain numbers: save "
                         "one array per field in an NPZ file",
                         "");
    symlut_status status = take_type(a, h.type, t, err);
    if (status == SYMLUT_OK)
        status = take_dimensions(a, &h, t, err);
    return status == SYMLUT_OK ? check_size(a, before, t, err) : status;
}

symlut_status npy_open(npy_array *a, const char *name, source *s, const table *t, symlut_error *err)
{
    *a = (npy_array){.name = name, .source = s};
    unsigned char start[12];
    if (source_read(s, start, 8) < 8 || memcmp(start, "\x93NUMPY", 6) != 0)
        return NPY_ERROR(t, a, err, "does not begin as an NPY file does%s", "");
    if (start[6] < 1 || start[6] > 3)
        return NPY_ERROR(t, a, err, "is of NPY version %d, expected 1 to 3", start[6]);
    size_t digits = start[6] == 1 ? 2 : 4, length = 0;
    if (source_read(s, start + 8, digits) < digits)
        return NPY_ERROR(t, a, err, "ends inside its header%s", "");
    for (size_t i = digits; i > 0; i--)
        length = length << 8 | start[7 + i];
    if (length > HEADER_MAX)
        return NPY_ERROR(t, a, err, "its header is damaged: it claims %zu bytes", length);
    char *text = calloc(length + 1, 1);
    if (!text)
        return error_memory(err);
    symlut_status status;
    if (source_read(s, text, length) < length)
        status = NPY_ERROR(t, a, err, "ends inside its header%s", "");
    else
        status = parse_header(a, text, 8 + digits + length, t, err);
    free(text);
    return status;
}

/* ---- elements */

/* IEEE 754 binary16. */
static double half_value(uint16_t bits)
{
    int exponent = bits >> 10 & 31;
    double fraction = bits & 1023;
    double value = exponent == 31  ? (fraction > 0 ? (double)NAN : (double)INFINITY)
                   : exponent == 0 ? ldexp(fraction, -24)
                                   : ldexp(fraction + 1024, exponent - 25);
    return bits >> 15 ? -value : value;
}

/* bits: the element in this machine's order, in the low bytes. */
static double number_value(char kind, size_t size, uint64_t bits)
{
    unsigned spare = 64 - 8 * (unsigned)size;
    if (kind == 'u')
        return (double)bits;
    if (kind == 'b')
        return bits != 0;
    if (kind == 'i')
        return (double)((int64_t)(bits << spare) >> spare);
    if (size == 2)
        return half_value((uint16_t)bits);
    if (size == 4) {
        uint32_t low = (uint32_t)bits;
        float f;
        memcpy(&f, &low, sizeof f);
        return (double)f;
    }
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static uint64_t element_bits(const npy_array *a, const unsigned char *p)
{
    uint64_t b8;
    uint32_t b4;
    uint16_t b2;
    switch (a->size) {
    case 1:
        return *p;
    case 2:
        memcpy(&b2, p, 2);
        return a->swapped ? __builtin_bswap16(b2) : b2;
    case 4:
        memcpy(&b4, p, 4);
        return a->swapped ? __builtin_bswap32(b4) : b4;
    default:
        memcpy(&b8, p, 8);
        return a->swapped ? __builtin_bswap64(b8) : b8;
    }
}

static size_t encode_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    out[0] = (char)((0xFF00 >> (more + 1) & 0xFF) | c >> (6 * more));
    for (int i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (c >> (6 * (more - i)) & 0x3F));
    return (size_t)more + 1;
}

/* text: [size + 1]; returns its length without the NULs that fill the element. */
static size_t element_text(const npy_array *a, const unsigned char *p, char *text)
{
    size_t length = 0;
    if (a->kind == 'S') {
        memcpy(text, p, a->size);
        for (length = a->size; length > 0 && !text[length - 1];)
            length--;
    } else {
        for (size_t i = 0; i + 4 <= a->size; i += 4) {
            uint32_t c;
            memcpy(&c, p + i, 4);
            c = a->swapped ? __builtin_bswap32(c) : c;
            if (c == 0)
                break;
            length += encode_utf8(text + length, c > 0x10FFFF ? 0xFFFD : c);
        }
    }
    text[length] = '\0';
    return length;
}

/* Elements i, i + step, … of one column from row `row` on. Text goes through table_cell, which
 * stores at t->rows. */
static symlut_status store(table *t, const npy_array *a, size_t number, const unsigned char *bytes,
                           size_t stride, size_t row, size_t count, char *text, symlut_error *err)
{
    double *values = t->columns[number].values;
    if (!values)
        return SYMLUT_OK;
    if (a->kind != 'U' && a->kind != 'S') {
        for (size_t i = 0; i < count; i++, bytes += stride)
            values[row + i] = number_value(a->kind, a->size, element_bits(a, bytes));
        return SYMLUT_OK;
    }
    symlut_status status = SYMLUT_OK;
    for (size_t i = 0; i < count && status == SYMLUT_OK; i++, bytes += stride) {
        size_t length = element_text(a, bytes, text);
        t->rows = row + i;
        status = table_cell(t, number, text, length, NULL, err);
    }
    t->rows = 0;
    return status;
}

/* In C order a piece is some whole rows, in Fortran order some of one column. */
static symlut_status fill_pieces(table *t, npy_array *a, size_t first, unsigned char *buffer,
                                 char *text, symlut_error *err)
{
    size_t lines = a->fortran ? a->columns : 1;
    size_t width = a->fortran ? 1 : a->columns; /* elements of one step */
    size_t bytes = width * a->size;
    size_t step = bytes && bytes < CHUNK ? CHUNK / bytes : 1;
    symlut_status status = SYMLUT_OK;
    for (size_t line = 0; line < lines; line++) {
        for (size_t row = 0; row < a->rows && status == SYMLUT_OK; row += step) {
            size_t count = a->rows - row < step ? a->rows - row : step;
            if (source_read(a->source, buffer, count * bytes) < count * bytes)
                return cut_short(a, t, err);
            for (size_t c = 0; c < width && status == SYMLUT_OK; c++)
                status = store(t, a, first + line + c, buffer + c * a->size, bytes, row, count,
                               text, err);
        }
    }
    return status;
}

symlut_status npy_fill(table *t, npy_array *a, size_t first, symlut_error *err)
{
    size_t row_bytes = a->columns * a->size;
    unsigned char *buffer = malloc(row_bytes > CHUNK ? row_bytes : CHUNK);
    char *text = malloc(a->size + 8);
    symlut_status status =
        buffer && text ? fill_pieces(t, a, first, buffer, text, err) : error_memory(err);
    free(buffer);
    free(text);
    return status;
}

symlut_status npy_read(table *t, source *s, symlut_error *err)
{
    npy_array a;
    symlut_status status = npy_open(&a, "", s, t, err);
    if (status == SYMLUT_OK)
        status = table_number_columns(t, a.columns, a.columns - 1, err);
    if (status == SYMLUT_OK) {
        if (a.kind != 'U' && a.kind != 'S')
            t->kind = TARGET_NUMBERS;
        t->nominal = a.kind == 'b';
        status = table_reserve(t, a.rows, err);
    }
    if (status == SYMLUT_OK)
        status = npy_fill(t, &a, 0, err);
    if (status == SYMLUT_OK)
        t->rows = a.rows;
    return status;
}
