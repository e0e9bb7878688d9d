/*
 * matcher.h - which terms and rules a text holds, where, and under what
 * disguise.
 *
 * The path of a text: normalise (normalise.h) folds it to one byte a letter,
 * Hyperscan finds where stems may begin in that, a walk (walk.h) reads the
 * original letters from there in all ways that a disguise allows, the verifier
 * decides, the rules join what is left (design, section 8).
 *
 * Threads: a matcher never changes and is shared; a scanner belongs to one
 * thread and serves any number of matchers, one after the other.
 * Ownership: a matcher is reference counted and holds its rules. Matches live
 * in the scanner until its next use.
 * Offsets are half open, [start, end).
 */
#ifndef KAROOL_MATCHER_H
#define KAROOL_MATCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "rules.h"
#include "span.h"

enum match_form { MATCH_EXACT, MATCH_INFLECTED, MATCH_DISGUISED };
/* "exact", "inflected", "disguised" */
const char *match_form_name(enum match_form form);

enum match_field { FIELD_TEXT, FIELD_TITLE };
#define FIELD_COUNT 2

/* A slice of a field in three units. */
struct extent {
    size_t code_points[2], utf16[2], bytes[2];
};

/* One word (or several, of a multiword term) that fills a part. */
struct match_part {
    const struct term *term;
    const char *role; /* by which name the rule took it; NULL for a term */
    struct extent extent;
    enum match_form form;
    unsigned through; /* enum disguise: what was undone */
};

struct match {
    const struct term *term; /* one of the two is set */
    const struct rule *rule;
    int category;
    int severity;
    const char *softened_by; /* name of the `unless` selector, or NULL */
    const char *raised_by;   /* id of the rule that lifted it, or NULL */
    enum match_field field;
    struct extent extent;     /* from the first part to the last */
    enum match_form form;     /* the strongest of its parts */
    unsigned through;         /* of all parts */
    struct match_part *parts; /* of a rule; none for a term */
    size_t part_count;
};

/* The gravest first; then by field, place, id. */
struct match_list {
    const struct match *items;
    size_t count;
    int severity;        /* the highest; 0 without a match */
    uint64_t categories; /* bits of rules.categories */
};

/* What `explain` shows: each candidate, and why it counted or not. */
enum candidate_outcome {
    CANDIDATE_COUNTED,
    CANDIDATE_HELPER,       /* counted, but has no category: rules only */
    CANDIDATE_BOUNDARY,     /* inside another word */
    CANDIDATE_ENDING,       /* a stem with an ending that is no form of it */
    CANDIDATE_EXCEPTED,     /* inside one of its exceptions (`detail`) */
    CANDIDATE_DISGUISE_OFF, /* needs a disguise the term does not allow */
    CANDIDATE_IMPLAUSIBLE,  /* a disguise that is likelier ordinary text */
    CANDIDATE_LANGUAGE,     /* only_lang excludes the post's language */
    CANDIDATE_SOFTENED,     /* a rule held, an `unless` took it away */
    CANDIDATE_INCOMPLETE,   /* a rule found some of its parts (`detail`) */
};
/* A phrase for people: "inside another word". */
const char *candidate_outcome_text(enum candidate_outcome outcome);

struct candidate {
    const struct term *term; /* one of the two is set */
    const struct rule *rule;
    enum match_field field;
    struct extent extent;
    enum match_form form;
    unsigned through;
    enum candidate_outcome outcome;
    const char *detail; /* or NULL; valid during the call */
};

struct matcher;
struct scanner;

/* Compiles; warnings and errors that only compiling shows go to diagnostics. */
MUST_USE struct matcher *matcher_new(struct rules *rules,
                                     struct diagnostics *diagnostics,
                                     struct error *err);
struct matcher *matcher_ref(struct matcher *matcher);
void matcher_unref(struct matcher *matcher);
void matcher_unrefp(struct matcher **matcher);
const struct rules *matcher_rules(const struct matcher *matcher);
size_t matcher_size_bytes(const struct matcher *matcher);
/* Were its patterns compiled by an earlier start (database_cache.h)? */
bool matcher_from_cache(const struct matcher *matcher);

MUST_USE struct scanner *scanner_new(struct error *err);
void scanner_free(struct scanner *scanner);
void scanner_freep(struct scanner **scanner);
/* Every candidate of the scans that follow is shown; NULL ends it. */
void scanner_trace(struct scanner *scanner,
                   void (*show)(void *context, const struct candidate *),
                   void *context);

struct matcher_input {
    struct span fields[FIELD_COUNT]; /* valid UTF-8; absent is fine */
    struct span lang;                /* absent: unknown */
};

/* false: ERROR_RECORD (the text cannot be scanned) or ERROR_RETRY. */
MUST_USE bool matcher_scan(const struct matcher *matcher,
                           struct scanner *scanner,
                           const struct matcher_input *input,
                           struct match_list *out, struct error *err);
/* A hash of the last scan's normalised text, hex: the same for copies of one
 * text. */
void scanner_fingerprint(const struct scanner *scanner, char out[33]);
/* The last scan's normalised text of a field, readable again, for `explain`:
 * UTF-8 with one letter a byte of it, and for each letter the byte offset in
 * the original. */
struct normal_view {
    struct span letters;
    const uint32_t *origins;
    size_t count;
};
MUST_USE bool scanner_view(struct scanner *scanner, enum match_field field,
                           struct normal_view *out);

#endif
