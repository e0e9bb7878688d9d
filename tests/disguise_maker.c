#include "disguise_maker.h"

#include <stdio.h>
#include <string.h>

#include "alphabet.h"
#include "utf8.h"

#define PICK(chooser, list) (list)[chosen(chooser, COUNT_OF(list))]

unsigned
chosen(const struct chooser *chooser, unsigned below)
{
    return chooser->choose(chooser->context, below);
}

static bool
add_letter(struct disguised_word *word, uint32_t letter)
{
    if (word->len == DISGUISED_LETTERS_MOST)
        return false;
    struct disguised_letter *next = &word->letters[word->len++];
    *next = (struct disguised_letter){.meant = letter,
                                      .shown = letter == ' ' ? 0 : letter};
    disguise_write(next, letter, 0);
    word->word_count += letter == ' ';
    return true;
}

/* From a state to one that ends a word. */
static bool
add_endings(const struct chooser *chooser, const struct endings *endings,
            uint32_t number, struct disguised_word *word, unsigned *kinds)
{
    for (;;) {
        const struct ending_state *state = &endings->states[number];
        if (state->kinds && (state->count == 0 || chosen(chooser, 3) == 0)) {
            *kinds = state->kinds;
            return true;
        }
        if (state->count == 0)
            return false;
        const struct letter_edge *edge =
            &endings->edges[state->first + chosen(chooser, state->count)];
        if (edge->letter != MORPHOLOGY_GLUE && !add_letter(word, edge->letter))
            return false;
        number = edge->to;
    }
}

bool
disguise_form(const struct chooser *chooser, const struct endings *endings,
              const struct stem_words *words, struct disguised_word *out)
{
    *out = (struct disguised_word){.word_count = 1};
    for (size_t i = 0; i < words->count; i++) {
        const struct stem_word *word = &words->words[i];
        const struct stem *stem =
            &word->stems[chosen(chooser, (unsigned)word->count)];
        unsigned kinds = 0;
        if (i > 0 && !add_letter(out, ' '))
            return false;
        for (size_t j = 0; j < stem->len; j++)
            if (!add_letter(out, stem->letters[j]))
                return false;
        if (!add_endings(chooser, endings, stem->state, out, &kinds))
            return false;
        out->kinds = kinds_join(out->kinds, kinds);
    }
    return true;
}

static void
surround(struct disguised_letter *letter, const char *before,
         const char *behind)
{
    char text[sizeof(letter->text)];
    snprintf(text, sizeof(text), "%.8s%.40s%.8s", before, letter->text, behind);
    memcpy(letter->text, text, sizeof(text));
}

/* One letter in brackets, or one or two behind signs. */
static void
mask(const struct chooser *chooser, struct disguised_word *word, bool apart)
{
    static const char *const around[][2] = {
        {"(", ")"}, {"[", "]"},   {"{", "}"}, {"<", ">"},
        {"«", "»"}, {"\"", "\""}, {"“", "”"}};
    static const char *const strong[] = {"*", "*", "**", "#", "@", "%",  "$",
                                         "×", "★", "●",  "█", "😀", "***"};
    enum { all = COUNT_OF(strong), plain = all - 2 }; /* no pictures */
    static const char *const weak[] = {".", "..", "…", "-", "_", "?", "!"};
    size_t i = chosen(chooser, (unsigned)word->len);
    struct disguised_letter *letter = &word->letters[i];
    /* A soft sign that is not written leans on the letter before it. */
    if (!disguise_is_inside(word, i) || word->len < 6 ||
        letter[1].text[0] == '\0')
        return;
    letter->through |= DISGUISE_MASK;
    letter->shown = 0;
    unsigned way = chosen(chooser, 5);
    if (way == 0 && !apart && !letter->signs && letter->text[0]) {
        letter->signs = true;
        const char *const *pair = PICK(chooser, around);
        surround(letter, pair[0], pair[1]);
        return;
    }
    /* What stood there is no longer to be seen. */
    letter->through = DISGUISE_MASK;
    letter->hidden = letter->signs = true;
    word->weak = way == 1 && !apart;
    snprintf(letter->text, sizeof(letter->text), "%s",
             word->weak ? PICK(chooser, weak)
                        : strong[chosen(chooser, apart ? plain : all)]);
    if (way == 4 && !apart && word->len >= 8 &&
        disguise_is_inside(word, i + 1) && letter[2].text[0]) {
        letter[1].hidden = true;
        letter[1].shown = 0;
        letter[1].signs = true;
        letter[1].text[0] = '\0';
        letter[1].through = DISGUISE_MASK;
    }
}

/* The last character of a letter's text; 0: none. */
static uint32_t
last_of(const struct disguised_letter *letter)
{
    struct span text = span_of(letter->text);
    uint32_t last = 0;
    for (size_t at = 0; at < text.len;) {
        bool valid;
        last = utf8_next(text, &at, &valid);
    }
    return last;
}

/* The letter behind a run may not be told from it. */
static bool
begins_with(const struct disguised_letter *letter,
            const struct disguised_word *word, uint32_t point)
{
    struct span text = span_of(letter->text);
    size_t at = 0;
    bool valid;
    return letter < word->letters + word->len && text.len > 0 &&
           utf8_next(text, &at, &valid) == point;
}

/* Doubled, it makes no other word; a vowel may. */
static bool
is_consonant(uint32_t letter)
{
    static const uint32_t consonants[] = U"бвгджзклмнпрстфхцчшщң";
    const uint32_t *at = consonants;
    while (*at && *at != letter)
        at++;
    return *at != 0;
}

static void
repeat(const struct chooser *chooser, struct disguised_word *word)
{
    for (unsigned tries = 1 + chosen(chooser, 3); tries > 0; tries--) {
        struct disguised_letter *letter =
            &word->letters[chosen(chooser, (unsigned)word->len)];
        uint32_t last = last_of(letter);
        if (letter->hidden || (letter->through & DISGUISE_LEET) ||
            alphabet_class(last) < LETTER_OTHER || strlen(letter->text) > 8 ||
            begins_with(letter + 1, word, last))
            continue;
        unsigned more = 2 + chosen(chooser, 3);
        if (word->len > 6 && is_consonant(letter->meant) &&
            chosen(chooser, 4) == 0)
            more = 1;
        for (; more > 0; more--) {
            size_t len = strlen(letter->text);
            letter->text[len + utf8_encode(last, letter->text + len)] = '\0';
        }
        letter->through |= DISGUISE_REPEAT;
    }
}

/* In capitals, or the first letter of it. */
static void
capitalise(const struct chooser *chooser, struct disguised_word *word)
{
    unsigned way = chosen(chooser, 12);
    for (size_t i = 0; i < word->len && way < 2; i++) {
        struct disguised_letter *letter = &word->letters[i];
        if (letter->shown >= U'а' && letter->shown <= U'я' &&
            letter->through == 0)
            disguise_write(letter, letter->shown - 32, 0);
        if (way == 1)
            break;
    }
}

/* By blanks or one hyphen. */
static void
divide_words(const struct chooser *chooser, struct disguised_word *word)
{
    static const char *const gaps[] = {" ", " ", " ", "  ", "-", "\n"};
    for (size_t i = 0; i < word->len; i++)
        if (word->letters[i].meant == ' ')
            strcpy(word->letters[i].text, PICK(chooser, gaps));
}

/* What is put between the characters of a word, or behind one letter. */
struct divided {
    const char *between; /* all; or NULL */
    const char *once;    /* or NULL */
    size_t once_behind;
    unsigned hidden_in; /* one in so many is followed by an invisible one */
};

/* What stands between a letter's own characters, and behind it. */
static const char *
gap_of(const struct divided *divided, const struct disguised_word *word,
       size_t i, bool behind)
{
    const struct disguised_letter *letter = &word->letters[i];
    bool signs = (letter->through & (DISGUISE_LEET | DISGUISE_MASK)) != 0;
    if (divided->between)
        return behind || !signs ? divided->between : NULL;
    return behind && i == divided->once_behind ? divided->once : NULL;
}

static void
write_characters(const struct chooser *chooser,
                 const struct disguised_word *word,
                 const struct divided *divided, struct buffer *out,
                 unsigned *through)
{
    static const char *const invisible[] = {
        "\u200B", "\u200C", "\u200D", "\u2060", "\uFEFF", "\u00AD",
        "\u202E", "\uFE0F", "\u0301", "\u0336", "\u034F", "\U000E0061"};
    for (size_t i = 0; i < word->len; i++) {
        const struct disguised_letter *letter = &word->letters[i];
        struct span text = span_of(letter->text);
        *through |= letter->through;
        bool last = true;
        for (size_t j = i + 1; j < word->len && letter->meant != ' '; j++)
            last = last && !word->letters[j].text[0];
        for (size_t at = 0; at < text.len;) {
            bool valid;
            utf8_append(out, utf8_next(text, &at, &valid));
            bool behind = at == text.len;
            if (letter->meant == ' ' ||
                (behind && (last || letter[1].meant == ' ')))
                continue;
            if (divided->hidden_in &&
                chosen(chooser, divided->hidden_in) == 0) {
                buffer_append_text(out, PICK(chooser, invisible));
                *through |= DISGUISE_INVISIBLE;
            }
            const char *gap = gap_of(divided, word, i, behind);
            if (gap) {
                buffer_append_text(out, gap);
                *through |= DISGUISE_SPACING;
            }
        }
    }
}

unsigned
disguise_make(const struct chooser *chooser, unsigned wanted,
              struct disguised_word *word, struct buffer *out)
{
    static const char *const between[] = {" ", ".", "-", "_",   "/",
                                          " ", "·", "*", " - ", ". "};
    static const char *const once[] = {"-", ".", "_", "..", "*",
                                       "|", "~", " ", " "};
    unsigned through = 0;
    struct divided divided = {0};
    bool apart =
        (wanted & DISGUISE_SPACING) && word->word_count == 1 && word->len > 5;
    if (apart && chosen(chooser, 2))
        divided.between = PICK(chooser, between);
    else if (apart)
        divided.once = PICK(chooser, once);
    /* A star that divides hides nothing. */
    if (apart && (wanted & DISGUISE_MASK)) {
        divided.between = divided.between ? "-" : NULL;
        divided.once = divided.once ? "." : NULL;
    }
    if (wanted & DISGUISE_KEYBOARD)
        disguise_keyboard(chooser, word);
    if (wanted & DISGUISE_HOMOGLYPH)
        disguise_homoglyph(chooser, word);
    if (wanted & DISGUISE_LEET)
        disguise_leet(chooser, word);
    if (wanted & DISGUISE_TRANSLIT)
        disguise_translit(chooser, word);
    capitalise(chooser, word);
    divide_words(chooser, word);
    if (wanted & DISGUISE_MASK)
        mask(chooser, word, apart);
    if (wanted & DISGUISE_REPEAT)
        repeat(chooser, word);
    if (wanted & DISGUISE_INVISIBLE)
        divided.hidden_in = 2 + chosen(chooser, 5);
    if (divided.once) {
        size_t i = 1 + chosen(chooser, (unsigned)word->len - 3);
        divided.once_behind = i;
        if (word->letters[i].signs || word->letters[i + 1].signs)
            divided.once = NULL;
    }
    write_characters(chooser, word, &divided, out, &through);
    return through;
}
