#include "paradigm_model.h"

#include <string.h>

/* A stem while its signs become letters. */
struct stem_builder {
    const struct pattern_match *match;
    struct span_of_letters signs;
    uint32_t entry;
    struct stem_sink *sink;
    uint32_t letters[2 * PARADIGM_WORD_MAX];
};

/* What the n-th of a form's equal capitals stands for; beyond the last, the
 * last once more ("stab", "stabb-"). */
static size_t
find_capture(const struct pattern_match *match, uint32_t name, size_t n)
{
    size_t found = 0;
    bool reached = false;
    for (size_t i = match->count; i > 0 && !reached; i--)
        if (match->captures[i - 1].name == name) {
            found = i - 1;
            reached = n-- == 0;
        }
    return found;
}

static bool
is_capital(uint32_t sign)
{
    return sign >= 'A' && sign <= 'Z';
}

static void build(struct stem_builder *builder, size_t at, size_t len);

/* Writes letters, and what comes behind them. */
static void
build_on(struct stem_builder *builder, size_t at, size_t len,
         struct span_of_letters letters)
{
    if (len + letters.len > COUNT_OF(builder->letters))
        return;
    if (letters.len)
        memcpy(builder->letters + len, letters.letters,
               letters.len * sizeof(*letters.letters));
    build(builder, at, len + letters.len);
}

static void
build_capital(struct stem_builder *builder, size_t at, size_t len)
{
    uint32_t name = builder->signs.letters[at];
    size_t before = 0;
    for (size_t i = 0; i < at; i++)
        before += builder->signs.letters[i] == name;
    size_t number = find_capture(builder->match, name, before);
    const struct letter_change *change =
        builder->match->captures[number].change;
    bool changed = change && at + 1 < builder->signs.len &&
                   builder->signs.letters[at + 1] == '\'';
    if (!changed) {
        build_on(builder, at + 1, len,
                 builder->match->captures[number].letters);
        return;
    }
    for (size_t i = 0; i < change->to.count; i++)
        build_on(builder, at + 2, len, change->to.items[i]);
}

/* The rest of a stem, from a sign on; what may turn into two things makes two
 * stems. */
static void
build(struct stem_builder *builder, size_t at, size_t len)
{
    if (at == builder->signs.len) {
        stem_add(builder->sink, builder->letters, len, builder->entry);
        return;
    }
    uint32_t sign = builder->signs.letters[at];
    if (sign == '-' || sign == '=')
        build_on(builder, at + 1, len, builder->match->head);
    else if (is_capital(sign))
        build_capital(builder, at, len);
    else
        build_on(builder, at + 1, len, (struct span_of_letters){&sign, 1});
}

static bool
has_endings(const struct stem_sink *sink, uint32_t entry)
{
    const struct ending_state *state =
        &morphology_endings(sink->morphology)
             ->states[grammar_state(sink->morphology, entry)];
    return state->count || state->kinds || state->any_letter;
}

/* Adds the stems of a row when it fits. */
static bool
take_row(const struct paradigm *paradigm, const struct paradigm_row *row,
         struct span_of_letters word, enum ending_brackets brackets,
         struct stem_sink *sink)
{
    struct pattern_match match;
    if (!pattern_list_fits(paradigm, &row->forms, word, &match) ||
        (row->only.count && !paradigm_list_has(paradigm, &row->only, word)) ||
        paradigm_list_has(paradigm, &row->except, word))
        return false;
    for (size_t i = 0; i < row->stem_count; i++) {
        struct stem_builder builder = {
            .match = &match,
            .signs = row->stems[i].signs,
            .entry = row->stems[i].entries[brackets],
            .sink = sink,
        };
        if (has_endings(sink, builder.entry))
            build(&builder, 0, 0);
    }
    return true;
}

static bool
is_one_of(const struct letter_list *list, struct span_of_letters word)
{
    bool found = false;
    for (size_t i = 0; !found && i < list->count; i++)
        found =
            list->items[i].len == word.len && letters_end(word, list->items[i]);
    return found;
}

static void
inflect_word(const struct paradigm *paradigm, struct span_of_letters word,
             struct stem_sink *sink)
{
    enum ending_brackets brackets = BRACKETS_MAY;
    for (size_t i = 0;
         brackets == BRACKETS_MAY && i < paradigm->reflexive.count; i++) {
        struct span_of_letters tail = paradigm->reflexive.items[i];
        if (word.len <= tail.len || !letters_end(word, tail))
            continue;
        word.len -= tail.len;
        brackets = BRACKETS_MUST;
    }
    if (brackets == BRACKETS_MAY && paradigm->reflexive.count &&
        is_one_of(&paradigm->without_reflexive, word))
        brackets = BRACKETS_NEVER;
    bool taken = false;
    for (size_t i = 0; !taken && i < paradigm->rows.count; i++)
        taken =
            take_row(paradigm, &paradigm->rows.items[i], word, brackets, sink);
    for (size_t i = 0; i < paradigm->besides.count; i++)
        (void)take_row(paradigm, &paradigm->besides.items[i], word, brackets,
                       sink);
}

static void
inflect(const struct grammar *grammar, struct span_of_letters word, bool given,
        bool last, struct stem_sink *sink)
{
    const struct paradigm *paradigm = grammar->data;
    const struct grammar *used = phrase_grammar(grammar, sink);
    if (given && paradigm->takes_given)
        stem_add(sink, word.letters, word.len, paradigm->given[0]);
    else if (!given && used && word.len <= PARADIGM_WORD_MAX)
        inflect_word(used->data, word, sink);
}

static unsigned
kinds_near(const struct grammar *grammar, unsigned kinds, struct span before,
           struct span after)
{
    const struct paradigm *paradigm = grammar->data;
    return paradigm->near
               ? near_words_kinds(paradigm->near, kinds, before, after)
               : kinds;
}

const struct grammar_kind grammar_paradigm = {
    .name = "paradigm",
    .read = paradigm_read,
    .inflect = inflect,
    .kinds_near = kinds_near,
    .check = phrase_check,
};
