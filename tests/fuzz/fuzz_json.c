/*
 * Any bytes as JSON: refused with ERROR_RECORD and words, or a tree of clean
 * texts within its limits that is written and read back the same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool truth)
{
    if (!truth)
        abort();
}

static void
check(const struct json *value, unsigned depth)
{
    require(depth <= 100);
    require(utf8_clean(value->text) && utf8_clean(value->key));
    require(value->kind != JSON_NUMBER || value->text.len > 0);
    bool nested = value->kind == JSON_ARRAY || value->kind == JSON_OBJECT;
    require(nested || (!value->first && value->count == 0));
    size_t count = 0;
    for (const struct json *child = value->first; child; child = child->next) {
        count++;
        require(child->next || child == value->last);
        check(child, depth + 1);
    }
    require(count == value->count);
}

/* Of two members of one name the first counts, and is kept. */
static bool
same(const struct json *a, const struct json *b)
{
    if (a->kind != b->kind || a->count != b->count || a->truth != b->truth ||
        !span_equal(a->text, b->text) || !span_equal(a->key, b->key))
        return false;
    const struct json *left = a->first, *right = b->first;
    for (; left && right; left = left->next, right = right->next)
        if (!same(left, right))
            return false;
    return !left && !right;
}

static void
check_numbers(const struct json *value)
{
    int64_t number;
    if (value->kind == JSON_NUMBER && json_int64(value, &number)) {
        char text[32];
        snprintf(text, sizeof(text), "%jd", (intmax_t)number);
        require(span_is(value->text, text) || span_is(value->text, "-0"));
    }
    for (const struct json *child = value->first; child; child = child->next)
        check_numbers(child);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    require(arena);
    struct error err = {0};
    struct span text = {(const char *)data, size};
    const struct json *value = json_parse(arena, text, NULL, &err);
    if (!value) {
        require(err.kind == ERROR_RECORD && err.message[0]);
        return 0;
    }
    check(value, 0);
    check_numbers(value);
    CLEANUP(buffer_done) struct buffer out = {0};
    CLEANUP(json_writer_freep)
    struct json_writer *writer = json_writer_new(&out);
    require(writer);
    json_write(writer, value);
    require(buffer_ok(&out));
    const struct json *again = json_parse(arena, buffer_span(&out), NULL, NULL);
    require(again && same(value, again));
    return 0;
}
