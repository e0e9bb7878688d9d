#include "reload_changes.h"

#include "config_compare.h"

enum { DIGEST_SHOWN = 19 }; /* sha256: and 12 digits */

void
reload_name_rules(const struct matcher *matcher, struct buffer *out)
{
    const struct rules *rules = matcher_rules(matcher);
    buffer_printf(out, "rules %s%s(%.*s…)", rules->version,
                  *rules->version ? " " : "", DIGEST_SHOWN, rules->digest);
}

static const char *
what_became(const struct config *former, const struct config *next,
            const struct source_config *source)
{
    const struct source_config *before =
        config_source(former, span_of(source->id));
    if (!before)
        return "is new";
    return config_same_source(before, source) &&
                   config_same_privacy(former, next)
               ? NULL
               : "was changed";
}

void
reload_changes(const struct config *former, const struct config *next,
               const struct matcher *former_rules,
               const struct matcher *next_rules, struct buffer *out)
{
    for (size_t i = 0; i < next->source_count; i++) {
        const char *what = what_became(former, next, &next->sources[i]);
        if (what)
            buffer_printf(out, "source %s %s\n", next->sources[i].id, what);
    }
    for (size_t i = 0; i < former->source_count; i++)
        if (!config_source(next, span_of(former->sources[i].id)))
            buffer_printf(out, "source %s is gone\n", former->sources[i].id);
    if (strcmp(matcher_rules(former_rules)->digest,
               matcher_rules(next_rules)->digest) != 0) {
        reload_name_rules(next_rules, out);
        buffer_append_text(out, " instead of ");
        reload_name_rules(former_rules, out);
        buffer_append_text(out, "\n");
    }
}
