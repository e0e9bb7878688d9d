#include <string.h>

#include "chain_model.h"
#include "utf8.h"

/* Signs of a pattern. */
enum { SIGN_BLANK = '_', SIGN_GLUE = '~' };

static bool
is_capital(const struct chain_sounds *sounds, uint32_t letter)
{
    for (size_t i = 0; i < sounds->vowel_rows; i++)
        for (size_t j = 0; j < sounds->vowels[i].capital_count; j++)
            if (sounds->vowels[i].capitals[j] == letter)
                return true;
    for (size_t i = 0; i < sounds->consonant_rows; i++)
        for (size_t j = 0; j < sounds->consonants[i].capital_count; j++)
            if (sounds->consonants[i].capitals[j] == letter)
                return true;
    return false;
}

/* Is a place a vowel, whatever stands before it? */
static bool
is_vowel_place(const struct chain_sounds *sounds, uint32_t letter)
{
    if (sound_is_vowel(sounds, letter))
        return true;
    for (size_t i = 0; i < sounds->vowel_rows; i++)
        for (size_t j = 0; j < sounds->vowels[i].capital_count; j++)
            if (sounds->vowels[i].capitals[j] == letter)
                return true;
    return false;
}

static bool
refuse(struct grammar_loader *loader, struct place place, struct span text,
       const char *why)
{
    diagnostics_error(loader->diagnostics, place, "the suffix '%.*s': %s",
                      SPAN_ARGS(text), why);
    return false;
}

static int
mark_of(const struct chain_sounds *sounds, uint32_t letter)
{
    for (size_t i = 0; i < sounds->mark_count; i++)
        if (sounds->marks[i].sign == letter)
            return (int)i;
    return -1;
}

/* One side of a '/'. */
static bool
read_side(struct grammar_loader *loader, const struct chain_sounds *sounds,
          const uint32_t *letters, size_t len, int *mark,
          struct suffix_place **places, size_t *count)
{
    *mark = len ? mark_of(sounds, letters[0]) : -1;
    *places = grammar_alloc(loader, (len + 1) * sizeof(**places));
    *count = 0;
    bool inside = false;
    for (size_t i = *mark >= 0; *places && i < len; i++) {
        uint32_t letter = letters[i];
        if (letter == '(' || letter == ')') {
            if (inside == (letter == '('))
                return false;
            inside = letter == '(';
            continue;
        }
        enum suffix_use use = !inside ? USE_ALWAYS
                              : is_vowel_place(sounds, letter)
                                  ? USE_AFTER_CONSONANT
                                  : USE_AFTER_VOWEL;
        if (letter == SIGN_BLANK)
            letter = ' ';
        else if (letter == SIGN_GLUE)
            letter = MORPHOLOGY_GLUE;
        else if (utf8_fold(letter) != letter && letter != 0x451 &&
                 !is_capital(sounds, letter))
            return false;
        (*places)[(*count)++] = (struct suffix_place){letter, use};
    }
    return !inside && *count < CHAIN_REALISED - 4;
}

/* "лр2+" at the start of a pattern; how many letters it takes. */
static size_t
read_condition(struct chain_sounds *sounds, const uint32_t *letters, size_t len,
               struct suffix_pattern *pattern)
{
    size_t plus = 0;
    while (plus < len && letters[plus] != '+')
        plus++;
    if (plus == len || sounds->condition_count == CHAIN_CONDITIONS)
        return 0;
    struct sound_condition *condition =
        &sounds->conditions[sounds->condition_count++];
    for (size_t i = 0; i < plus && condition->len < 32; i++) {
        if (letters[i] == '2')
            condition->long_only = true;
        else
            condition->letters[condition->len++] = letters[i];
    }
    pattern->condition = condition;
    return plus + 1;
}

bool
suffix_read(struct grammar_loader *loader, struct chain_sounds *sounds,
            struct span text, struct place place,
            struct suffix_pattern *pattern)
{
    uint32_t buffer[2 * CHAIN_REALISED];
    uint32_t *letters = buffer;
    size_t len = 0;
    for (size_t offset = 0; offset < text.len;) {
        bool valid;
        if (len == COUNT_OF(buffer))
            return refuse(loader, place, text, "it is too long");
        letters[len++] = utf8_next(text, &offset, &valid);
    }
    *pattern = (struct suffix_pattern){0};
    size_t taken = read_condition(sounds, letters, len, pattern);
    letters += taken;
    len -= taken;
    size_t slash = 0;
    while (slash < len && letters[slash] != '/')
        slash++;
    pattern->has_consonant = slash > 0;
    pattern->has_vowel = slash == len || slash + 1 < len;
    bool ok = read_side(
        loader, sounds, letters, slash, &pattern->after_consonant.mark,
        &pattern->after_consonant.places, &pattern->after_consonant.len);
    const uint32_t *right = slash < len ? letters + slash + 1 : letters;
    size_t right_len = slash < len ? len - slash - 1 : len;
    ok = ok &&
         read_side(loader, sounds, right, right_len, &pattern->after_vowel.mark,
                   &pattern->after_vowel.places, &pattern->after_vowel.len);
    if (loader->no_memory)
        return false;
    return ok || refuse(loader, place, text,
                        "a capital is one of the tables above, brackets "
                        "hold letters, all else is small letters");
}

static bool
condition_holds(const struct sound_condition *condition, uint32_t last,
                bool several)
{
    if (!condition)
        return true;
    if (condition->long_only && !several)
        return false;
    for (size_t i = 0; i < condition->len; i++)
        if (condition->letters[i] == last)
            return true;
    return condition->len == 0;
}

/* The places as letters, й and a vowel as one where they are spelt so. */
static size_t
spell(const struct chain_sounds *sounds, const struct suffix_place *places,
      size_t count, struct chain_context context, uint32_t *out)
{
    uint32_t last = sounds->class_letters[context.last];
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        bool vowel = sound_is_vowel(sounds, last);
        if ((places[i].use == USE_AFTER_VOWEL && !vowel) ||
            (places[i].use == USE_AFTER_CONSONANT && vowel))
            continue;
        uint32_t letter =
            sound_of(sounds, places[i].letter, context.vowel, last);
        if (!letter)
            letter = places[i].letter;
        const struct sound_change *change =
            len ? sound_changed(&sounds->spelling, out[len - 1], letter) : NULL;
        if (change)
            out[len - 1] = change->to[0];
        else
            out[len++] = letter;
        for (size_t j = 0; j < sounds->vowel_rows; j++)
            for (size_t k = 0; k < sounds->vowels[j].len; k++)
                if (sounds->vowels[j].letters[k] == out[len - 1])
                    context.vowel = (uint8_t)j;
        last = out[len - 1];
    }
    return len;
}

struct suffix_side {
    int mark;
    const struct suffix_place *places;
    size_t len;
};

/* What of a pattern stands behind this letter, in this mode. */
static bool
choose_side(const struct suffix_pattern *pattern, bool behind_vowel,
            enum chain_mode mode, struct suffix_side *side)
{
    const struct suffix_side left = {pattern->after_consonant.mark,
                                     pattern->after_consonant.places,
                                     pattern->after_consonant.len};
    const struct suffix_side right = {pattern->after_vowel.mark,
                                      pattern->after_vowel.places,
                                      pattern->after_vowel.len};
    int marked = (int)mode - MODE_MARKED;
    if (marked >= 0) { /* the letter has been changed for one of the two */
        bool of_right = pattern->has_vowel && right.mark == marked;
        *side = of_right ? right : left;
        return of_right || (pattern->has_consonant && left.mark == marked);
    }
    *side = behind_vowel ? right : left;
    return behind_vowel ? pattern->has_vowel : pattern->has_consonant;
}

/* The letters that a mark adds to a last letter that stands as it is; SIZE_MAX:
 * it changes that letter. */
static size_t
added_by_mark(const struct chain_sounds *sounds, int mark, uint32_t last,
              uint32_t *out)
{
    const struct sound_change *change =
        sound_changed(&sounds->marks[mark], last, 0);
    if (!change || change->to[0] != last)
        return SIZE_MAX;
    memcpy(out, change->to + 1, (change->to_len - 1) * sizeof(*out));
    return change->to_len - 1;
}

/* Whether a suffix may follow a last letter that stands as the mode says. */
static bool
mode_allows(const struct chain_sounds *sounds, struct chain_context context,
            enum chain_mode mode, uint32_t last, uint32_t *first)
{
    bool vowel = sound_is_vowel(sounds, *first);
    const struct sound_change *fused =
        vowel ? sound_changed(&sounds->spelling, last, *first) : NULL;
    if (mode == MODE_VOWEL)
        return vowel;
    if (mode == MODE_PLAIN)
        return !fused && !(vowel && context.after_vowel);
    if (mode == MODE_FUSED && fused)
        *first = fused->to[0];
    return mode != MODE_FUSED || fused;
}

size_t
suffix_realise(const struct chain_sounds *sounds,
               const struct suffix_pattern *pattern,
               struct chain_context context, enum chain_mode mode,
               uint32_t out[CHAIN_REALISED])
{
    uint32_t last = sounds->class_letters[context.last];
    struct suffix_side side;
    if (!choose_side(pattern, sound_is_vowel(sounds, last), mode, &side) ||
        !condition_holds(pattern->condition, last, context.several))
        return SIZE_MAX;
    if (side.mark >= 0 && mode < MODE_MARKED) {
        size_t len = mode == MODE_PLAIN
                         ? added_by_mark(sounds, side.mark, last, out)
                         : SIZE_MAX;
        if (len == SIZE_MAX)
            return SIZE_MAX;
        context = chain_context_of(sounds, &context, out, len);
        return len + spell(sounds, side.places, side.len, context, out + len);
    }
    size_t len = spell(sounds, side.places, side.len, context, out);
    if (mode >= MODE_MARKED)
        return len;
    return len && mode_allows(sounds, context, mode, last, &out[0]) ? len
                                                                    : SIZE_MAX;
}

/* The change of a mode for letters that end so, and how many it takes. */
static const struct sound_change *
change_of(const struct chain_sounds *sounds, enum chain_mode mode,
          const struct chain_context *after)
{
    uint32_t last = sounds->class_letters[after->last];
    if (mode == MODE_VOWEL)
        return after->after_vowel
                   ? sound_changed(&sounds->before_vowel, last, 0)
                   : NULL;
    const struct sound_changes *mark = &sounds->marks[mode - MODE_MARKED];
    const struct sound_change *change = sound_changed(mark, last, 0);
    if (change)
        return change->to[0] == last ? NULL : change; /* it only adds */
    uint32_t vowel = sounds->vowels[after->vowel].letters[0];
    return after->after_vowel ? sound_changed(mark, vowel, last) : NULL;
}

size_t
chain_change(const struct chain_sounds *sounds, enum chain_mode mode,
             const uint32_t *letters, size_t len, uint32_t *out,
             struct chain_context *after)
{
    if (len)
        memcpy(out, letters, len * sizeof(*out));
    if (mode == MODE_PLAIN)
        return len;
    if (len == 0)
        return SIZE_MAX;
    if (mode == MODE_FUSED) {
        uint32_t last = sounds->class_letters[after->last];
        for (size_t i = 0; i < sounds->spelling.count; i++)
            if (sounds->spelling.items[i].from[0] == last)
                return len - 1;
        return SIZE_MAX;
    }
    if (mode >= MODE_MARKED && mode - MODE_MARKED >= sounds->mark_count)
        return SIZE_MAX;
    const struct sound_change *change = change_of(sounds, mode, after);
    if (!change || change->from_len > len)
        return SIZE_MAX;
    size_t kept = len - change->from_len;
    memcpy(out + kept, change->to, change->to_len * sizeof(*out));
    if (mode >= MODE_MARKED)
        *after = chain_context_of(sounds, after, change->to, change->to_len);
    return kept + change->to_len;
}
