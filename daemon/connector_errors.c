#include "connector_loader.h"

static void
read_statuses(struct connector_loader *loader, const struct yaml_node *node,
              struct error_rule *rule)
{
    rule->statuses = loader_alloc(loader, (node->count + 1) * sizeof(unsigned));
    for (const struct yaml_node *item = loader_first(node);
         rule->statuses && item; item = loader_next(node, item))
        rule->statuses[rule->status_count++] = loader_number(loader, item);
}

void
loader_errors(struct connector_loader *loader, const struct yaml_node *list)
{
    static const char *const keys[] = {"status", "when",   "do", "wait",
                                       "say",    "say_at", NULL};
    static const char *const actions[] = {"retry",       "throttle",     "stop",
                                          "nothing_new", "reset_cursor", NULL};
    struct connector *connector = loader->connector;
    if (list->kind != YAML_NODE_LIST) {
        diagnostics_error(loader->diagnostics, list->place,
                          "'errors' is a list");
        return;
    }
    connector->errors =
        loader_alloc(loader, (list->count + 1) * sizeof(struct error_rule));
    for (const struct yaml_node *item = list->first; connector->errors && item;
         item = item->next) {
        if (!loader_map(loader, item, keys))
            continue;
        struct error_rule *rule = &connector->errors[connector->error_count++];
        const struct yaml_node *node;
        *rule = (struct error_rule){.action = ACTION_RETRY};
        if ((node = yaml_get(item, "status")))
            read_statuses(loader, node, rule);
        if ((node = yaml_get(item, "when"))) {
            loader_predicate(loader, node, &rule->when);
            rule->has_when = true;
        }
        if (!rule->has_when && rule->status_count == 0)
            diagnostics_error(loader->diagnostics, item->place,
                              "an error rule needs 'status' or 'when'");
        if ((node = yaml_get(item, "do")))
            rule->action =
                (enum error_action)loader_choice(loader, node, actions);
        else
            diagnostics_error(loader->diagnostics, item->place,
                              "an error rule needs 'do'");
        if ((node = yaml_get(item, "wait")))
            rule->wait_ms = loader_duration(loader, node);
        if ((node = yaml_get(item, "say")))
            rule->say = loader_copy(loader, loader_text(loader, node));
        if ((node = yaml_get(item, "say_at")))
            rule->say_at = loader_pointer(loader, node);
    }
}
