#include "form_list.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "utf8.h"

#define FAR UINT32_MAX

/* One group while its shortest forms are looked for. */
struct search {
    const struct endings *endings;
    unsigned bit;
    uint32_t *distance; /* letters from a state to the next end */
    struct span before;
    size_t wanted;
    struct arena *arena;
    struct form_group *group;
    struct buffer text;
    bool failed;
};

static void
search_done(struct search *search)
{
    free(search->distance);
    buffer_done(&search->text);
}

const char *
form_kind_name(unsigned kind)
{
    switch (kind) {
    case KIND_CALL:
        return "call";
    case KIND_WISH:
        return "wish";
    case KIND_REPORT:
        return "report";
    case KIND_BARE:
        return "bare";
    default:
        return "plain";
    }
}

const uint32_t *
form_letters(struct arena *arena, struct span text, size_t *len)
{
    uint32_t *letters = arena_alloc(arena, (text.len + 1) * sizeof(*letters));
    *len = 0;
    for (size_t offset = 0; letters && offset < text.len;) {
        bool valid;
        letters[(*len)++] = utf8_fold(utf8_next(text, &offset, &valid));
    }
    return letters;
}

static unsigned
bit_of(const struct form_group *group)
{
    return group->negative ? group->kind << KIND_NEGATIVE_SHIFT : group->kind;
}

/* How far the nearest end of the group's kind is, from every state. */
static bool
measure(struct search *search)
{
    const struct endings *endings = search->endings;
    search->distance =
        malloc((endings->state_count + 1) * sizeof(*search->distance));
    if (!search->distance)
        return false;
    for (size_t i = 0; i < endings->state_count; i++)
        search->distance[i] = endings->states[i].kinds & search->bit ? 0 : FAR;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = endings->state_count; i-- > 0;)
            for (size_t j = 0; j < endings->states[i].count; j++) {
                uint32_t to = endings->edges[endings->states[i].first + j].to;
                if (search->distance[to] == FAR ||
                    search->distance[to] + 1 >= search->distance[i])
                    continue;
                search->distance[i] = search->distance[to] + 1;
                changed = true;
            }
    }
    return true;
}

static void
keep(struct search *search)
{
    struct form_group *group = search->group;
    const char *text = buffer_text(&search->text);
    for (size_t i = 0; i < group->shortest_count; i++)
        if (strcmp(group->shortest[i], text) == 0)
            return;
    char *copy = arena_copy(search->arena, buffer_span(&search->text));
    search->failed = search->failed || !copy || !buffer_ok(&search->text);
    if (!search->failed)
        group->shortest[group->shortest_count++] = copy;
}

/* Keeps the forms that end exactly `left` letters from here. */
static void
look(struct search *search, uint32_t number, size_t left)
{
    const struct ending_state *state = &search->endings->states[number];
    if (search->failed || search->group->shortest_count == search->wanted ||
        search->distance[number] > left)
        return;
    if (left == 0) {
        keep(search);
        return;
    }
    size_t len = search->text.len;
    for (size_t i = 0; i < state->count; i++) {
        struct letter_edge edge = search->endings->edges[state->first + i];
        utf8_append(&search->text,
                    edge.letter == MORPHOLOGY_GLUE ? ' ' : edge.letter);
        look(search, edge.to, left - 1);
        search->text.len = len;
        if (search->text.bytes)
            search->text.bytes[len] = '\0';
    }
}

static void
look_from(struct search *search, const struct stem *stem, size_t len)
{
    if (stem->len > len)
        return;
    buffer_clear(&search->text);
    buffer_append_span(&search->text, search->before);
    for (size_t i = 0; i < stem->len; i++)
        utf8_append(&search->text, stem->letters[i]);
    look(search, stem->state, len - stem->len);
}

/* The shortest forms of a group: those of one length after those of another. */
static bool
find_shortest(const struct endings *endings, const struct stem_word *word,
              struct span before, size_t wanted, struct arena *arena,
              struct form_group *group)
{
    CLEANUP(search_done)
    struct search search = {
        .endings = endings,
        .bit = bit_of(group),
        .before = before,
        .wanted = wanted,
        .arena = arena,
        .group = group,
    };
    group->shortest = arena_alloc(arena, (wanted + 1) * sizeof(char *));
    if (!group->shortest || !measure(&search))
        return false;
    size_t longest = 0;
    for (size_t i = 0; i < word->count; i++)
        if (word->stems[i].len > longest)
            longest = word->stems[i].len;
    for (size_t len = 0; len <= longest + FORM_LONGEST && !search.failed; len++)
        for (size_t i = 0; i < word->count; i++)
            look_from(&search, &word->stems[i], len);
    return !search.failed;
}

static void
add_counts(const struct endings *endings, const double *weights,
           struct form_list *list)
{
    for (size_t i = 0; i < endings->state_count; i++) {
        const struct ending_state *state = &endings->states[i];
        if (weights[i] == 0 || !state->kinds)
            continue;
        list->count += weights[i];
        list->any_letter = list->any_letter || state->any_letter;
        for (size_t j = 0; j < FORM_GROUPS; j++)
            if (state->kinds & bit_of(&list->groups[j]))
                list->groups[j].count += weights[i];
    }
}

/* How many texts lead to each state, letter by letter. */
static bool
count_forms(const struct endings *endings, const struct stem_word *word,
            struct form_list *list)
{
    size_t size = (endings->state_count + 1) * sizeof(double);
    double *weights = calloc(1, size), *next = malloc(size);
    bool ok = weights && next;
    for (size_t i = 0; ok && i < word->count; i++)
        weights[word->stems[i].state] += 1;
    for (int step = 0; ok && step <= FORM_LONGEST; step++) {
        add_counts(endings, weights, list);
        memset(next, 0, size);
        for (size_t i = 0; i < endings->state_count; i++)
            for (size_t j = 0; weights[i] > 0 && j < endings->states[i].count;
                 j++)
                next[endings->edges[endings->states[i].first + j].to] +=
                    weights[i];
        double *swapped = weights;
        weights = next;
        next = swapped;
    }
    free(weights);
    free(next);
    return ok;
}

bool
form_list_make(const struct morphology *morphology,
               const struct stem_word *word, struct span before,
               size_t per_group, struct arena *arena, struct form_list *out)
{
    static const unsigned kinds[] = {KIND_CALL, KIND_WISH, KIND_REPORT,
                                     KIND_PLAIN};
    const struct endings *endings = morphology_endings(morphology);
    *out = (struct form_list){0};
    for (size_t i = 0; i < FORM_GROUPS - 1; i++) {
        out->groups[i].kind = kinds[i / 2];
        out->groups[i].negative = i % 2 == 1;
    }
    out->groups[FORM_GROUPS - 1].kind = KIND_BARE;
    if (!count_forms(endings, word, out))
        return false;
    for (size_t i = 0; i < FORM_GROUPS; i++)
        if (out->groups[i].count > 0 &&
            !find_shortest(endings, word, before, per_group, arena,
                           &out->groups[i]))
            return false;
    return true;
}
