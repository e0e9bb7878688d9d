#include "alphabet.h"
#include "rules_loader.h"
#include "utf8.h"

struct rules_words
rules_words_of(struct span text)
{
    struct rules_words out = {0};
    bool gap = true;
    for (size_t offset = 0; offset < text.len;) {
        bool valid;
        uint8_t class = alphabet_class(utf8_next(text, &offset, &valid));
        gap = gap || class == LETTER_SEPARATOR;
        if (class < LETTER_OTHER)
            continue;
        out.letters++;
        out.words += gap;
        gap = false;
    }
    return out;
}

/* With one blank between the words. */
static size_t
length_of(struct span text)
{
    struct rules_words words = rules_words_of(text);
    return words.words ? words.letters + words.words - 1 : 0;
}

void
rules_check_spelling(struct rules_loader *loader, struct span text,
                     struct place place)
{
    size_t letters = length_of(text);
    if (text.len == 0)
        return;
    if (letters == 0)
        diagnostics_error(loader->diagnostics, place,
                          "'%.*s' has neither letters nor digits: it cannot "
                          "be looked for; write the word, or take it out",
                          SPAN_ARGS(text));
    else if (letters > RULES_LETTERS_MOST)
        diagnostics_error(loader->diagnostics, place,
                          "'%.*s' has more than %d letters: it cannot be "
                          "looked for; is it several terms, or an example?",
                          SPAN_ARGS(text), RULES_LETTERS_MOST);
    else if (letters == 1)
        diagnostics_warning(loader->diagnostics, place,
                            "'%.*s' is a single letter or digit: it will be "
                            "found everywhere; write the word, or the phrase "
                            "in which it matters",
                            SPAN_ARGS(text));
}

void
rules_check_exception(struct rules_loader *loader, struct span text,
                      struct place place)
{
    size_t letters = length_of(text);
    if (letters == 0 || letters > RULES_LETTERS_MOST)
        diagnostics_warning(
            loader->diagnostics, place,
            "the exception '%.*s' has %s: it will never apply", SPAN_ARGS(text),
            letters ? "more than 200 letters" : "neither letters nor digits");
}
