#include <stdlib.h>

#include "alphabet.h"
#include "matcher_model.h"

enum {
    /* Steps of the walk for a whole text, however it is made. */
    STEPS_LEAST = 20000,
    STEPS_A_BYTE = 24,
    NEAR_BYTES = 200, /* of a form, whose neighbours tell its kind */
};

struct verdict {
    enum candidate_outcome outcome;
    const char *detail;
};

bool
lang_allows(const struct text_list *only, struct span lang)
{
    if (only->count == 0 || lang.len == 0)
        return true;
    /* "ky-KG" is ky. */
    for (size_t i = 0; i < only->count; i++) {
        struct span one = only->items[i];
        if (lang.len >= one.len && memcmp(lang.at, one.at, one.len) == 0 &&
            (lang.len == one.len || lang.at[one.len] == '-' ||
             lang.at[one.len] == '_'))
            return true;
    }
    return false;
}

static struct verdict
judge(struct scan *scan, enum match_field field, const struct found *found,
      size_t from)
{
    const struct term *term = scan->matcher->terms.items[found->spelling].term;
    if (found->outcome == FOUND_GAP)
        return (struct verdict){CANDIDATE_BOUNDARY, NULL};
    if (found->outcome == FOUND_ENDING)
        return (struct verdict){CANDIDATE_ENDING, NULL};
    if (found->refused)
        return (struct verdict){CANDIDATE_DISGUISE_OFF, NULL};
    bool kyrgyz =
        strcmp(term->lang, "ru") != 0 && strcmp(term->lang, "en") != 0;
    if (!plausible(scan->input->fields[field], from, found, kyrgyz))
        return (struct verdict){CANDIDATE_IMPLAUSIBLE, NULL};
    if (!lang_allows(&term->only_lang, scan->input->lang))
        return (struct verdict){CANDIDATE_LANGUAGE, NULL};
    const char *phrase = excepted(scan, field, found, from);
    if (phrase)
        return (struct verdict){CANDIDATE_EXCEPTED, phrase};
    return (struct verdict){term->category == RULES_NONE ? CANDIDATE_HELPER
                                                         : CANDIDATE_COUNTED,
                            NULL};
}

static void
show(struct scan *scan, const struct hit *hit, const struct verdict *verdict)
{
    if (!scan->show)
        return;
    struct candidate candidate = {
        .term = hit->term,
        .field = hit->field,
        .form = hit->form,
        .through = hit->through,
        .outcome = verdict->outcome,
        .detail = verdict->detail,
    };
    extent_of(scan, hit->field, hit->from, hit->to, &candidate.extent);
    scan_show(scan, &candidate);
}

/* The first letter of the reading at or behind a byte. */
static uint32_t
letter_at(const struct reading *reading, size_t byte)
{
    size_t low = 0, high = reading->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (reading->origins[middle] < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

/* What the words around say about a form. */
static unsigned
kinds_of(const struct scan *scan, const struct spelling *spelling,
         struct span text, size_t from, const struct found *found)
{
    size_t first = from > NEAR_BYTES ? from - NEAR_BYTES : 0;
    size_t last =
        text.len - found->to > NEAR_BYTES ? found->to + NEAR_BYTES : text.len;
    while (first < from && ((unsigned char)text.at[first] & 0xC0) == 0x80)
        first++;
    while (last > found->to && last < text.len &&
           ((unsigned char)text.at[last] & 0xC0) == 0x80)
        last--;
    return morphology_kinds_near(
        scan->matcher->rules->morphology, spelling->grammar, found->kinds,
        (struct span){text.at + first, from - first},
        (struct span){text.at + found->to, last - found->to});
}

/* A bracket that is closed within a word is opened there, too. */
static size_t
with_bracket(struct span text, size_t from, const struct found *found)
{
    static const char pairs[][2] = {{'(', ')'}, {'[', ']'}, {'{', '}'}};
    if (from == 0 || !found->undone.brackets)
        return from;
    struct span word = {text.at + from, found->to - from};
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        const char *closed = memchr(word.at, pairs[i][1], word.len);
        if (text.at[from - 1] == pairs[i][0] && closed &&
            !memchr(word.at, pairs[i][0], (size_t)(closed - word.at)))
            return from - 1;
    }
    return from;
}

static void
consider(struct scan *scan, enum match_field field, const struct found *found,
         size_t from)
{
    const struct spelling *spelling =
        &scan->matcher->terms.items[found->spelling];
    struct verdict verdict = judge(scan, field, found, from);
    struct hit hit = {
        .term = spelling->term,
        .field = field,
        .from = (uint32_t)with_bracket(scan->input->fields[field], from, found),
        .to = found->to,
        .form = found->undone.disguises  ? MATCH_DISGUISED
                : found->dictionary_form ? MATCH_EXACT
                                         : MATCH_INFLECTED,
        .through = found->undone.disguises,
        .doubtful = joins_known_word(scan->input->fields[field], from, found),
        .severity = spelling->term->severity,
    };
    show(scan, &hit, &verdict);
    if (verdict.outcome != CANDIDATE_COUNTED &&
        verdict.outcome != CANDIDATE_HELPER)
        return;
    struct hit *hits = scan_grow(scan, scan->hits, scan->hit_count,
                                 &scan->hit_capacity, sizeof(hit));
    if (!hits)
        return;
    const struct reading *reading = &scan->readings[field];
    hit.start = letter_at(reading, from);
    if (reading->letters[hit.start] == LETTER_SEPARATOR)
        hit.start++; /* a sign that stands for a letter */
    hit.end = letter_at(reading, hit.to);
    hit.end = hit.end > hit.start ? hit.end : hit.start + 1;
    hit.kinds =
        kinds_of(scan, spelling, scan->input->fields[field], from, found);
    scan->hits = hits;
    hits[scan->hit_count++] = hit;
}

/* By term and place; of those at one place what is sure, then what is longer,
 * then what undoes less. */
static int
compare_of_term(const void *left, const void *right)
{
    const struct hit *a = left, *b = right;
    if (a->term != b->term)
        return a->term < b->term ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->doubtful != b->doubtful)
        return a->doubtful ? 1 : -1;
    if (a->to != b->to)
        return a->to > b->to ? -1 : 1;
    int surer = __builtin_popcount(a->through) - __builtin_popcount(b->through);
    if (surer)
        return surer;
    if (a->form != b->form)
        return (int)a->form - (int)b->form; /* exact before inflected */
    return (int)a->through - (int)b->through;
}

static int
compare_places(const void *left, const void *right)
{
    const struct hit *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->term > b->term) - (a->term < b->term);
}

/* Two readings of one term may meet in one word: one counts. */
static void
drop_overlaps(struct scan *scan, size_t first)
{
    struct hit *hits = scan->hits;
    qsort(hits + first, scan->hit_count - first, sizeof(*hits),
          compare_of_term);
    size_t kept = first;
    for (size_t i = first; i < scan->hit_count; i++)
        if (kept == first || hits[kept - 1].term != hits[i].term ||
            hits[kept - 1].to <= hits[i].from)
            hits[kept++] = hits[i];
    scan->hit_count = kept;
    qsort(hits + first, kept - first, sizeof(*hits), compare_places);
}

static int
compare_offsets(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* In order, each once. */
static void
sort_places(struct places *places)
{
    bool sorted = true;
    for (size_t i = 1; i < places->count; i++)
        sorted = sorted && places->offsets[i - 1] < places->offsets[i];
    if (sorted)
        return;
    qsort(places->offsets, places->count, sizeof(*places->offsets),
          compare_offsets);
    size_t kept = 1;
    for (size_t i = 1; i < places->count; i++)
        if (places->offsets[i] != places->offsets[kept - 1])
            places->offsets[kept++] = places->offsets[i];
    places->count = kept;
}

static void
walk_text(struct walk *walk, const struct scan *scan,
          const struct spellings *spellings, struct span text)
{
    walk->spellings = spellings;
    walk->endings = morphology_endings(scan->matcher->rules->morphology);
    walk->disguises = scan->show ? ~0u : scan->matcher->disguises;
    walk->loose = scan->show && spellings == &scan->matcher->terms;
    walk_reset(walk, text, STEPS_LEAST + STEPS_A_BYTE * text.len);
}

/* Of what is shown to people: is the same word found as a whole, too? */
static bool
is_found_whole(const struct walk *walk, size_t number)
{
    const struct found *found = &walk->found[number];
    const struct spelling *items = walk->spellings->items;
    for (size_t i = 0; found->outcome && i < walk->found_count; i++)
        if (walk->found[i].outcome == FOUND_WHOLE &&
            walk->found[i].to >= found->to &&
            items[walk->found[i].spelling].term == items[found->spelling].term)
            return true;
    return false;
}

void
verify_field(struct scan *scan, enum match_field field)
{
    const struct matcher *matcher = scan->matcher;
    struct places *places = &scan->places;
    struct span text = scan->input->fields[field];
    size_t first = scan->hit_count;
    sort_places(places);
    walk_text(&scan->walk, scan, &matcher->terms, text);
    walk_text(&scan->phrase_walk, scan, &matcher->phrases, text);
    for (size_t i = 0; i < places->count && !scan->no_memory; i++) {
        walk_from(&scan->walk, places->offsets[i]);
        for (size_t j = 0; j < scan->walk.found_count; j++)
            if (!is_found_whole(&scan->walk, j))
                consider(scan, field, &scan->walk.found[j], places->offsets[i]);
        scan->no_memory = scan->no_memory || scan->walk.no_memory;
    }
    if (scan->hit_count == first)
        return;
    drop_overlaps(scan, first);
    place_words(scan, field, first);
}
