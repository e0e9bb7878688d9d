#include "paradigm_model.h"

#include <string.h>

#include "utf8.h"

struct span_of_letters
paradigm_letters(struct grammar_loader *loader, struct span text)
{
    uint32_t *letters =
        grammar_alloc(loader, (text.len + 1) * sizeof(*letters));
    struct span_of_letters out = {letters, 0};
    for (size_t offset = 0; letters && offset < text.len;) {
        bool valid;
        uint32_t letter = utf8_next(text, &offset, &valid);
        letters[out.len++] =
            letter >= 'A' && letter <= 'Z' ? letter : utf8_fold(letter);
    }
    return out;
}

void
paradigm_words(struct grammar_loader *loader, struct span text,
               struct letter_list *out)
{
    while ((text = span_trim(text)).len) {
        size_t len = 0;
        while (len < text.len && text.at[len] != ' ' && text.at[len] != '\n')
            len++;
        void *grown = grammar_grow(loader, out->items, out->count,
                                   &out->capacity, sizeof(*out->items));
        if (!grown)
            return;
        out->items = grown;
        out->items[out->count++] =
            paradigm_letters(loader, (struct span){text.at, len});
        text = span_from(text, len);
    }
}

struct pattern
pattern_read(struct grammar_loader *loader, struct span text)
{
    struct pattern pattern = {PATTERN_WHOLE, {NULL, 0}};
    if (span_starts(text, "-") || span_starts(text, "=")) {
        pattern.start = text.at[0] == '-' ? PATTERN_ANYTHING : PATTERN_PREFIX;
        text = span_from(text, 1);
    }
    pattern.signs = paradigm_letters(loader, text);
    return pattern;
}

bool
letters_end(struct span_of_letters word, struct span_of_letters tail)
{
    return word.len >= tail.len &&
           (tail.len == 0 ||
            memcmp(word.letters + word.len - tail.len, tail.letters,
                   tail.len * sizeof(*tail.letters)) == 0);
}

static bool
letters_begin(struct span_of_letters word, struct span_of_letters head)
{
    return word.len >= head.len &&
           letters_end((struct span_of_letters){word.letters, head.len}, head);
}

/* Nothing, a prefix, or a prefix behind another ("повы-"). */
static bool
is_prefix(const struct paradigm *paradigm, struct span_of_letters head,
          unsigned most)
{
    if (head.len == 0)
        return true;
    for (size_t i = 0; most && i < paradigm->prefixes.count; i++) {
        struct span_of_letters prefix = paradigm->prefixes.items[i];
        if (letters_begin(head, prefix) &&
            is_prefix(paradigm,
                      (struct span_of_letters){head.letters + prefix.len,
                                               head.len - prefix.len},
                      most - 1))
            return true;
    }
    return false;
}

bool
paradigm_list_has(const struct paradigm *paradigm,
                  const struct letter_list *list, struct span_of_letters word)
{
    for (size_t i = 0; i < list->count; i++) {
        struct span_of_letters item = list->items[i];
        bool tail = item.len && item.letters[0] == '-';
        if (tail)
            item = (struct span_of_letters){item.letters + 1, item.len - 1};
        struct span_of_letters head = {word.letters, word.len - item.len};
        if (letters_end(word, item) && (tail || is_prefix(paradigm, head, 2)))
            return true;
    }
    return false;
}

/* The capital at the end of a word; false: the word does not end so. */
static bool
capture(const struct letter_class *class, uint32_t name,
        struct span_of_letters word, struct pattern_match *match)
{
    size_t len = 0;
    const struct letter_change *change = NULL;
    for (size_t i = 0; word.len && i < class->letters.len; i++)
        if (class->letters.letters[i] == word.letters[word.len - 1])
            len = 1;
    for (size_t i = 0; !len && i < class->change_count; i++)
        if (letters_end(word, class->changes[i].from)) {
            change = &class->changes[i];
            len = change->from.len;
        }
    if (len == 0 || match->count == PARADIGM_CAPTURE_MAX)
        return false;
    match->captures[match->count].name = name;
    match->captures[match->count].letters =
        (struct span_of_letters){word.letters + word.len - len, len};
    match->captures[match->count++].change = change;
    return true;
}

bool
pattern_fits(const struct paradigm *paradigm, const struct pattern *pattern,
             struct span_of_letters word, struct pattern_match *match)
{
    match->count = 0;
    for (size_t i = pattern->signs.len; i > 0; i--) {
        uint32_t sign = pattern->signs.letters[i - 1];
        if (sign >= 'A' && sign <= 'Z') {
            if (!capture(&paradigm->classes[sign - 'A'], sign, word, match))
                return false;
            word.len -= match->captures[match->count - 1].letters.len;
        } else if (word.len && word.letters[word.len - 1] == sign) {
            word.len--;
        } else {
            return false;
        }
    }
    match->head = word;
    return pattern->start == PATTERN_ANYTHING ||
           (pattern->start == PATTERN_PREFIX ? is_prefix(paradigm, word, 2)
                                             : word.len == 0);
}

bool
pattern_list_fits(const struct paradigm *paradigm,
                  const struct pattern_list *list, struct span_of_letters word,
                  struct pattern_match *match)
{
    for (size_t i = 0; i < list->count; i++)
        if (pattern_fits(paradigm, &list->items[i], word, match))
            return true;
    return false;
}
