#include <stdlib.h>

#include "alphabet.h"
#include "matcher_model.h"

struct verdict {
    enum candidate_outcome outcome;
    uint32_t end; /* letters: behind the word's ending */
    struct through through;
    bool ending; /* letters follow the spelling */
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

/* Are the classes of a phrase there, and where those say nothing the letters?
 */
static bool
phrase_is_at(struct span text, const struct reading *reading, uint32_t start,
             const struct phrase *phrase)
{
    if (memcmp(reading->letters + start, phrase->folded, phrase->len) != 0)
        return false;
    for (uint32_t i = 0; i < phrase->len; i++)
        if (phrase->folded[i] == LETTER_OTHER &&
            written_letter_at(text, reading->origins[start + i]).code_point !=
                phrase->letters[i])
            return false;
    return true;
}

/* Does one of the term's phrases cover [start, end)? */
static const char *
excepted(const struct scan *scan, enum match_field field,
         const struct spelling *spelling, uint32_t start, uint32_t end)
{
    const struct reading *reading = &scan->readings[field];
    struct span text = scan->input->fields[field];
    const struct term_index *index =
        &scan->matcher->terms[spelling->term - scan->matcher->rules->terms];
    bool inflects = spelling->any_ending;
    for (size_t i = 0; i < index->phrase_count; i++) {
        const struct phrase *phrase = &index->phrases[i];
        /* Each place of the spelling inside the phrase is a way to lie. */
        for (size_t at = 0; at + spelling->len <= phrase->len; at++) {
            if (memcmp(phrase->folded + at, spelling->folded, spelling->len))
                continue;
            if (start < at + 1 || start - at + phrase->len > reading->count)
                continue;
            uint32_t there = start - (uint32_t)at;
            if (reading->letters[there - 1] != LETTER_SEPARATOR ||
                !phrase_is_at(text, reading, there, phrase))
                continue;
            bool longer = at + phrase->len > spelling->len;
            uint32_t phrase_end = (uint32_t)(start - at + phrase->len);
            bool word_ends = reading->letters[phrase_end] == LETTER_SEPARATOR;
            if (word_ends || (inflects && (longer || phrase_end >= end)))
                return phrase->text;
        }
    }
    return NULL;
}

static struct verdict
judge(const struct scan *scan, enum match_field field,
      const struct spelling *spelling, uint32_t start)
{
    const struct reading *reading = &scan->readings[field];
    struct span text = scan->input->fields[field];
    const struct term *term = spelling->term;
    struct verdict verdict = {.end = start + (uint32_t)spelling->len};

    while (reading->letters[verdict.end] != LETTER_SEPARATOR)
        verdict.end++;
    verdict.ending = verdict.end != start + spelling->len;
    if (!through_between(text, reading, start, spelling, &verdict.through)) {
        verdict.outcome =
            CANDIDATE_INCOMPLETE; /* other letters: no candidate */
        return verdict;
    }
    if (verdict.ending) {
        size_t last = reading->origins[verdict.end - 1];
        verdict.through.end = written_letter_at(text, last).end;
    }
    unsigned disguises = verdict.through.disguises;
    size_t from = reading->origins[start];
    if (verdict.through.gap_refused)
        verdict.outcome = CANDIDATE_BOUNDARY;
    else if (verdict.ending && !spelling->any_ending)
        verdict.outcome = CANDIDATE_ENDING;
    else if (disguises & ~term->disguises)
        verdict.outcome = CANDIDATE_DISGUISE_OFF;
    else if (!plausible(text, from, verdict.through.end, disguises))
        verdict.outcome = CANDIDATE_IMPLAUSIBLE;
    else if (!lang_allows(&term->only_lang, scan->input->lang))
        verdict.outcome = CANDIDATE_LANGUAGE;
    else if ((verdict.detail =
                  excepted(scan, field, spelling, start, verdict.end)) != NULL)
        verdict.outcome = CANDIDATE_EXCEPTED;
    else
        verdict.outcome =
            term->category == RULES_NONE ? CANDIDATE_HELPER : CANDIDATE_COUNTED;
    return verdict;
}

static void
show(struct scan *scan, enum match_field field, const struct hit *hit,
     const struct verdict *verdict)
{
    if (!scan->show)
        return;
    struct candidate candidate = {
        .term = hit->term,
        .field = field,
        .form = hit->form,
        .through = hit->through,
        .outcome = verdict->outcome,
        .detail = verdict->detail,
    };
    extent_of(scan, field, hit->from, hit->to, &candidate.extent);
    scan_show(scan, &candidate);
}

static void
consider(struct scan *scan, enum match_field field,
         const struct spelling *spelling, uint32_t start)
{
    struct verdict verdict = judge(scan, field, spelling, start);
    if (verdict.outcome == CANDIDATE_INCOMPLETE)
        return;
    bool inflected = verdict.ending || !spelling->dictionary_form;
    struct hit hit = {
        .term = spelling->term,
        .field = field,
        .start = start,
        .end = verdict.end,
        .from = scan->readings[field].origins[start],
        .to = (uint32_t)verdict.through.end,
        .form = verdict.through.disguises ? MATCH_DISGUISED
                : inflected               ? MATCH_INFLECTED
                                          : MATCH_EXACT,
        .through = verdict.through.disguises,
        .severity = spelling->term->severity,
    };
    show(scan, field, &hit, &verdict);
    if (verdict.outcome != CANDIDATE_COUNTED &&
        verdict.outcome != CANDIDATE_HELPER)
        return;
    struct hit *hits = scan_grow(scan, scan->hits, scan->hit_count,
                                 &scan->hit_capacity, sizeof(hit));
    if (!hits)
        return;
    scan->hits = hits;
    hits[scan->hit_count++] = hit;
}

/* By term and place; of those at one place the longest first. */
static int
compare_of_term(const void *left, const void *right)
{
    const struct hit *a = left, *b = right;
    if (a->term != b->term)
        return a->term < b->term ? -1 : 1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    if (a->end != b->end)
        return a->end > b->end ? -1 : 1;
    if (a->form != b->form)
        return (int)a->form - (int)b->form; /* exact before disguised */
    return (int)a->through - (int)b->through;
}

static int
compare_places(const void *left, const void *right)
{
    const struct hit *a = left, *b = right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return (a->term > b->term) - (a->term < b->term);
}

/* Two spellings of one term may meet in one word: the longest counts. */
static void
drop_overlaps(struct scan *scan, size_t first)
{
    struct hit *hits = scan->hits;
    qsort(hits + first, scan->hit_count - first, sizeof(*hits),
          compare_of_term);
    size_t kept = first;
    for (size_t i = first; i < scan->hit_count; i++)
        if (kept == first || hits[kept - 1].term != hits[i].term ||
            hits[kept - 1].end <= hits[i].start)
            hits[kept++] = hits[i];
    scan->hit_count = kept;
    qsort(hits + first, kept - first, sizeof(*hits), compare_places);
}

void
verify_field(struct scan *scan, enum match_field field)
{
    const struct matcher *matcher = scan->matcher;
    size_t first = scan->hit_count;
    for (size_t i = 0; i < scan->raw_count && !scan->no_memory; i++) {
        const struct pattern *pattern =
            &matcher->patterns[scan->raw[i].pattern];
        uint32_t start = scan->raw[i].end - (uint32_t)pattern->len;
        for (uint32_t j = 0; j < pattern->count; j++)
            consider(scan, field, &matcher->spellings[pattern->first + j],
                     start);
    }
    if (scan->hit_count == first)
        return;
    drop_overlaps(scan, first);
    place_words(scan, field, first);
}
