#include "normalise.h"

#include <stdlib.h>

#include "alphabet.h"
#include "utf8.h"

void
reading_done(struct reading *reading)
{
    free(reading->letters);
    free(reading->origins);
    free(reading->words);
    free(reading->tokens);
    *reading = (struct reading){0};
}

/* A letter is at least one byte, and a hashtag adds a separator to each second
 * one at most. */
static bool
reading_reserve(struct reading *reading, size_t len)
{
    size_t wanted = len + len / 2 + 2 + READING_SLACK;
    if (wanted <= reading->capacity)
        return true;
    size_t capacity = reading->capacity ? reading->capacity : 4096;
    while (capacity < wanted)
        capacity *= 2;
    reading_done(reading);
    /* Two letters a word and a token at least: itself and what divides it. */
    size_t half = capacity / 2 + 2;
    reading->letters = malloc(capacity);
    reading->origins = malloc(capacity * sizeof(*reading->origins));
    reading->words = malloc(half * sizeof(*reading->words));
    reading->tokens = malloc(half * sizeof(*reading->tokens));
    if (!reading->letters || !reading->origins || !reading->words ||
        !reading->tokens)
        return false;
    reading->capacity = capacity;
    return true;
}

/* A mark makes another letter of the one before it through other invisible
 * characters, or a zero-width space would hide each й. They are so few because
 * a letter is looked at for every term that may stand there. */
enum { MARK_REACH_BYTES = 32, HASHTAG_REACH_BYTES = 256 };

/* The text while it is read. */
struct reader {
    struct span text;
    struct reading *reading;
    size_t count;      /* letters of the reading */
    size_t word_count; /* and one that may begin */
    size_t last_at;    /* byte of the last letter */
    size_t token;      /* byte behind the last blank */
    uint8_t last;      /* letters[count - 1] */
    bool hashtag;      /* the token holds a # */
    bool strong;       /* and a sign that stands for letters */
};

static inline void
put_separator(struct reader *reader, size_t at)
{
    if (reader->last == LETTER_SEPARATOR)
        return;
    struct reading *reading = reader->reading;
    reading->letters[reader->count] = LETTER_SEPARATOR;
    reading->origins[reader->count++] = (uint32_t)at;
    reading->words[reader->word_count++] = (uint32_t)reader->count;
    reader->last = LETTER_SEPARATOR;
}

static inline void
put_letter(struct reader *reader, uint8_t key, size_t at)
{
    struct reading *reading = reader->reading;
    reading->letters[reader->count] = key;
    reading->origins[reader->count] = (uint32_t)at;
    reader->count += key != reader->last;
    reader->last = key;
    reader->last_at = at;
}

static inline bool
is_blank(unsigned char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

/* A mark that stands behind words, and no letter follows. */
static inline bool
ends_token(const unsigned char *at)
{
    return (at[0] == ',' || at[0] == '.') && is_blank(at[1]);
}

/* Cyrillic letters, each of two bytes, blanks and the marks before them: nearly
 * all of a text. Where two bytes are left or something else stands is where it
 * ends. */
static size_t
read_words(struct reader *reader, size_t at)
{
    const uint8_t *pairs = alphabet_pairs();
    const unsigned char *bytes = (const unsigned char *)reader->text.at;
    uint8_t *letters = reader->reading->letters;
    uint32_t *origins = reader->reading->origins;
    size_t count = reader->count, end = reader->text.len - 1, start = at;
    uint8_t last = reader->last;
    while (at < end) {
        uint8_t key = pairs[alphabet_pair(bytes + at)];
        if (key) {
            letters[count] = key;
            origins[count] = (uint32_t)at;
            count += key != last;
            last = key;
            at += 2;
            continue;
        }
        bool blank = is_blank(bytes[at]);
        if (!blank && (reader->strong || !ends_token(bytes + at)))
            break;
        if (last != LETTER_SEPARATOR) {
            letters[count] = LETTER_SEPARATOR;
            origins[count++] = (uint32_t)at;
            reader->reading->words[reader->word_count++] = (uint32_t)count;
            last = LETTER_SEPARATOR;
        }
        at++;
        if (blank) {
            reader->token = at;
            reader->strong = false;
        }
    }
    if (last != LETTER_SEPARATOR && at > start)
        reader->last_at = at - 2;
    reader->count = count;
    reader->last = last;
    return at;
}

static void
note_token(struct reader *reader)
{
    struct reading *reading = reader->reading;
    if (reading->token_count &&
        reading->tokens[reading->token_count - 1] == reader->token)
        return;
    reading->tokens[reading->token_count++] = (uint32_t)reader->token;
}

/* Of a byte: does what begins with it belong to a word, as far as can be said
 * so fast? */
static inline bool
begins_letter(unsigned char byte)
{
    return byte >= 0x80 || (byte >= '0' && byte <= '9') ||
           ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

/* A sign in a word, or one that stands for letters at its beginning or end. */
static inline void
read_sign(struct reader *reader, size_t at, size_t next)
{
    const struct span text = reader->text;
    bool letter_follows =
        next < text.len && begins_letter((unsigned char)text.at[next]);
    bool in_word = reader->reading->origins[reader->count - 1] >= reader->token;
    bool strong = reader->strong || (text.at[at] == '!' && letter_follows);
    switch (text.at[at]) {
    case '*':
    case '@':
    case '$':
    case '%':
    case '#':
    case '&':
    case '|':
    case '<':
    case '\\':
        strong = reader->strong = true;
        break;
    default:
        break;
    }
    put_separator(reader, at);
    if ((letter_follows && in_word) || (strong && (letter_follows || in_word)))
        note_token(reader);
}

static inline void
begin_token(struct reader *reader, size_t at, size_t next)
{
    put_separator(reader, at);
    reader->token = next;
    reader->hashtag = reader->strong = false;
}

/* A mark that makes another letter of the one before it changes its key. */
static void
compose_last(struct reader *reader, size_t mark_at)
{
    struct reading *reading = reader->reading;
    if (reader->last == LETTER_SEPARATOR)
        return;
    size_t offset = reader->last_at;
    bool valid;
    uint32_t letter = alphabet_fold(utf8_next(reader->text, &offset, &valid));
    if (mark_at - offset > MARK_REACH_BYTES)
        return;
    uint32_t composed =
        alphabet_compose(letter, utf8_next(reader->text, &mark_at, &valid));
    if (!composed || alphabet_key(composed) == reader->last)
        return;
    /* It is no longer the letter that was left out as repeated. */
    if (reading->origins[reader->count - 1] == reader->last_at)
        reader->count--;
    reader->last = reading->letters[reader->count - 1];
    put_letter(reader, alphabet_key(composed), reader->last_at);
}

bool
hashtag_word_begins(struct span text, size_t offset)
{
    size_t at = offset;
    bool valid;
    uint32_t code_point = utf8_next(text, &at, &valid);
    if (offset == 0 || alphabet_fold(code_point) == code_point)
        return false;
    size_t before = offset - 1;
    while (before > 0 && ((unsigned char)text.at[before] & 0xC0) == 0x80)
        before--;
    at = before;
    code_point = utf8_next(text, &at, &valid);
    if (alphabet_key(code_point) < LETTER_OTHER ||
        alphabet_fold(code_point) != code_point ||
        alphabet_script(code_point) == SCRIPT_COMMON)
        return false;
    size_t first =
        offset > HASHTAG_REACH_BYTES ? offset - HASHTAG_REACH_BYTES : 0;
    for (; before > first; before--)
        if ((unsigned char)text.at[before - 1] <= ' ')
            return false;
        else if (text.at[before - 1] == '#')
            return true;
    return false;
}

/* Anything but a Cyrillic letter of two bytes. */
static size_t
read_other(struct reader *reader, size_t at)
{
    const unsigned char *bytes = (const unsigned char *)reader->text.at;
    size_t next = at + 1;
    if (bytes[at] < 0x80) {
        uint8_t key = alphabet_table()[bytes[at]];
        if (is_blank(bytes[at])) {
            begin_token(reader, at, next);
        } else if (key == LETTER_SEPARATOR) {
            read_sign(reader, at, next);
            reader->hashtag = reader->hashtag || bytes[at] == '#';
        } else if (key != LETTER_SKIPPED) {
            put_letter(reader, key, at);
            note_token(reader);
        }
        return next;
    }
    bool valid;
    next = at;
    uint32_t code_point = utf8_next(reader->text, &next, &valid);
    uint8_t key = alphabet_key(code_point);
    if (key == LETTER_SKIPPED) {
        compose_last(reader, at);
    } else if (alphabet_is_blank(code_point)) {
        begin_token(reader, at, next);
    } else if (key == LETTER_SEPARATOR) {
        read_sign(reader, at, next);
    } else {
        put_letter(reader, key, at);
        note_token(reader);
    }
    return next;
}

/* The rest of a token that is a hashtag, letter by letter. */
static size_t
read_hashtag(struct reader *reader, size_t at)
{
    bool valid;
    while (reader->hashtag && at < reader->text.len) {
        if (hashtag_word_begins(reader->text, at))
            put_separator(reader, at);
        size_t next = at;
        uint32_t code_point = utf8_next(reader->text, &next, &valid);
        uint8_t key = alphabet_key(code_point);
        if (key >= LETTER_OTHER && code_point >= 0x80) {
            put_letter(reader, key, at);
            at = next;
        } else {
            at = read_other(reader, at);
        }
    }
    return at;
}

bool
normalise(struct reading *reading, struct span text, struct error *err)
{
    if (text.len > UINT32_MAX / 2)
        return error_set(err, ERROR_RECORD, "a text of over 2 GB");
    if (!reading_reserve(reading, text.len))
        return error_no_memory(err);

    struct reader reader = {.text = text, .reading = reading};
    reading->token_count = 0;
    put_separator(&reader, 0);
    for (size_t at = 0; at < text.len;) {
        at = read_words(&reader, at);
        if (at == text.len)
            break;
        at = read_other(&reader, at);
        if (reader.hashtag)
            at = read_hashtag(&reader, at);
    }
    put_separator(&reader, text.len);
    reading->count = reader.count;
    reading->word_count = reader.word_count - 1; /* none follows the last */
    memset(reading->letters + reading->count, LETTER_SEPARATOR, READING_SLACK);
    return true;
}

/* Does an ASCII sign or a Russian letter begin? */
static bool
is_plain_byte(char byte)
{
    return ((unsigned char)byte >= 0x20 && (unsigned char)byte < 0x7F) ||
           ((unsigned char)byte & 0xFE) == 0xD0;
}

struct written_letter
written_letter_at(struct span text, size_t offset)
{
    bool valid;
    struct written_letter letter = {.end = offset};
    letter.code_point = alphabet_fold(utf8_next(text, &letter.end, &valid));
    if (letter.end < text.len && is_plain_byte(text.at[letter.end]))
        return letter; /* nothing invisible follows */
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
