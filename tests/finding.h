/*
 * finding.h - a dictionary in a string, and what it finds in a text, as a line:
 * id/severity/form[slice], with "~name" when softened, the gravest first.
 */
#ifndef KAROOL_TESTS_FINDING_H
#define KAROOL_TESTS_FINDING_H

#include <stdio.h>

#include <cmocka.h>

#include "buffer.h"
#include "matcher.h"

struct finding {
    struct matcher *matcher;
    struct scanner *scanner;
};

/* Terms and rules of a file; the categories are fruit and tree. */
static inline bool
finding_new(struct finding *finding, const char *dictionary)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    buffer_printf(&text, "karool: rules/1\n%s", dictionary);
    const struct rules_text texts[] = {
        {"categories.yaml", span_of("karool: categories/1\ncategories:\n"
                                    "  - {id: fruit}\n  - {id: tree}\n")},
        {"a.yaml", buffer_span(&text)}};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(rules_unrefp)
    struct rules *rules = rules_load_texts(texts, 2, diagnostics);
    struct error err = {0};
    finding->matcher = rules ? matcher_new(rules, diagnostics, &err) : NULL;
    finding->scanner = scanner_new(&err);
    CLEANUP(buffer_done) struct buffer report = {0};
    diagnostics_write(diagnostics, &report, false);
    if (!finding->matcher || !finding->scanner)
        fprintf(stderr, "%s%s\n", buffer_text(&report), err.message);
    return finding->matcher && finding->scanner;
}

static inline void
finding_done(struct finding *finding)
{
    matcher_unref(finding->matcher);
    scanner_free(finding->scanner);
    *finding = (struct finding){0};
}

static inline void
finds_in(const struct finding *finding, const char *text, const char *lang,
         const char *expected)
{
    struct matcher_input input = {.fields = {span_of(text)},
                                  .lang = span_of(lang)};
    struct match_list list;
    struct error err = {0};
    if (!matcher_scan(finding->matcher, finding->scanner, &input, &list, &err))
        fail_msg("%s", err.message);
    CLEANUP(buffer_done) struct buffer out = {0};
    for (size_t i = 0; i < list.count; i++) {
        const struct match *match = &list.items[i];
        const size_t *bytes = match->extent.bytes;
        buffer_printf(&out, "%s%s/%d/%s%s%s[%.*s]", i ? " " : "",
                      match->term ? match->term->id : match->rule->id,
                      match->severity, match_form_name(match->form),
                      match->softened_by ? "~" : "",
                      match->softened_by ? match->softened_by : "",
                      (int)(bytes[1] - bytes[0]), text + bytes[0]);
    }
    if (strcmp(buffer_text(&out), expected) != 0)
        fail_msg("%s\n  found: %s\nexpected: %s", text, buffer_text(&out),
                 expected);
}

static inline void
finds(const struct finding *finding, const char *text, const char *expected)
{
    finds_in(finding, text, "", expected);
}

#endif
