#include "scan_tally.h"

#include <stdlib.h>

bool
scan_tally_init(struct scan_tally *tally, const struct rules *rules)
{
    *tally = (struct scan_tally){.rules = rules};
    tally->terms = calloc(rules->term_count + 1, sizeof(*tally->terms));
    tally->rule_hits = calloc(rules->rule_count + 1, sizeof(*tally->rule_hits));
    if (tally->terms && tally->rule_hits)
        return true;
    scan_tally_done(tally);
    return false;
}

void
scan_tally_done(struct scan_tally *tally)
{
    free(tally->terms);
    free(tally->rule_hits);
    *tally = (struct scan_tally){0};
}

void
scan_tally_count(struct scan_tally *tally, const struct match_list *matches)
{
    for (size_t i = 0; i < matches->count; i++) {
        const struct match *match = &matches->items[i];
        if (match->term)
            tally->terms[match->term - tally->rules->terms]++;
        else
            tally->rule_hits[match->rule - tally->rules->rules]++;
    }
    for (unsigned i = 0; i < COUNT_OF(tally->categories); i++)
        tally->categories[i] += matches->categories >> i & 1;
    if (matches->severity <= RULES_SEVERITY_HIGHEST)
        tally->severities[matches->severity]++;
    tally->matches += matches->count;
}

void
scan_tally_add(struct scan_tally *tally, const struct scan_tally *more)
{
    for (size_t i = 0; i < tally->rules->term_count; i++)
        tally->terms[i] += more->terms[i];
    for (size_t i = 0; i < tally->rules->rule_count; i++)
        tally->rule_hits[i] += more->rule_hits[i];
    for (size_t i = 0; i < COUNT_OF(tally->categories); i++)
        tally->categories[i] += more->categories[i];
    for (size_t i = 0; i < COUNT_OF(tally->severities); i++)
        tally->severities[i] += more->severities[i];
    tally->matches += more->matches;
}

/* --- The table --- */

struct line {
    const char *name;
    uint64_t count;
};

static int
frequent_first(const void *a, const void *b)
{
    const struct line *left = a, *right = b;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return strcmp(left->name, right->name);
}

static void
write_lines(struct buffer *out, const char *what, struct line *lines,
            size_t count)
{
    qsort(lines, count, sizeof(*lines), frequent_first);
    for (size_t i = 0; i < count; i++)
        buffer_printf(out, "%-9s %-32s %12llu\n", what, lines[i].name,
                      (unsigned long long)lines[i].count);
}

static void
write_severities(const struct scan_tally *tally, struct buffer *out)
{
    for (int i = RULES_SEVERITY_HIGHEST; i >= RULES_SEVERITY_LOWEST; i--)
        if (tally->severities[i])
            buffer_printf(out, "%-9s %-32d %12llu\n", "severity", i,
                          (unsigned long long)tally->severities[i]);
}

void
scan_tally_write(const struct scan_tally *tally, struct buffer *out)
{
    const struct rules *rules = tally->rules;
    size_t most = rules->term_count + rules->rule_count + rules->category_count;
    struct line *lines = calloc(most + 1, sizeof(*lines));
    if (!lines) {
        out->failed = true;
        return;
    }
    buffer_printf(out, "%-9s %-32s %12s\n", "", "", "posts");
    write_severities(tally, out);
    size_t count = 0;
    for (size_t i = 0; i < rules->category_count; i++)
        if (i < COUNT_OF(tally->categories) && tally->categories[i])
            lines[count++] =
                (struct line){rules->categories[i].id, tally->categories[i]};
    write_lines(out, "category", lines, count);
    buffer_printf(out, "%-9s %-32s %12s\n", "", "", "matches");
    count = 0;
    for (size_t i = 0; i < rules->term_count; i++)
        if (tally->terms[i])
            lines[count++] = (struct line){rules->terms[i].id, tally->terms[i]};
    for (size_t i = 0; i < rules->rule_count; i++)
        if (tally->rule_hits[i])
            lines[count++] =
                (struct line){rules->rules[i].id, tally->rule_hits[i]};
    write_lines(out, "entry", lines, count);
    free(lines);
}
