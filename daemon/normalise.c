#include "normalise.h"

#include <stdlib.h>

#include "alphabet.h"
#include "letter_block.h"
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
    reading->letters = malloc(capacity + TEXT_BLOCK);
    reading->origins =
        malloc((capacity + TEXT_BLOCK) * sizeof(*reading->origins));
    reading->words = malloc((half + TEXT_BLOCK) * sizeof(*reading->words));
    reading->tokens = malloc(half * sizeof(*reading->tokens));
    if (!reading->letters || !reading->origins || !reading->words ||
        !reading->tokens)
        return false;
    reading->capacity = capacity;
    return true;
}

/* The text while it is read. */
struct reader {
    struct span text;
    struct reading *reading;
    struct letter_row row; /* of the reading */
    size_t last_at;        /* byte of the last letter */
    size_t token;          /* byte behind the last blank */
    bool hashtag;          /* the token holds a # */
    bool strong;           /* and a sign that stands for letters */
    struct text_block block;
    const char *bytes; /* of the block: in the text, or in `tail` */
    size_t block_at;
    char tail[TEXT_BLOCK + 1];
};

static inline void
put_separator(struct reader *reader, size_t at)
{
    struct letter_row *row = &reader->row;
    if (row->last == LETTER_SEPARATOR)
        return;
    row->keys[row->count] = row->last = LETTER_SEPARATOR;
    row->origins[row->count++] = (uint32_t)at;
}

static inline void
put_letter(struct reader *reader, uint8_t key, size_t at)
{
    struct letter_row *row = &reader->row;
    row->keys[row->count] = key;
    row->origins[row->count] = (uint32_t)at;
    row->count += key != row->last;
    row->last = key;
    reader->last_at = at;
}

/* Nothing is read behind the end of the text: its last bytes are copied. */
static void
load_block(struct reader *reader, size_t at)
{
    struct span rest = span_from(reader->text, at);
    reader->bytes = rest.at;
    if (rest.len <= TEXT_BLOCK) {
        memset(reader->tail, 0, sizeof(reader->tail));
        reader->bytes = memcpy(reader->tail, rest.at, rest.len);
    }
    bool behind_blank = at == 0 || is_ascii_blank(rest.at[-1]);
    reader->block = text_block_of(reader->bytes, behind_blank);
    reader->block_at = at;
}

/* What is plain from `at` on. Returns the byte at which it ends. */
static size_t
read_plain(struct reader *reader, size_t at)
{
    while (at < reader->text.len && !reader->strong) {
        if (at - reader->block_at >= TEXT_BLOCK)
            load_block(reader, at);
        unsigned place = (unsigned)(at - reader->block_at);
        uint64_t odd = ~reader->block.plain >> place;
        unsigned run = odd ? (unsigned)__builtin_ctzll(odd) : TEXT_BLOCK;
        if (run == 0)
            break;
        uint64_t within = ~(uint64_t)0 >> (TEXT_BLOCK - run);
        size_t behind = letter_block_read(
            &reader->row, reader->bytes, reader->block.starts & within << place,
            reader->block_at);
        if (behind == at)
            break; /* a letter that is none */
        within = ~(uint64_t)0 >>
                 (behind - at < TEXT_BLOCK ? TEXT_BLOCK - (behind - at) : 0);
        uint64_t blanks = reader->block.blanks >> place & within;
        if (blanks)
            reader->token = at + TEXT_BLOCK - (unsigned)__builtin_clzll(blanks);
        if (reader->row.last != LETTER_SEPARATOR)
            reader->last_at = behind - 2;
        at = behind;
    }
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
    const struct letter_row *row = &reader->row;
    bool in_word =
        row->count > 1 && row->origins[row->count - 1] >= reader->token;
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
    struct letter_row *row = &reader->row;
    if (row->last == LETTER_SEPARATOR)
        return;
    size_t offset = reader->last_at;
    bool valid;
    uint32_t letter = alphabet_fold(utf8_next(reader->text, &offset, &valid));
    if (mark_at - offset > MARK_REACH_BYTES)
        return;
    uint32_t composed =
        alphabet_compose(letter, utf8_next(reader->text, &mark_at, &valid));
    if (!composed || alphabet_key(composed) == row->last)
        return;
    /* It is no longer the letter that was left out as repeated. */
    if (row->origins[row->count - 1] == reader->last_at)
        row->count--;
    row->last = row->keys[row->count - 1];
    put_letter(reader, alphabet_key(composed), reader->last_at);
}

/* One character of any kind. */
static size_t
read_other(struct reader *reader, size_t at)
{
    const unsigned char *bytes = (const unsigned char *)reader->text.at;
    size_t next = at + 1;
    if (next < reader->text.len && (bytes[at] & 0xFC) == 0xD0 &&
        alphabet_pairs()[alphabet_pair(bytes + at)]) {
        put_letter(reader, alphabet_pairs()[alphabet_pair(bytes + at)], at);
        return at + 2;
    }
    if (bytes[at] < 0x80) {
        uint8_t key = alphabet_table()[bytes[at]];
        if (is_ascii_blank((char)bytes[at])) {
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

static void
find_words(struct reading *reading)
{
    size_t found = 0;
    for (size_t at = 0; at < reading->count; at += TEXT_BLOCK)
        found += letter_block_words(reading->letters + at, reading->count - at,
                                    at, reading->words + found);
    reading->word_count = found - 1; /* none follows the last */
}

bool
normalise(struct reading *reading, struct span text, struct error *err)
{
    if (text.len > UINT32_MAX / 2)
        return error_set(err, ERROR_RECORD, "a text of over 2 GB");
    if (!reading_reserve(reading, text.len))
        return error_no_memory(err);

    struct reader reader = {.text = text,
                            .reading = reading,
                            .row = {reading->letters, reading->origins, 0, 0},
                            .block_at = (size_t)0 - TEXT_BLOCK};
    reading->token_count = 0;
    put_separator(&reader, 0);
    for (size_t at = 0; at < text.len;) {
        at = read_plain(&reader, at);
        if (at == text.len)
            break;
        at = read_other(&reader, at);
        if (reader.hashtag)
            at = read_hashtag(&reader, at);
    }
    put_separator(&reader, text.len);
    reading->count = reader.row.count;
    memset(reading->letters + reading->count, LETTER_SEPARATOR, READING_SLACK);
    find_words(reading);
    return true;
}
