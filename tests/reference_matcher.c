#include "reference_matcher.h"

#include <stdlib.h>

#include "address.h"
#include "known_words.h"
#include "reference_forms.h"
#include "reference_rules.h"
#include "words.h"

/* A way to write a term. */
struct spelling {
    struct reference_text text;
    bool dictionary; /* else a listed form: "inflected" */
    bool endings;    /* letters may follow */
    int grammar;     /* where it is more than exact or prefix */
    struct stem_words words;
};

static void *
grown(void *items, size_t count, size_t item_bytes)
{
    void *result = realloc(items, (count + 1) * item_bytes);
    if (!result)
        abort();
    return result;
}

/* A dot behind a letter, then two to five Latin letters that end the name. */
static bool
names_a_host_or_file(const char *text)
{
    for (const char *dot = strchr(text, '.'); dot; dot = strchr(dot + 1, '.')) {
        size_t letters = 0;
        while (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                      dot[1 + letters]) &&
               dot[1 + letters])
            letters++;
        char behind = dot[1 + letters];
        bool more = (behind >= '0' && behind <= '9') || behind == '-' ||
                    behind == '_' || (unsigned char)behind >= 0x80;
        char before = dot > text ? dot[-1] : ' ';
        bool named = (unsigned char)before >= 0x80 || before == '-' ||
                     before == '_' || (before >= '0' && before <= '9') ||
                     (before >= 'a' && before <= 'z') ||
                     (before >= 'A' && before <= 'Z');
        if (named && !more &&
            is_address_suffix((struct span){dot + 1, letters}))
            return true;
    }
    return false;
}

/* Web and mail addresses, files and @names, 600 bytes around. */
static bool
in_an_address(struct span text, size_t from, size_t to)
{
    size_t first = from > 600 ? from - 600 : 0;
    size_t last = text.len - to > 600 ? to + 600 : text.len;
    if (from > 0 && text.at[from - 1] == '@')
        return true;
    while (from > first && !strchr(" \t\r\n", text.at[from - 1]))
        from--;
    while (to < last && !strchr(" \t\r\n", text.at[to]))
        to++;
    char *token = strndup(text.at + from, to - from);
    if (!token)
        abort();
    const char *slash = strchr(token, '/');
    const char *dot = strchr(token, '.');
    bool address = strstr(token, "://") || strstr(token, "www.") ||
                   names_a_host_or_file(token) ||
                   (slash && dot && dot > token && dot < slash);
    free(token);
    return address;
}

struct scripts {
    size_t of[REFERENCE_STYLED + 1], letters, capitals;
};

static void
count_scripts(const struct reference_text *text, size_t byte, size_t byte_end,
              struct scripts *out)
{
    for (size_t i = 0; i < text->character_count; i++) {
        const struct reference_character *c = &text->characters[i];
        if (c->byte < byte || c[1].byte > byte_end ||
            c->kind != REFERENCE_LETTER)
            continue;
        out->of[c->script]++;
        out->letters++;
        out->capitals += reference_is_capital(c->code_point);
    }
}

/* A word in two scripts is no accident; a whole word of another script is a
 * disguise only when it is no short word or abbreviation and stands among at
 * least eight letters of the script that it imitates, four times as many as
 * of its own, 600 bytes around. */
static bool
likely_a_disguise(const struct reference_text *text, size_t byte, size_t end,
                  enum reference_script imitated)
{
    if (in_an_address(text->bytes, byte, end))
        return false;
    struct scripts own = {0}, around = {0};
    count_scripts(text, byte, end, &own);
    unsigned scripts = 0;
    enum reference_script script = REFERENCE_NO_SCRIPT;
    for (int i = REFERENCE_CYRILLIC; i <= REFERENCE_GREEK; i++)
        if (own.of[i]) {
            scripts++;
            script = (enum reference_script)i;
        }
    if (scripts > 1 || own.of[REFERENCE_STYLED])
        return true;
    if (own.letters < 4 || (own.letters < 6 && own.capitals == own.letters) ||
        ordinary_latin_word((struct span){text->bytes.at + byte, end - byte}) ||
        (script == REFERENCE_LATIN &&
         known_word((struct span){text->bytes.at + byte, end - byte})))
        return false;
    count_scripts(text, byte > 600 ? byte - 600 : 0, byte, &around);
    count_scripts(text, end, end + 600, &around);
    return around.of[imitated] >= 8 &&
           around.of[imitated] >= 4 * around.of[script];
}

/* The spelling's letters against those of the text from `letter` on. */
static bool
letters_match(const struct reference *reference, size_t letter,
              const struct reference_text *spelling, unsigned *through,
              enum reference_script *imitated)
{
    const struct reference_text *text = &reference->text;
    *through = 0;
    if (letter + spelling->letter_count > text->letter_count)
        return false;
    for (size_t i = 0; i < spelling->letter_count; i++) {
        const struct reference_letter *meant = &spelling->letters[i];
        const struct reference_letter *written = &text->letters[letter + i];
        if (meant->begins_word != written->begins_word)
            return false;
        /* A mark that the term itself is written with may be any other. */
        if (i > 0 && meant->begins_word &&
            reference_gap_divides_words(spelling, meant[-1].end,
                                        meant->first) &&
            !reference_gap_divides_words(text, written[-1].end, written->first))
            return false;
        if (written->hidden ||
            (!meant->begins_word && written[-1].end < written->first))
            *through |= DISGUISE_INVISIBLE;
        if (written->letter == meant->letter)
            continue;
        if (!reference_alike(written, meant))
            return false;
        if (!(*through & DISGUISE_HOMOGLYPH))
            *imitated = meant->script;
        *through |= DISGUISE_HOMOGLYPH;
    }
    return true;
}

/* Does the phrase stand in whole words so that it covers the hit's words?
 * Looks count, not letters. Behind the last word of the phrase an ending may
 * follow where the phrase takes one. */
static bool
phrase_covers(const struct reference_text *text,
              const struct reference_text *phrase,
              const struct reference_hit *hit, size_t behind, bool endings)
{
    for (size_t w = 0; w <= hit->word; w++) {
        size_t at = text->words[w], i = 0;
        if (at + phrase->letter_count > text->letter_count)
            break;
        for (; i < phrase->letter_count; i++)
            if (!reference_looks_like(&text->letters[at + i],
                                      &phrase->letters[i]) ||
                text->letters[at + i].begins_word !=
                    phrase->letters[i].begins_word)
                break;
        size_t end = at + phrase->letter_count, reached = end;
        while (endings && reached < text->letter_count &&
               !text->letters[reached].begins_word)
            reached++;
        if (i < phrase->letter_count || reached < behind)
            continue;
        bool whole =
            end == text->letter_count || text->letters[end].begins_word ||
            (hit->end <= text->letters[end - 1].end &&
             reference_number_follows(text, end, phrase->letter_count));
        if (phrase->letter_count && (whole || endings))
            return true;
    }
    return false;
}

static bool
same_letters(const struct reference_text *a, const struct reference_text *b)
{
    bool same = a->letter_count == b->letter_count;
    for (size_t i = 0; same && i < a->letter_count; i++)
        same = a->letters[i].letter == b->letters[i].letter &&
               a->letters[i].begins_word == b->letters[i].begins_word;
    return same;
}

static bool
is_written(const struct reference_text *phrase, struct span text)
{
    struct reference_text one;
    reference_text_read(&one, text);
    bool same = same_letters(phrase, &one);
    reference_text_done(&one);
    return same;
}

/* Is it the term itself, in one of the ways to write it? */
static bool
is_written_so(const struct term *term, const struct reference_text *phrase)
{
    bool itself = is_written(phrase, term->text);
    for (size_t i = 0; i < term->variants.count; i++)
        itself = itself || is_written(phrase, term->variants.items[i]);
    for (size_t i = 0; i < term->forms.count; i++)
        itself = itself || is_written(phrase, term->forms.items[i]);
    /* The stem of a grammar is no way to write it. */
    if (term->stem.at && term->morphology <= GRAMMAR_PREFIX)
        itself = itself || is_written(phrase, term->stem);
    return itself;
}

/* A phrase takes endings as its term does, unless it is the term itself. */
static bool
takes_endings(const struct term *term, const struct reference_text *phrase)
{
    return term->morphology == GRAMMAR_PREFIX && !is_written_so(term, phrase);
}

static struct stem_words
stems_of(struct arena *arena, const struct rules *rules, int grammar,
         const struct reference_text *text, struct span stem)
{
    struct stem_words words = {0};
    struct reference_text given;
    size_t len, given_len;
    reference_text_read(&given, stem);
    uint32_t *letters = reference_folded(text, &len);
    uint32_t *given_letters = reference_folded(&given, &given_len);
    if (!morphology_stems(rules->morphology, grammar, letters, len,
                          given_letters, given_len, arena, &words))
        abort();
    free(letters);
    free(given_letters);
    reference_text_done(&given);
    return words;
}

struct cover {
    const struct reference_text *text;
    size_t end; /* of the hit, in characters */
    bool covered;
};

static void
form_covers(void *context, const struct reference_form *form)
{
    struct cover *cover = context;
    cover->covered = cover->covered ||
                     cover->text->letters[form->behind - 1].end >= cover->end;
}

/* In the forms of its term's grammar. */
static bool
inflected_phrase_covers(const struct reference *reference,
                        const struct reference_text *phrase,
                        const struct reference_hit *hit)
{
    struct arena *arena = arena_new();
    struct stem_words words = stems_of(
        arena, reference->rules, hit->term->morphology, phrase, SPAN_NONE);
    struct cover cover = {&reference->text, hit->end, false};
    const struct reference_form_search search = {
        .text = &reference->text,
        .endings = morphology_endings(reference->rules->morphology),
        .words = &words,
        .spelling = phrase,
        .by_look = true,
        .found = form_covers,
        .context = &cover,
    };
    for (size_t i = 0; i <= hit->word; i++)
        reference_forms(&search, i);
    arena_free(arena);
    return cover.covered;
}

/* `behind`: the letter behind the hit. */
static bool
is_excepted(const struct reference *reference, const struct reference_hit *hit,
            size_t behind)
{
    const struct text_list *except = &hit->term->except;
    bool covered = false;
    for (size_t i = 0; i < except->count && !covered; i++) {
        struct reference_text phrase;
        reference_text_read(&phrase, except->items[i]);
        covered = phrase_covers(&reference->text, &phrase, hit, behind,
                                takes_endings(hit->term, &phrase)) ||
                  (hit->term->morphology > GRAMMAR_PREFIX &&
                   !is_written_so(hit->term, &phrase) &&
                   inflected_phrase_covers(reference, &phrase, hit));
        reference_text_done(&phrase);
    }
    return covered;
}

bool
reference_lang_is_wanted(const struct text_list *only, struct span lang)
{
    bool wanted = only->count == 0 || lang.len == 0;
    for (size_t i = 0; i < only->count; i++) {
        struct span one = only->items[i];
        if (lang.len >= one.len && !memcmp(lang.at, one.at, one.len) &&
            (lang.len == one.len || strchr("-_", lang.at[one.len])))
            wanted = true;
    }
    return wanted;
}

/* A hit up to before the letter `behind`, where a word ends. */
static void
keep_hit(struct reference *reference, struct reference_hit hit, size_t behind,
         enum reference_script imitated)
{
    const struct reference_text *text = &reference->text;
    hit.first = text->letters[text->words[hit.word]].first;
    hit.end = text->letters[behind - 1].end;
    hit.severity = hit.term->severity;
    if ((hit.through & ~hit.term->disguises) ||
        !reference_lang_is_wanted(&hit.term->only_lang,
                                  reference->input->lang) ||
        ((hit.through & DISGUISE_HOMOGLYPH) &&
         !likely_a_disguise(text, text->characters[hit.first].byte,
                            text->characters[hit.end].byte, imitated)) ||
        is_excepted(reference, &hit, behind))
        return;
    reference->found = grown(reference->found, reference->count, sizeof(hit));
    reference->found[reference->count++] = hit;
}

static enum match_form
form_of(unsigned through, bool dictionary)
{
    return through      ? MATCH_DISGUISED
           : dictionary ? MATCH_EXACT
                        : MATCH_INFLECTED;
}

static void
try_at(struct reference *reference, const struct term *term,
       const struct spelling *spelling, size_t word)
{
    const struct reference_text *text = &reference->text;
    size_t letter = text->words[word];
    struct reference_hit hit = {.term = term,
                                .word = word,
                                .word_end = word + spelling->text.word_count};
    enum reference_script imitated = REFERENCE_NO_SCRIPT;
    if (!letters_match(reference, letter, &spelling->text, &hit.through,
                       &imitated))
        return;
    size_t behind_stem = letter + spelling->text.letter_count;
    size_t behind = behind_stem;
    bool numbered =
        !spelling->endings &&
        reference_number_follows(text, behind, spelling->text.letter_count);
    while (!numbered && behind < text->letter_count &&
           !text->letters[behind].begins_word)
        behind++;
    bool ending = behind > behind_stem;
    if (ending && !spelling->endings)
        return;
    hit.form = form_of(hit.through, !ending && spelling->dictionary);
    keep_hit(reference, hit, behind, imitated);
}

/* Forms of an inflected spelling. */
struct inflected {
    struct reference *reference;
    struct reference_hit hit;
    bool dictionary;
};

static void
keep_form(void *context, const struct reference_form *form)
{
    struct inflected *inflected = context;
    struct reference_hit hit = inflected->hit;
    hit.word_end = hit.word + form->words;
    hit.through = form->through;
    hit.form =
        form_of(form->through, form->dictionary && inflected->dictionary);
    keep_hit(inflected->reference, hit, form->behind, form->imitated);
}

static void
try_forms(struct reference *reference, const struct term *term,
          const struct spelling *spelling, size_t word)
{
    struct inflected inflected = {
        .reference = reference,
        .hit = {.term = term, .word = word},
        .dictionary = spelling->dictionary,
    };
    const struct reference_form_search search = {
        .text = &reference->text,
        .endings = morphology_endings(reference->rules->morphology),
        .words = &spelling->words,
        .spelling = &spelling->text,
        .found = keep_form,
        .context = &inflected,
    };
    reference_forms(&search, word);
}

struct spellings {
    struct spelling *items;
    size_t count;
};

/* Of two that are written alike, each adds what it allows. */
static void
add_spelling(struct spellings *spellings, struct span text, bool dictionary,
             bool endings, int grammar)
{
    struct spelling next = {.dictionary = dictionary,
                            .endings = endings,
                            .grammar = grammar > GRAMMAR_PREFIX ? grammar : 0};
    reference_text_read(&next.text, text);
    for (size_t i = 0; i < spellings->count; i++) {
        struct spelling *one = &spellings->items[i];
        if (!same_letters(&one->text, &next.text) || one->grammar ||
            next.grammar)
            continue;
        one->dictionary |= dictionary;
        one->endings |= endings;
        reference_text_done(&next.text);
        return;
    }
    spellings->items = grown(spellings->items, spellings->count, sizeof(next));
    spellings->items[spellings->count++] = next;
}

static void
try_term(struct reference *reference, const struct term *term)
{
    struct spellings spellings = {0};
    struct arena *arena = arena_new();
    bool prefix = term->morphology == GRAMMAR_PREFIX;
    bool grammatical = term->morphology > GRAMMAR_PREFIX;
    add_spelling(&spellings, term->text, true, prefix, term->morphology);
    for (size_t i = 0; i < term->variants.count; i++)
        add_spelling(&spellings, term->variants.items[i], true, prefix,
                     term->morphology);
    for (size_t i = 0; i < term->forms.count; i++)
        add_spelling(&spellings, term->forms.items[i], false, false, 0);
    if (term->stem.at && !grammatical)
        add_spelling(&spellings, term->stem, false, true, 0);
    for (size_t i = 0; i < spellings.count; i++) {
        struct spelling *spelling = &spellings.items[i];
        if (spelling->grammar)
            spelling->words =
                stems_of(arena, reference->rules, spelling->grammar,
                         &spelling->text, i == 0 ? term->stem : SPAN_NONE);
        for (size_t word = 0; word < reference->text.word_count; word++)
            if (spelling->grammar)
                try_forms(reference, term, spelling, word);
            else
                try_at(reference, term, spelling, word);
        reference_text_done(&spelling->text);
    }
    free(spellings.items);
    arena_free(arena);
}

static int
compare_found(const void *left, const void *right)
{
    const struct reference_hit *a = left, *b = right;
    if (a->word != b->word)
        return a->word < b->word ? -1 : 1;
    if (a->term != b->term)
        return a->term < b->term ? -1 : 1;
    if (a->word_end != b->word_end)
        return a->word_end > b->word_end ? -1 : 1;
    int surer = __builtin_popcount(a->through) - __builtin_popcount(b->through);
    if (surer)
        return surer;
    if (a->form != b->form)
        return (int)a->form - (int)b->form;
    return (int)a->through - (int)b->through;
}

/* Of one term, what begins first counts, then what is longest, then what undoes
 * least. */
static void
drop_overlaps(struct reference *reference)
{
    size_t kept = 0;
    if (reference->count == 0)
        return;
    qsort(reference->found, reference->count, sizeof(struct reference_hit),
          compare_found);
    for (size_t i = 0; i < reference->count; i++) {
        bool covered = false;
        for (size_t j = 0; j < kept; j++)
            covered = covered ||
                      (reference->found[j].term == reference->found[i].term &&
                       reference->found[j].word_end > reference->found[i].word);
        if (!covered)
            reference->found[kept++] = reference->found[i];
    }
    reference->count = kept;
}

static void
write_extent(struct buffer *out, const struct extent *extent)
{
    buffer_printf(out, "%zu-%zu %zu-%zu %zu-%zu", extent->code_points[0],
                  extent->code_points[1], extent->utf16[0], extent->utf16[1],
                  extent->bytes[0], extent->bytes[1]);
}

static void
write_match(struct buffer *out, const struct match *match)
{
    buffer_printf(out, "%s %d", match->term ? match->term->id : match->rule->id,
                  match->severity);
    if (match->softened_by)
        buffer_printf(out, "~%s", match->softened_by);
    buffer_printf(out, " %d ", (int)match->field);
    write_extent(out, &match->extent);
    buffer_printf(out, " %s %u", match_form_name(match->form), match->through);
    for (size_t i = 0; i < match->part_count; i++) {
        const struct match_part *part = &match->parts[i];
        buffer_printf(out, " [%s %s ", part->term->id, part->role);
        write_extent(out, &part->extent);
        buffer_printf(out, " %s %u]", match_form_name(part->form),
                      part->through);
    }
}

static int
compare_lines(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

void
reference_write(const struct match_list *list, struct buffer *out)
{
    char **lines = grown(NULL, list->count, sizeof(*lines));
    for (size_t i = 0; i < list->count; i++) {
        struct buffer line = {0};
        write_match(&line, &list->items[i]);
        lines[i] = buffer_take(&line);
    }
    qsort(lines, list->count, sizeof(*lines), compare_lines);
    for (size_t i = 0; i < list->count; i++) {
        buffer_printf(out, "%s\n", lines[i]);
        free(lines[i]);
    }
    free(lines);
}

void
reference_scan(const struct rules *rules, const struct matcher_input *input,
               struct buffer *out)
{
    struct reference_matches matches = {0};
    for (int field = 0; field < FIELD_COUNT; field++) {
        struct reference reference = {
            .rules = rules,
            .input = input,
            .field = (enum match_field)field,
            .matches = &matches,
        };
        reference_text_read(&reference.text, input->fields[field]);
        for (size_t i = 0; i < rules->term_count; i++)
            try_term(&reference, &rules->terms[i]);
        drop_overlaps(&reference);
        reference_rules_apply(&reference);
        reference_text_done(&reference.text);
        free(reference.found);
    }
    struct match_list list = {.items = matches.items, .count = matches.count};
    reference_write(&list, out);
    for (size_t i = 0; i < matches.count; i++)
        free(matches.items[i].parts);
    free(matches.items);
}

bool
reference_knows(struct span bytes)
{
    struct reference_text text;
    bool known = bytes.len == 0 || !memchr(bytes.at, '#', bytes.len);
    reference_text_read(&text, bytes);
    for (size_t i = 0; i < text.character_count; i++)
        known = known && text.characters[i].kind != REFERENCE_UNKNOWN;
    reference_text_done(&text);
    return known;
}

/* Counts of code points and of UTF-16 units before a byte; false in the middle
 * of a code point. */
static bool
place_holds(struct span text, size_t byte, size_t code_points, size_t utf16)
{
    if (byte > text.len ||
        (byte < text.len && ((unsigned char)text.at[byte] & 0xC0) == 0x80))
        return false;
    for (size_t i = 0; i < byte; i++) {
        unsigned char c = (unsigned char)text.at[i];
        code_points -= (c & 0xC0) != 0x80;
        utf16 -= ((c & 0xC0) != 0x80) + (c >= 0xF0);
    }
    return code_points == 0 && utf16 == 0;
}

static bool
slice_holds(struct span text, const struct extent *extent)
{
    if (extent->bytes[0] >= extent->bytes[1])
        return false;
    for (int i = 0; i < 2; i++)
        if (!place_holds(text, extent->bytes[i], extent->code_points[i],
                         extent->utf16[i]))
            return false;
    return true;
}

bool
reference_slices_hold(const struct match_list *list,
                      const struct matcher_input *input)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct match *match = &list->items[i];
        if (!slice_holds(input->fields[match->field], &match->extent))
            return false;
        for (size_t j = 0; j < match->part_count; j++)
            if (!slice_holds(input->fields[match->field],
                             &match->parts[j].extent))
                return false;
    }
    return true;
}
