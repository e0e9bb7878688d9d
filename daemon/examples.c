#include "examples.h"

#include "buffer.h"

struct examples {
    const struct matcher *matcher;
    struct scanner *scanner;
    void (*report)(void *context, const struct example_result *result);
    void *context;
    size_t failed;
    struct buffer got;
};

/* The ids of all that matched; does `entry` match? */
static bool
describe(struct examples *examples, const struct match_list *matches,
         const char *entry)
{
    bool found = false;
    buffer_clear(&examples->got);
    for (size_t i = 0; i < matches->count; i++) {
        const struct match *match = &matches->items[i];
        const char *id = match->term ? match->term->id : match->rule->id;
        found |= entry && span_is(span_of(id), entry);
        if (match->raised_by)
            found |= entry && span_is(span_of(match->raised_by), entry);
        buffer_printf(&examples->got, "%s%s", i ? ", " : "matched by ", id);
    }
    if (matches->count == 0)
        buffer_append_text(&examples->got, "nothing");
    return found;
}

static bool
run_one(struct examples *examples, const struct example *example,
        const char *entry, struct error *err)
{
    const struct matcher_input input = {
        .fields = {[FIELD_TEXT] = example->text}};
    struct match_list matches;
    if (!matcher_scan(examples->matcher, examples->scanner, &input, &matches,
                      err))
        return false;
    bool found = describe(examples, &matches, entry);
    struct example_result result = {.example = example, .entry = entry};
    switch (example->kind) {
    case EXAMPLE_FLAG:
        result.passed = found;
        break;
    case EXAMPLE_PASS:
        result.passed = !found;
        break;
    case EXAMPLE_CLEAN:
        result.passed = matches.count == 0;
        break;
    }
    result.got = buffer_text(&examples->got);
    examples->failed += !result.passed;
    if (examples->report)
        examples->report(examples->context, &result);
    return buffer_ok(&examples->got) || error_no_memory(err);
}

static bool
run_list(struct examples *examples, const struct example *list, size_t count,
         const char *entry, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!run_one(examples, &list[i], entry, err))
            return false;
    return true;
}

static bool
run_all(struct examples *examples, const struct rules *rules, struct error *err)
{
    for (size_t i = 0; i < rules->term_count; i++)
        if (!run_list(examples, rules->terms[i].examples,
                      rules->terms[i].example_count, rules->terms[i].id, err))
            return false;
    for (size_t i = 0; i < rules->rule_count; i++)
        if (!run_list(examples, rules->rules[i].examples,
                      rules->rules[i].example_count, rules->rules[i].id, err))
            return false;
    return run_list(examples, rules->clean, rules->clean_count, NULL, err);
}

bool
examples_run(const struct matcher *matcher,
             void (*report)(void *context, const struct example_result *),
             void *context, size_t *failed, struct error *err)
{
    CLEANUP(scanner_freep) struct scanner *scanner = scanner_new(err);
    if (!scanner)
        return false;
    struct examples examples = {.matcher = matcher,
                                .scanner = scanner,
                                .report = report,
                                .context = context};
    bool ran = run_all(&examples, matcher_rules(matcher), err);
    buffer_done(&examples.got);
    *failed = examples.failed;
    return ran;
}
