#include "disguise_explained.h"

#include <stdio.h>

#include "reference_limits.h"

enum { LABELS = KIND_PLAIN | KIND_CALL | KIND_WISH | KIND_REPORT };

bool
disguise_form_says(unsigned kinds, unsigned label)
{
    unsigned positive = kinds & LABELS;
    unsigned negative = kinds >> KIND_NEGATIVE_SHIFT & LABELS;
    if (!positive && !negative)
        positive = KIND_PLAIN;
    return label == FORM_NEGATIVE ? negative != 0 : (positive & label) != 0;
}

struct look {
    const struct reference_written *text;
    struct disguise_wanted *wanted;
};

static bool
look(void *context, const struct reference_reading *reading)
{
    const struct look *look = context;
    struct disguise_wanted *wanted = look->wanted;
    if (reading->through != wanted->through)
        return true;
    bool within = reference_is_within_limits(look->text, reading);
    bool labelled =
        !wanted->label || disguise_form_says(reading->kinds, wanted->label);
    wanted->reached = true;
    wanted->within = wanted->within || within;
    wanted->labelled = wanted->labelled || (within && labelled);
    return !wanted->labelled;
}

static bool
is_opening(uint32_t point)
{
    return point == '(' || point == '[' || point == '{';
}

bool
disguise_is_read(const struct reference_dictionary *dictionary,
                 struct reference_written *text, const struct term *term,
                 size_t first, size_t end, struct disguise_wanted *wanted,
                 struct disguise_tally *tally)
{
    struct look context = {text, wanted};
    struct reference_question question = {
        .dictionary = dictionary,
        .term = term,
        .text = text,
        .first = first,
        .end = end,
        .allowed = wanted->through,
        .found = look,
        .context = &context,
    };
    bool all = reference_read(&question);
    /* A bracket that is closed within the word belongs to it. */
    if (!wanted->labelled && is_opening(text->points[first])) {
        question.first++;
        all = reference_read(&question) && all;
    }
    tally->unknown += !all && !wanted->labelled;
    tally->explained++;
    return (wanted->labelled || !all) &&
           reference_begins_at(text, question.first);
}

static bool
part_is_read(const struct reference_dictionary *dictionary,
             struct reference_written *text, const struct match_part *part,
             unsigned label, struct disguise_tally *tally)
{
    struct disguise_wanted wanted = {.through = part->through, .label = label};
    const size_t *place = part->extent.code_points;
    bool form = (part->form == MATCH_DISGUISED) == (part->through != 0);
    bool read = disguise_is_read(dictionary, text, part->term, place[0],
                                 place[1], &wanted, tally) ||
                (tally->lenient && wanted.reached && !wanted.within);
    if (read && form)
        return true;
    fprintf(stderr, "found %s at %zu-%zu through %#x, which is %s:\n%.*s\n",
            part->term->id, place[0], place[1], part->through,
            !form            ? "no such form"
            : wanted.within  ? "another kind of form"
            : wanted.reached ? "beyond the limits"
                             : "no reading",
            SPAN_ARGS(text->bytes));
    return false;
}

bool
disguise_explains(const struct reference_dictionary *dictionary,
                  struct reference_written *text, const struct match_list *list,
                  bool labels, struct disguise_tally *tally)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct match *match = &list->items[i];
        struct match_part itself = {.term = match->term,
                                    .extent = match->extent,
                                    .form = match->form,
                                    .through = match->through};
        unsigned label =
            labels && match->part_count == 1 ? match->rule->when[0].forms : 0;
        if (match->term && !part_is_read(dictionary, text, &itself, 0, tally))
            return false;
        for (size_t j = 0; j < match->part_count; j++)
            if (!part_is_read(dictionary, text, &match->parts[j], label, tally))
                return false;
    }
    return true;
}
