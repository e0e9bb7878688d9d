#include "json.h"

#include <errno.h>
#include <stdlib.h>

const struct json *
json_member(const struct json *object, const char *name)
{
    if (!object || object->kind != JSON_OBJECT)
        return NULL;
    struct span key = span_of(name);
    const struct json *found = NULL;
    for (const struct json *member = object->first; member;
         member = member->next)
        if (span_equal(member->key, key))
            found = member;
    return found;
}

/* Is the key what the reference token says? "~1" is "/", "~0" is "~". */
static bool
token_is(struct span token, struct span key)
{
    size_t at = 0;
    for (size_t i = 0; i < token.len; i++, at++) {
        char c = token.at[i];
        if (c == '~' && i + 1 < token.len)
            c = token.at[++i] == '1' ? '/' : '~';
        if (at == key.len || key.at[at] != c)
            return false;
    }
    return at == key.len;
}

static const struct json *
child_named(const struct json *parent, struct span token)
{
    const struct json *child = parent->first;
    if (parent->kind == JSON_OBJECT) {
        const struct json *found = NULL;
        for (; child; child = child->next)
            if (token_is(token, child->key))
                found = child;
        return found;
    }
    if (parent->kind != JSON_ARRAY || token.len == 0 || token.len > 9 ||
        (token.at[0] == '0' && token.len > 1))
        return NULL;
    size_t index = 0;
    for (size_t i = 0; i < token.len; i++) {
        if (token.at[i] < '0' || token.at[i] > '9')
            return NULL;
        index = index * 10 + (size_t)(token.at[i] - '0');
    }
    while (child && index-- > 0)
        child = child->next;
    return child;
}

const struct json *
json_at(const struct json *root, struct span pointer)
{
    while (root && pointer.len) {
        if (pointer.at[0] != '/')
            return NULL;
        pointer = span_from(pointer, 1);
        const char *slash = memchr(pointer.at, '/', pointer.len);
        size_t len = slash ? (size_t)(slash - pointer.at) : pointer.len;
        root = child_named(root, (struct span){pointer.at, len});
        pointer = span_from(pointer, len);
    }
    return root;
}

struct span
json_text(const struct json *value)
{
    if (!value || (value->kind != JSON_STRING && value->kind != JSON_NUMBER))
        return SPAN_NONE;
    return value->text;
}

bool
json_int64(const struct json *value, int64_t *out)
{
    struct span text = json_text(value);
    char digits[24];
    if (text.len == 0 || text.len >= sizeof(digits))
        return false;
    memcpy(digits, text.at, text.len);
    digits[text.len] = '\0';
    if (!strchr("-0123456789", digits[0]))
        return false;
    char *end;
    errno = 0;
    long long number = strtoll(digits, &end, 10);
    if (errno || *end)
        return false;
    *out = number;
    return true;
}
