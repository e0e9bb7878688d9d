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
    if (explainer->failed ||
        !scanner_view(explainer->scanner, FIELD_TEXT, &explainer->view))
        return error_no_memory(err);
    trim_view(&explainer->view);
    return true;
}
