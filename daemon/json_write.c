#include "json.h"

#include <stdlib.h>

#include <yajl/yajl_gen.h>

struct json_writer {
    yajl_gen gen;
    struct buffer *out;
};

static void
writer_print(void *context, const char *text, size_t len)
{
    struct json_writer *writer = context;
    buffer_append(writer->out, text, len);
}

struct json_writer *
json_writer_new(struct buffer *out)
{
    struct json_writer *writer = calloc(1, sizeof(*writer));
    if (!writer)
        return NULL;
    writer->out = out;
    writer->gen = yajl_gen_alloc(NULL);
    if (!writer->gen || !yajl_gen_config(writer->gen, yajl_gen_print_callback,
                                         writer_print, writer)) {
        json_writer_free(writer);
        return NULL;
    }
    return writer;
}

void
json_writer_free(struct json_writer *writer)
{
    if (!writer)
        return;
    if (writer->gen)
        yajl_gen_free(writer->gen);
    free(writer);
}

void
json_writer_freep(struct json_writer **writer)
{
    json_writer_free(*writer);
}

void
json_writer_reset(struct json_writer *writer, struct buffer *out)
{
    writer->out = out;
    yajl_gen_reset(writer->gen, NULL);
}

/* What yajl refuses (a value where a key belongs, nesting beyond its limit)
 * would leave a broken document: it is marked like missing memory. */
static void
writer_check(struct json_writer *writer, yajl_gen_status status)
{
    if (status != yajl_gen_status_ok)
        writer->out->failed = true;
}

void
json_open_object(struct json_writer *writer)
{
    writer_check(writer, yajl_gen_map_open(writer->gen));
}

void
json_close_object(struct json_writer *writer)
{
    writer_check(writer, yajl_gen_map_close(writer->gen));
}

void
json_open_array(struct json_writer *writer)
{
    writer_check(writer, yajl_gen_array_open(writer->gen));
}

void
json_close_array(struct json_writer *writer)
{
    writer_check(writer, yajl_gen_array_close(writer->gen));
}

void
json_string(struct json_writer *writer, struct span text)
{
    const char *at = text.at ? text.at : "";
    writer_check(writer, yajl_gen_string(writer->gen, (const unsigned char *)at,
                                         text.len));
}

void
json_key_span(struct json_writer *writer, struct span key)
{
    json_string(writer, key);
}

void
json_key(struct json_writer *writer, const char *key)
{
    json_string(writer, span_of(key));
}

void
json_cstring(struct json_writer *writer, const char *text)
{
    json_string(writer, span_of(text));
}

void
json_string_or_null(struct json_writer *writer, struct span text)
{
    if (text.at)
        json_string(writer, text);
    else
        json_null(writer);
}

void
json_raw(struct json_writer *writer, struct span text)
{
    /* yajl_gen_number() prints what it is given and knows where a comma goes */
    writer_check(writer, yajl_gen_number(writer->gen, text.at, text.len));
}

void
json_number_text(struct json_writer *writer, struct span text)
{
    json_raw(writer, text);
}

void
json_integer(struct json_writer *writer, int64_t number)
{
    /* yajl prints by a format, which takes longer than a whole string. */
    char digits[24], *at = digits + sizeof(digits);
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--at = '-';
    json_raw(writer, (struct span){at, (size_t)(digits + sizeof(digits) - at)});
}

void
json_bool(struct json_writer *writer, bool truth)
{
    writer_check(writer, yajl_gen_bool(writer->gen, truth));
}

void
json_null(struct json_writer *writer)
{
    writer_check(writer, yajl_gen_null(writer->gen));
}

void
json_write(struct json_writer *writer, const struct json *value)
{
    switch (value->kind) {
    case JSON_NULL:
        json_null(writer);
        return;
    case JSON_BOOL:
        json_bool(writer, value->truth);
        return;
    case JSON_NUMBER:
        json_number_text(writer, value->text);
        return;
    case JSON_STRING:
        json_string(writer, value->text);
        return;
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    bool object = value->kind == JSON_OBJECT;
    if (object)
        json_open_object(writer);
    else
        json_open_array(writer);
    for (const struct json *child = value->first; child; child = child->next) {
        if (object)
            json_key_span(writer, child->key);
        json_write(writer, child);
    }
    if (object)
        json_close_object(writer);
    else
        json_close_array(writer);
}
