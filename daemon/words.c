#include "words.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "utf8.h"
#include "word_files.h"

enum { SLOTS = 1 << 16, WORD_BYTES_MOST = 64 };

/* A word of a list: where it stands, and its rank. */
struct slot {
    struct span word; /* of a file; absent: free */
    uint32_t rank;
    uint32_t language;
};

static struct slot *slots; /* SLOTS of them; never changes once made */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static uint32_t
hash(uint32_t language, struct span word)
{
    uint32_t value = 2166136261u ^ language;
    for (size_t i = 0; i < word.len; i++)
        value = (value ^ (unsigned char)word.at[i]) * 16777619u;
    return value;
}

/* The slot of a word, or the free one where it would be. */
static struct slot *
slot_of(uint32_t language, struct span word)
{
    uint32_t at = hash(language, word) % SLOTS;
    while (slots[at].word.at && (slots[at].language != language ||
                                 !span_equal(slots[at].word, word)))
        at = (at + 1) % SLOTS;
    return &slots[at];
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

static void
load_once(void)
{
    slots = calloc(SLOTS, sizeof(*slots));
    for (uint32_t i = 0; slots && i < WORDS_LANGUAGES; i++) {
        struct span rest = list_of((enum words_language)i), word;
        unsigned rank = 0;
        while (next_of_list(&rest, &rank, &word)) {
            struct slot *slot = slot_of(i, word);
            if (!slot->word.at)
                *slot = (struct slot){word, rank, i};
        }
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

const char *
words_language_name(unsigned language)
{
    return language < WORDS_LANGUAGES ? word_files[language].language : NULL;
}

/* In small letters; too long a word is none. */
static struct span
fold(struct span word, char *out)
{
    size_t len = 0;
    for (size_t offset = 0; offset < word.len;) {
        bool valid;
        if (len + 4 > WORD_BYTES_MOST)
            return SPAN_NONE;
        uint32_t letter = utf8_fold(utf8_next(word, &offset, &valid));
        if (letter == 0x2019 || letter == 0x2018 || letter == 0x02BB)
            letter = '\'';
        len += utf8_encode(letter, out + len);
    }
    return (struct span){out, len};
}

unsigned
words_rank(enum words_language language, struct span word)
{
    char bytes[WORD_BYTES_MOST];
    pthread_once(&once, load_once);
    struct span folded = fold(word, bytes);
    return slots && folded.len ? slot_of(language, folded)->rank : 0;
}

bool
ordinary_word(struct span word)
{
    return words_rank(WORDS_KYRGYZ, word) || words_rank(WORDS_RUSSIAN, word) ||
           ordinary_latin_word(word);
}

bool
ordinary_latin_word(struct span word)
{
    return words_rank(WORDS_ENGLISH, word) || words_rank(WORDS_TURKISH, word) ||
           words_rank(WORDS_UZBEK, word);
}
