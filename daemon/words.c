#include "words.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "word_files.h"

enum { SLOTS = 1 << 16, WORD_BYTES_MOST = 64, CYRILLIC = 0x0400, BLOCK = 256 };

/* A word of the lists: where it stands in one of them, and its ranks. */
struct slot {
    const char *at; /* of a file; NULL: free */
    uint16_t ranks[WORDS_LANGUAGES];
    uint8_t len;
    uint32_t next; /* another that begins alike: its slot + 1; or 0 */
};

/* Once made they never change. Most words that are asked for are in no list:
 * a tag, which is of the hash too and never 0, tells so from few bytes. */
static struct slot *slots;        /* SLOTS of them */
static uint16_t *tags;            /* 0: free */
static uint32_t beginning[BLOCK]; /* by Cyrillic letter: a slot + 1, or 0 */
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A word in small letters, and nothing behind it. */
struct folded {
    char bytes[WORD_BYTES_MOST];
    size_t len; /* 0: it is too long for a list */
};

/* Eight bytes at once. */
static uint64_t
hash(const struct folded *word)
{
    uint64_t value = word->len;
    for (size_t i = 0; i < word->len; i += sizeof(value)) {
        uint64_t bytes;
        memcpy(&bytes, word->bytes + i, sizeof(bytes));
        value = (value ^ bytes) * 0x9E3779B97F4A7C15u;
        value ^= value >> 32;
    }
    return value;
}

/* The slot of a word, or the free one where it would be. */
static size_t
slot_of(const struct folded *word)
{
    uint64_t value = hash(word);
    uint16_t tag = (uint16_t)(value >> 16 | 1);
    size_t at = value % SLOTS;
    while (tags[at] && (tags[at] != tag || slots[at].len != word->len ||
                        memcmp(slots[at].at, word->bytes, word->len) != 0))
        at = (at + 1) % SLOTS;
    return at;
}

/* The next word of a list and its rank. */
static bool
next_of_list(struct span *rest, unsigned *rank, struct span *word)
{
    while (rest->len) {
        const char *end = memchr(rest->at, '\n', rest->len);
        size_t len = end ? (size_t)(end - rest->at) : rest->len;
        *word = (struct span){rest->at, len};
        *rest = span_from(*rest, end ? len + 1 : len);
        if (word->len == 0 || word->at[0] == '#')
            continue;
        ++*rank;
        return true;
    }
    return false;
}

static struct span
list_of(enum words_language language)
{
    const struct word_file *file = &word_files[language];
    return (struct span){file->text, (size_t)(file->end - file->text)};
}

/* Of a word of a list, which is in small letters already. */
static void
take_word(struct span word, unsigned language, unsigned rank)
{
    struct folded folded = {.len = word.len};
    if (word.len > WORD_BYTES_MOST - sizeof(uint64_t) || rank > UINT16_MAX)
        return;
    memcpy(folded.bytes, word.at, word.len);
    size_t at = slot_of(&folded), first = 0;
    bool valid;
    uint32_t letter = utf8_next(word, &first, &valid) - CYRILLIC;
    if (!tags[at] && letter < BLOCK) {
        slots[at].next = beginning[letter];
        beginning[letter] = (uint32_t)at + 1;
    }
    tags[at] = (uint16_t)(hash(&folded) >> 16 | 1);
    slots[at].at = word.at;
    slots[at].len = (uint8_t)word.len;
    if (slots[at].ranks[language] == 0)
        slots[at].ranks[language] = (uint16_t)rank;
}

static void
load_once(void)
{
    slots = calloc(SLOTS, sizeof(*slots));
    tags = calloc(SLOTS, sizeof(*tags));
    for (unsigned i = 0; slots && tags && i < WORDS_LANGUAGES; i++) {
        struct span rest = list_of((enum words_language)i), word;
        unsigned rank = 0;
        while (next_of_list(&rest, &rank, &word))
            take_word(word, i, rank);
    }
}

bool
words_each(enum words_language language,
           bool (*show)(void *context, unsigned rank, struct span word),
           void *context)
{
    struct span rest = list_of(language), word;
    unsigned rank = 0;
    while (next_of_list(&rest, &rank, &word))
        if (!show(context, rank, word))
            return false;
    return true;
}

void
words_beginning(uint32_t letter, bool (*show)(void *context, struct span word),
                void *context)
{
    pthread_once(&once, load_once);
    uint32_t at = letter - CYRILLIC < BLOCK ? beginning[letter - CYRILLIC] : 0;
    while (at &&
           show(context, (struct span){slots[at - 1].at, slots[at - 1].len}))
        at = slots[at - 1].next;
}

const char *
words_language_name(unsigned language)
{
    return language < WORDS_LANGUAGES ? word_files[language].language : NULL;
}

static void
fold(struct span word, struct folded *out)
{
    *out = (struct folded){0};
    for (size_t offset = 0; offset < word.len;) {
        bool valid;
        if (out->len + 4 > WORD_BYTES_MOST - sizeof(uint64_t)) {
            out->len = 0;
            return;
        }
        unsigned char byte = (unsigned char)word.at[offset];
        if (byte < 0x80) {
            bool capital = byte >= 'A' && byte <= 'Z';
            out->bytes[out->len++] = (char)(capital ? byte | 0x20 : byte);
            offset++;
            continue;
        }
        uint32_t letter = utf8_fold(utf8_next(word, &offset, &valid));
        if (letter == 0x2019 || letter == 0x2018 || letter == 0x02BB)
            letter = '\'';
        out->len += utf8_encode(letter, out->bytes + out->len);
    }
}

/* The ranks in all lists, or NULL. */
static const uint16_t *
ranks_of(struct span word)
{
    struct folded folded;
    pthread_once(&once, load_once);
    fold(word, &folded);
    if (!slots || !tags || folded.len == 0)
        return NULL;
    size_t at = slot_of(&folded);
    return tags[at] ? slots[at].ranks : NULL;
}

unsigned
words_rank(enum words_language language, struct span word)
{
    const uint16_t *ranks = ranks_of(word);
    return ranks ? ranks[language] : 0;
}

unsigned
words_best_rank(struct span word)
{
    const uint16_t *ranks = ranks_of(word);
    unsigned best = 0;
    for (unsigned i = 0; ranks && i < WORDS_LANGUAGES; i++)
        if (ranks[i] && (best == 0 || ranks[i] < best))
            best = ranks[i];
    return best;
}

bool
ordinary_word(struct span word)
{
    return ranks_of(word) != NULL;
}

bool
ordinary_latin_word(struct span word)
{
    const uint16_t *ranks = ranks_of(word);
    return ranks &&
           (ranks[WORDS_ENGLISH] || ranks[WORDS_TURKISH] || ranks[WORDS_UZBEK]);
}
