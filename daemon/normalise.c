#include "normalise.h"

#include <stdlib.h>

#include "alphabet.h"
#include "utf8.h"

void
reading_done(struct reading *reading)
{
    free(reading->letters);
    free(reading->origins);
    *reading = (struct reading){0};
}

/* A letter is at least one byte; two separators are added. */
static bool
reading_reserve(struct reading *reading, size_t len)
{
    size_t wanted = len + 2;
    if (wanted <= reading->capacity)
        return true;
    size_t capacity = reading->capacity ? reading->capacity : 4096;
    while (capacity < wanted)
        capacity *= 2;
    reading_done(reading);
    reading->letters = malloc(capacity);
    reading->origins = malloc(capacity * sizeof(*reading->origins));
    if (!reading->letters || !reading->origins)
        return false;
    reading->capacity = capacity;
    return true;
}

/* A mark makes another letter of the one before it through other invisible
 * characters, or a zero-width space would hide each й. They are so few because
 * a letter is looked at for every term that may stand there. */
enum { MARK_REACH_BYTES = 32 };

/* A mark that makes another letter of the one before it changes its class. */
static void
compose_last(struct reading *reading, struct span text, size_t mark_at)
{
    if (reading->letters[reading->count - 1] == LETTER_SEPARATOR)
        return;
    size_t offset = reading->origins[reading->count - 1];
    bool valid;
    uint32_t letter = alphabet_fold(utf8_next(text, &offset, &valid));
    if (mark_at - offset > MARK_REACH_BYTES)
        return;
    uint32_t composed =
        alphabet_compose(letter, utf8_next(text, &mark_at, &valid));
    if (composed)
        reading->letters[reading->count - 1] = alphabet_class(composed);
}

bool
normalise(struct reading *reading, struct span text, struct error *err)
{
    if (text.len > UINT32_MAX - 2)
        return error_set(err, ERROR_RECORD, "a text of over 4 GB");
    if (!reading_reserve(reading, text.len))
        return error_no_memory(err);

    const uint8_t *fast = alphabet_table();
    const unsigned char *bytes = (const unsigned char *)text.at;
    uint8_t *letters = reading->letters;
    uint32_t *origins = reading->origins;
    size_t count = 0;
    letters[count] = LETTER_SEPARATOR;
    origins[count++] = 0;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint8_t class;
        if (bytes[at] < 0x80) {
            class = fast[bytes[at++]];
        } else if (bytes[at] < 0xE0 && at + 1 < text.len) {
            class = fast[(bytes[at] & 0x1F) << 6 | (bytes[at + 1] & 0x3F)];
            at += 2;
        } else {
            bool valid;
            class = alphabet_class(utf8_next(text, &at, &valid));
        }
        if (class == LETTER_SKIPPED) {
            reading->count = count;
            compose_last(reading, text, start);
            continue;
        }
        letters[count] = class;
        origins[count] = (uint32_t)start;
        /* One separator, whatever stands between two words. */
        count +=
            class != LETTER_SEPARATOR || letters[count - 1] != LETTER_SEPARATOR;
    }
    if (letters[count - 1] != LETTER_SEPARATOR) {
        letters[count] = LETTER_SEPARATOR;
        origins[count++] = (uint32_t)text.len;
    }
    reading->count = count;
    return true;
}

struct written_letter
written_letter_at(struct span text, size_t offset)
{
    bool valid;
    struct written_letter letter = {.end = offset};
    letter.code_point = alphabet_fold(utf8_next(text, &letter.end, &valid));
    for (size_t at = letter.end;
         at < text.len && at - letter.end <= MARK_REACH_BYTES;) {
        bool hidden = at != letter.end;
        uint32_t mark = utf8_next(text, &at, &valid);
        if (alphabet_class(mark) != LETTER_SKIPPED)
            break;
        uint32_t composed = alphabet_compose(letter.code_point, mark);
        if (!composed)
            continue;
        letter.code_point = composed;
        letter.end = at;
        letter.hidden = hidden;
        break;
    }
    return letter;
}
