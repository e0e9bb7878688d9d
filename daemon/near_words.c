#include "near_words.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"

enum { NEAR_WITHIN_MAX = 6, NEAR_WORD_MAX = 24, NEAR_WORDS = 8 };

enum near_list {
    NEAR_CALL,
    NEAR_WISH,
    NEAR_WISH_NEXT,
    NEAR_NOT,
    NEAR_CAN,
    NEAR_NEGATIVE,
    NEAR_LISTS
};

static const char *const list_names[] = {"call", "wish", "wish-next",
                                         "not",  "can",  "negative"};

struct near_list_words {
    struct span_of_letters *items;
    size_t count, capacity;
};

struct near_words {
    struct near_list_words lists[NEAR_LISTS];
    size_t within;
};

/* What stands between a word and the one that is nearer to the form. */
enum near_gap { GAP_BLANK, GAP_CLAUSE, GAP_SENTENCE };

struct near_word {
    uint32_t letters[NEAR_WORD_MAX];
    size_t len; /* beyond the maximum: a word in no list */
    enum near_gap gap;
};

/* The words on one side of the form, the nearest first. */
struct near_side {
    struct near_word words[NEAR_WORDS];
    size_t count;
};

/* What was found around a form. */
struct near_signs {
    bool called, wished, must;
    unsigned denied;
};

static void
read_list(struct grammar_loader *loader, const struct yaml_node *node,
          struct near_list_words *out)
{
    struct span rest = node->text;
    while ((rest = span_trim(rest)).len) {
        size_t len = 0;
        while (len < rest.len && rest.at[len] != ' ' && rest.at[len] != '\n')
            len++;
        void *grown = grammar_grow(loader, out->items, out->count,
                                   &out->capacity, sizeof(*out->items));
        if (!grown)
            return;
        out->items = grown;
        struct span_of_letters *word = &out->items[out->count++];
        word->letters =
            grammar_letters(loader, (struct span){rest.at, len}, &word->len);
        rest = span_from(rest, len);
    }
}

static void
read_within(struct grammar_loader *loader, const struct yaml_node *node,
            struct near_words *near)
{
    if (node->text.len == 1 && node->text.at[0] >= '1' &&
        node->text.at[0] <= '0' + NEAR_WITHIN_MAX)
        near->within = (size_t)(node->text.at[0] - '0');
    else
        diagnostics_error(loader->diagnostics, node->place,
                          "'within' is a number of words, 1 to %d",
                          NEAR_WITHIN_MAX);
}

struct near_words *
near_words_read(struct grammar_loader *loader, const struct yaml_node *node)
{
    struct near_words *near = grammar_alloc(loader, sizeof(*near));
    if (!near)
        return NULL;
    near->within = 3;
    for (const struct yaml_node *value = node->first; value;
         value = value->next) {
        size_t list = 0;
        if (value->kind != YAML_NODE_SCALAR) {
            diagnostics_error(loader->diagnostics, value->place,
                              "words in one line, with blanks between them");
            continue;
        }
        while (list < NEAR_LISTS &&
               !span_is(value->key->text, list_names[list]))
            list++;
        if (list < NEAR_LISTS)
            read_list(loader, value, &near->lists[list]);
        else if (span_is(value->key->text, "within"))
            read_within(loader, value, near);
        else
            diagnostics_error(loader->diagnostics, value->key->place,
                              "'near' has the keys within, call, wish, "
                              "wish-next, not, can, negative");
    }
    return near;
}

static bool
is_letter(uint32_t letter)
{
    if (letter < 0x80)
        return (letter >= 'a' && letter <= 'z') ||
               (letter >= '0' && letter <= '9');
    return letter >= 0xC0 && (letter < 0x2000 || letter > 0x303F);
}

static enum near_gap
gap_of(uint32_t sign, enum near_gap gap)
{
    enum near_gap found = GAP_BLANK;
    if (sign == '.' || sign == '!' || sign == '?' || sign == '\n' ||
        sign == ';' || sign == 0x2026)
        found = GAP_SENTENCE;
    else if (sign == ',' || sign == ':' || sign == '(' || sign == ')' ||
             sign == 0x2013 || sign == 0x2014)
        found = GAP_CLAUSE;
    return found > gap ? found : gap;
}

/* A word, or what stands before it, from an offset on; false at the end. */
static bool
next_word(struct span text, size_t *offset, struct near_word *word)
{
    word->len = 0;
    word->gap = GAP_BLANK;
    while (*offset < text.len) {
        bool valid;
        size_t before = *offset;
        uint32_t letter = utf8_fold(utf8_next(text, offset, &valid));
        if (!is_letter(letter)) {
            if (word->len) {
                *offset = before;
                return true;
            }
            word->gap = gap_of(letter, word->gap);
            continue;
        }
        if (word->len < NEAR_WORD_MAX)
            word->letters[word->len] = letter;
        word->len++;
    }
    return word->len > 0;
}

static void
read_after(struct span text, struct near_side *side)
{
    size_t offset = 0;
    side->count = 0;
    while (side->count < NEAR_WORDS &&
           next_word(text, &offset, &side->words[side->count]) &&
           side->words[side->count].gap != GAP_SENTENCE)
        side->count++;
}

/* Keeps the last words of the sentence, and turns them round. */
static void
read_before(struct span text, struct near_side *side)
{
    struct near_word ring[NEAR_WORDS], word;
    size_t offset = 0, count = 0, skipped = 0;
    while (next_word(text, &offset, &word)) {
        if (word.gap == GAP_SENTENCE)
            skipped = count;
        ring[count++ % NEAR_WORDS] = word;
    }
    /* `word` holds the gap at the end of the text. */
    enum near_gap gap = word.gap;
    side->count = 0;
    while (count > skipped && side->count < NEAR_WORDS && gap != GAP_SENTENCE) {
        struct near_word *next = &side->words[side->count++];
        *next = ring[--count % NEAR_WORDS];
        enum near_gap before = next->gap;
        next->gap = gap;
        gap = before;
    }
}

static bool
is_in(const struct near_words *near, enum near_list list,
      const struct near_word *word)
{
    const struct near_list_words *words = &near->lists[list];
    for (size_t i = 0; i < words->count; i++)
        if (words->items[i].len == word->len && word->len <= NEAR_WORD_MAX &&
            memcmp(words->items[i].letters, word->letters,
                   word->len * sizeof(*word->letters)) == 0)
            return true;
    return false;
}

/* A word that may be denied in the form's place: "не надо", "не могу". */
static bool
stands_for_form(const struct near_words *near, const struct near_word *word)
{
    return is_in(near, NEAR_CALL, word) || is_in(near, NEAR_CAN, word);
}

static void
look_before(const struct near_words *near, const struct near_side *side,
            struct near_signs *signs)
{
    bool clause = false;
    for (size_t i = 0; i < side->count && i <= near->within; i++) {
        const struct near_word *word = &side->words[i];
        clause = clause || word->gap == GAP_CLAUSE;
        if (is_in(near, NEAR_NOT, word)) {
            signs->denied += word->gap == GAP_BLANK &&
                             (i == 0 || stands_for_form(near, word - 1));
        } else if (is_in(near, NEAR_NEGATIVE, word)) {
            bool denies = !clause && !signs->called;
            signs->denied += denies;
            signs->must = signs->must || denies;
        } else if (i < near->within && is_in(near, NEAR_CALL, word)) {
            signs->called = true;
        } else if ((i < near->within && is_in(near, NEAR_WISH, word)) ||
                   (i == 0 && !clause && is_in(near, NEAR_WISH_NEXT, word))) {
            signs->wished = true;
        }
    }
}

static void
look_after(const struct near_words *near, const struct near_side *side,
           struct near_signs *signs)
{
    for (size_t i = 0; i < side->count && i < near->within; i++) {
        const struct near_word *word = &side->words[i];
        if (word->gap != GAP_BLANK)
            return;
        if (is_in(near, NEAR_NOT, word)) {
            signs->denied +=
                i + 1 < side->count && stands_for_form(near, word + 1);
        } else if (is_in(near, NEAR_NEGATIVE, word)) {
            signs->denied++;
            signs->must = true;
        } else if (is_in(near, NEAR_CALL, word)) {
            signs->called = true;
        } else if (i == 0 && is_in(near, NEAR_WISH_NEXT, word)) {
            signs->wished = true;
        }
    }
}

unsigned
near_words_kinds(const struct near_words *near, unsigned kinds,
                 struct span before, struct span after)
{
    struct near_side side;
    struct near_signs signs = {0};
    read_before(before, &side);
    look_before(near, &side, &signs);
    read_after(after, &side);
    look_after(near, &side, &signs);

    const unsigned positive = KIND_PLAIN | KIND_CALL | KIND_WISH | KIND_REPORT;
    bool bare = (kinds & KIND_BARE) != 0;
    bool must = signs.must && signs.denied && signs.denied % 2 == 0;
    if (bare && (signs.called || must))
        kinds = KIND_CALL | (kinds & ~(unsigned)(KIND_PLAIN | KIND_BARE));
    else if (!bare && signs.wished)
        kinds = KIND_WISH | (kinds & ~(unsigned)(KIND_PLAIN | KIND_REPORT));
    if (signs.denied % 2)
        kinds = (kinds & ~positive) | (kinds & positive) << KIND_NEGATIVE_SHIFT;
    return kinds;
}
