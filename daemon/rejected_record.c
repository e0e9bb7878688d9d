#include "rejected_record.h"

#include "clock.h"
#include "json.h"
#include "sha256.h"
#include "utf8.h"

enum {
    BYTES_MOST = 36 * 1000, /* base64 of it, and the rest, fit into 64 KB */
    TEXT_MOST = 1000,       /* may become six times as long in JSON */
};

static void
append_base64(struct buffer *out, struct span bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t bits = (uint32_t)(unsigned char)bytes.at[i] << 16;
        bits |= left > 1 ? (uint32_t)(unsigned char)bytes.at[i + 1] << 8 : 0;
        bits |= left > 2 ? (unsigned char)bytes.at[i + 2] : 0;
        for (size_t j = 0; j < 4; j++)
            buffer_append_byte(
                out, j <= left ? digits[bits >> (18 - 6 * j) & 63] : '=');
    }
}

static void
write_text(struct json_writer *writer, const char *key, struct span text)
{
    CLEANUP(buffer_done) struct buffer clean = {0};
    json_key(writer, key);
    if (!text.at) {
        json_null(writer);
        return;
    }
    text.len = utf8_cut(text, text.len < TEXT_MOST ? text.len : TEXT_MOST);
    utf8_repair(&clean, text);
    json_string(writer, buffer_span(&clean));
}

bool
rejected_write(struct buffer *out, const struct rejected_record *record,
               int64_t now_wall_ms, struct error *err)
{
    CLEANUP(json_writer_freep)
    struct json_writer *writer = json_writer_new(out);
    if (!writer)
        return error_no_memory(err);
    struct sha256 sha256;
    char hex[SHA256_HEX_SIZE], stamp[CLOCK_TEXT_SIZE];
    sha256_init(&sha256);
    sha256_add(&sha256, record->bytes);
    sha256_hex(&sha256, hex);
    clock_format(now_wall_ms, stamp);
    json_open_object(writer);
    write_text(writer, "schema", span_of("karool.rejected/1"));
    write_text(writer, "rejected_at", span_of(stamp));
    write_text(writer, "stage", span_of(record->stage));
    write_text(writer, "reason", span_of(record->reason));
    write_text(writer, "source", span_of(record->source));
    write_text(writer, "post_id", record->post_id);
    if (record->topic) {
        write_text(writer, "topic", span_of(record->topic));
        json_key(writer, "partition");
        json_integer(writer, record->partition);
        json_key(writer, "offset");
        json_integer(writer, record->offset);
    }
    write_text(writer, "sha256", span_of(hex));
    json_key(writer, "size");
    json_integer(writer, (int64_t)record->bytes.len);
    if (record->keep && record->bytes.len <= BYTES_MOST) {
        CLEANUP(buffer_done) struct buffer encoded = {0};
        append_base64(&encoded, record->bytes);
        json_key(writer, "bytes");
        json_string(writer, buffer_span(&encoded));
    }
    json_close_object(writer);
    return buffer_ok(out) || error_no_memory(err);
}

struct span
rejected_key(struct span post_id)
{
    return post_id.len <= TEXT_MOST ? post_id : SPAN_NONE;
}
