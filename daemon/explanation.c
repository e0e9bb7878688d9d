#include "explanation.h"

#include "utf8.h"

static void
keep(void *context, const struct candidate *candidate)
{
    struct explainer *explainer = context;
    struct candidate *items = arena_grow(
        explainer->arena, explainer->candidates, explainer->candidate_count,
        &explainer->candidate_capacity, sizeof(*items));
    if (!items) {
        explainer->failed = true;
        return;
    }
    explainer->candidates = items;
    struct candidate *kept = &items[explainer->candidate_count++];
    *kept = *candidate;
    if (!candidate->detail)
        return;
    kept->detail = arena_copy(explainer->arena, span_of(candidate->detail));
    explainer->failed |= !kept->detail;
}

bool
explainer_init(struct explainer *explainer, const struct matcher *matcher,
               struct error *err)
{
    *explainer = (struct explainer){.matcher = matcher};
    explainer->arena = arena_new();
    explainer->scanner = scanner_new(err);
    if (!explainer->arena || !explainer->scanner) {
        explainer_done(explainer);
        return error_no_memory(err);
    }
    scanner_trace(explainer->scanner, keep, explainer);
    return true;
}

void
explainer_done(struct explainer *explainer)
{
    scanner_free(explainer->scanner);
    arena_free(explainer->arena);
    *explainer = (struct explainer){0};
}

static bool
take_text(struct explainer *explainer, struct span text, struct error *err)
{
    CLEANUP(buffer_done) struct buffer repaired = {0};
    explainer->repaired = utf8_repair(&repaired, text);
    explainer->text = (struct span){
        arena_copy(explainer->arena, buffer_span(&repaired)), repaired.len};
    return (explainer->text.at && buffer_ok(&repaired)) || error_no_memory(err);
}

/* How near a candidate came to counting: the walk tries many ways to read one
 * word, and a person wants the best of them. */
static int
nearness(const struct candidate *candidate)
{
    static const int order[] = {
        [CANDIDATE_COUNTED] = 9,     [CANDIDATE_HELPER] = 9,
        [CANDIDATE_EXCEPTED] = 8,    [CANDIDATE_SOFTENED] = 7,
        [CANDIDATE_LANGUAGE] = 6,    [CANDIDATE_DISGUISE_OFF] = 5,
        [CANDIDATE_IMPLAUSIBLE] = 4, [CANDIDATE_BOUNDARY] = 3,
        [CANDIDATE_ENDING] = 2,      [CANDIDATE_INCOMPLETE] = 1,
    };
    return order[candidate->outcome];
}

/* A guess at masked or divided letters that has no ending of the term, either,
 * says nothing. */
static bool
is_idle_guess(const struct candidate *candidate)
{
    return candidate->outcome == CANDIDATE_ENDING &&
           (candidate->through & (DISGUISE_MASK | DISGUISE_SPACING));
}

static bool
outdoes(const struct candidate *a, const struct candidate *b)
{
    if (a == b || !a->term || a->term != b->term || a->field != b->field ||
        a->extent.bytes[1] <= b->extent.bytes[0] ||
        b->extent.bytes[1] <= a->extent.bytes[0])
        return false;
    if (nearness(a) != nearness(b))
        return nearness(a) > nearness(b);
    size_t len = a->extent.bytes[1] - a->extent.bytes[0];
    size_t other = b->extent.bytes[1] - b->extent.bytes[0];
    return len != other ? len > other : a < b;
}

/* Of the ways to read one word as one term only the best is kept. */
static void
keep_the_best(struct explainer *explainer)
{
    struct candidate *items = explainer->candidates;
    size_t count = explainer->candidate_count, kept = 0;
    bool *drop = arena_alloc(explainer->arena, count + 1);
    if (!drop) {
        explainer->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        drop[i] = is_idle_guess(&items[i]);
        for (size_t j = 0; j < count && !drop[i]; j++)
            drop[i] = outdoes(&items[j], &items[i]);
    }
    for (size_t i = 0; i < count; i++)
        if (!drop[i])
            items[kept++] = items[i];
    explainer->candidate_count = kept;
}

/* A reading begins and ends with a separator, which nobody wrote. */
static void
trim_view(struct normal_view *view)
{
    if (view->count && view->letters.at[0] == ' ') {
        view->letters = span_from(view->letters, 1);
        view->origins++;
        view->count--;
    }
    if (view->count && view->letters.at[view->letters.len - 1] == ' ') {
        view->letters.len--;
        view->count--;
    }
}

bool
explainer_explain(struct explainer *explainer, struct span text,
                  struct span lang, struct error *err)
{
    arena_clear(explainer->arena);
    explainer->candidates = NULL;
    explainer->candidate_count = explainer->candidate_capacity = 0;
    explainer->failed = false;
    if (!take_text(explainer, text, err))
        return false;
    const struct matcher_input input = {
        .fields = {[FIELD_TEXT] = explainer->text}, .lang = lang};
    if (!matcher_scan(explainer->matcher, explainer->scanner, &input,
                      &explainer->matches, err))
        return false;
    if (!explainer->failed)
        keep_the_best(explainer);
    if (explainer->failed ||
        !scanner_view(explainer->scanner, FIELD_TEXT, &explainer->view))
        return error_no_memory(err);
    trim_view(&explainer->view);
    return true;
}
