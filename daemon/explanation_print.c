#include "explanation.h"

#include "terminal.h"

struct printer {
    const struct explainer *explainer;
    struct buffer *out;
    bool colour;
};

static const char *
style(const struct printer *printer, enum terminal_style style)
{
    return terminal_style(printer->colour, style);
}

static void
append_slice(const struct printer *printer, const struct extent *extent)
{
    struct span slice = {printer->explainer->text.at + extent->bytes[0],
                         extent->bytes[1] - extent->bytes[0]};
    buffer_append_text(printer->out, "\u201C");
    terminal_append_safe(printer->out, slice);
    buffer_append_text(printer->out, "\u201D");
}

static void
append_form(const struct printer *printer, enum match_form form,
            unsigned through)
{
    static const char *const words[] = {
        [MATCH_EXACT] = "as in the dictionary",
        [MATCH_INFLECTED] = "in another form",
        [MATCH_DISGUISED] = "disguised",
    };
    buffer_append_text(printer->out, words[form]);
    const char *separator = ": ";
    for (unsigned bit = 0; bit < DISGUISE_COUNT; bit++) {
        if (!(through & 1u << bit))
            continue;
        buffer_printf(printer->out, "%s%s (%s)", separator,
                      disguise_phrase(bit), disguise_name(bit));
        separator = ", ";
    }
}

static void
print_parts(const struct printer *printer, const struct match *match)
{
    struct buffer *out = printer->out;
    for (size_t i = 0; i < match->part_count; i++) {
        const struct match_part *part = &match->parts[i];
        buffer_append_text(out, "    because ");
        append_slice(printer, &part->extent);
        buffer_printf(out, " is %s", part->term->id);
        if (part->role)
            buffer_printf(out, " (%s)", part->role);
        buffer_append_text(out, ", ");
        append_form(printer, part->form, part->through);
        buffer_append_byte(out, '\n');
    }
}

static void
print_match(const struct printer *printer, const struct match *match)
{
    const struct rules *rules = matcher_rules(printer->explainer->matcher);
    struct buffer *out = printer->out;
    const char *gloss = match->term ? match->term->gloss : match->rule->gloss;
    buffer_printf(out, "  %s%s%s  ", style(printer, STYLE_RED),
                  match->term ? match->term->id : match->rule->id,
                  style(printer, STYLE_RESET));
    append_slice(printer, &match->extent);
    buffer_printf(out, " at characters %zu to %zu\n    %s",
                  match->extent.code_points[0], match->extent.code_points[1],
                  match->term ? "term" : "rule");
    if (match->category != RULES_NONE)
        buffer_printf(out, ", category %s",
                      rules->categories[match->category].id);
    buffer_printf(out, ", severity %d; ", match->severity);
    append_form(printer, match->form, match->through);
    buffer_append_byte(out, '\n');
    if (gloss && *gloss)
        buffer_printf(out, "    %s\n", gloss);
    print_parts(printer, match);
    if (match->softened_by)
        buffer_printf(out, "    lowered to severity %d by %s\n",
                      match->severity, match->softened_by);
    if (match->raised_by)
        buffer_printf(out, "    raised to severity %d by %s\n", match->severity,
                      match->raised_by);
}

static void
print_candidate(const struct printer *printer,
                const struct candidate *candidate)
{
    struct buffer *out = printer->out;
    buffer_printf(out, "  %s%s%s  ", style(printer, STYLE_DIM),
                  candidate->term ? candidate->term->id : candidate->rule->id,
                  style(printer, STYLE_RESET));
    append_slice(printer, &candidate->extent);
    buffer_printf(out, ": %s", candidate_outcome_text(candidate->outcome));
    if (candidate->detail && *candidate->detail) {
        buffer_append_text(out, " (");
        terminal_append_safe(out, span_of(candidate->detail));
        buffer_append_byte(out, ')');
    }
    buffer_append_byte(out, '\n');
}

static void
print_considered(const struct printer *printer)
{
    const struct explainer *explainer = printer->explainer;
    bool any = false;
    for (size_t i = 0; i < explainer->candidate_count; i++) {
        if (explainer->candidates[i].outcome == CANDIDATE_COUNTED)
            continue;
        if (!any)
            buffer_append_text(printer->out, "considered\n");
        any = true;
        print_candidate(printer, &explainer->candidates[i]);
    }
}

void
explanation_print(const struct explainer *explainer, unsigned width,
                  bool colour, struct buffer *out)
{
    const struct printer printer = {explainer, out, colour};
    const struct match_list *matches = &explainer->matches;
    explanation_print_view(explainer, width, colour, out);
    if (matches->count)
        buffer_printf(out, "%sflagged%s   severity %d, %zu match%s\n",
                      style(&printer, STYLE_RED), style(&printer, STYLE_RESET),
                      matches->severity, matches->count,
                      matches->count == 1 ? "" : "es");
    else
        buffer_printf(out, "%snot flagged%s\n", style(&printer, STYLE_GREEN),
                      style(&printer, STYLE_RESET));
    for (size_t i = 0; i < matches->count; i++)
        print_match(&printer, &matches->items[i]);
    print_considered(&printer);
}
