#include "config_compare.h"

static bool
same_text(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

bool
config_same_privacy(const struct config *a, const struct config *b)
{
    return a->author_pseudonyms == b->author_pseudonyms &&
           span_equal(a->author_key, b->author_key) && a->raw == b->raw &&
           a->rejected_keep == b->rejected_keep &&
           same_text(a->state_directory, b->state_directory);
}

static bool
same_variable(const struct variable *a, const struct variable *b)
{
    if (!same_text(a->name, b->name) || a->secret != b->secret ||
        a->list.count != b->list.count || !a->keys != !b->keys)
        return false;
    for (size_t i = 0; i < a->list.count; i++)
        if (!span_equal(a->list.items[i], b->list.items[i]) ||
            (a->keys && !span_equal(a->keys[i], b->keys[i])))
            return false;
    return true;
}

bool
config_same_source(const struct source_config *a, const struct source_config *b)
{
    if (!same_text(a->id, b->id) ||
        !span_equal(connector_digest(a->connector),
                    connector_digest(b->connector)) ||
        a->every_ms != b->every_ms || a->start != b->start ||
        a->start_age_ms != b->start_age_ms || a->http != b->http ||
        a->local != b->local || !same_text(a->renamed_from, b->renamed_from) ||
        !same_text(a->user_agent, b->user_agent) ||
        !same_text(a->proxy, b->proxy) ||
        a->variable_count != b->variable_count)
        return false;
    for (size_t i = 0; i < a->variable_count; i++)
        if (!same_variable(&a->variables[i], &b->variables[i]))
            return false;
    return true;
}
