/*
 * Whatever a linguist saves: it is refused with at least one error that has
 * a place and words, or becomes a dictionary in which every reference holds,
 * that reads the same twice and compiles.
 *
 * The first byte tells a spreadsheet from YAML.
 */
#include <stdint.h>
#include <stdlib.h>

#include "matcher.h"
#include "utf8.h"

enum { CATEGORIES = 2, COMPILED_MOST = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool truth)
{
    if (!truth)
        abort();
}

static struct rules *
load(struct span text, bool tsv, struct diagnostics *diagnostics)
{
    const struct rules_text texts[] = {
        {"categories.yaml", span_of("karool: categories/1\ncategories:\n"
                                    "  - {id: flowers}\n  - {id: gifts}\n")},
        {tsv ? "a.tsv" : "a.yaml", text}};
    return rules_load_texts(texts, 2, diagnostics);
}

static void
check_terms(const struct rules *rules)
{
    for (size_t i = 0; i < rules->term_count; i++) {
        const struct term *term = &rules->terms[i];
        require(term->id && term->id[0] && term->text.len);
        require(utf8_clean(span_of(term->id)) && utf8_clean(term->text));
        require(term->category >= RULES_NONE && term->category < CATEGORIES);
        require((term->category == RULES_NONE) == (term->severity == 0));
        require(term->severity <= RULES_SEVERITY_HIGHEST);
        require(term->category != RULES_NONE || term->roles);
    }
}

static void
check_rules(const struct rules *rules)
{
    for (size_t i = 0; i < rules->rule_count; i++) {
        const struct rule *rule = &rules->rules[i];
        require(rule->id && rule->when_count > 0 && rule->when_count <= 8);
        require(!rule->raise == (rule->category != RULES_NONE));
        require(rule->when_count == 1 || rule->within > 0);
        for (size_t j = 0; j < rule->when_count; j++)
            require(rule->when[j].mask || rule->when[j].id);
        for (size_t j = 0; j < rule->unless_count; j++)
            require(rule->unless[j].part < (int)rule->when_count);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool tsv = size && data[0] == 't';
    struct span text = {(const char *)data, size};
    if (size)
        text = span_from(text, tsv ? 1 : 0);
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(diagnostics_freep) struct diagnostics *again = diagnostics_new();
    require(diagnostics && again);
    CLEANUP(rules_unrefp) struct rules *rules = load(text, tsv, diagnostics);
    require(!rules == (diagnostics_errors(diagnostics) > 0));
    CLEANUP(buffer_done) struct buffer report = {0};
    diagnostics_write(diagnostics, &report, false);
    require(buffer_ok(&report) && utf8_clean(buffer_span(&report)));
    if (!rules)
        return 0;
    check_terms(rules);
    check_rules(rules);
    CLEANUP(rules_unrefp) struct rules *same = load(text, tsv, again);
    require(same && strcmp(same->digest, rules->digest) == 0);
    if (size > COMPILED_MOST)
        return 0;
    struct error err = {0};
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = matcher_new(rules, diagnostics, &err);
    require(matcher || (err.kind == ERROR_CONFIG && err.message[0]));
    return 0;
}
