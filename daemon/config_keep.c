#include "config_loader.h"

/* What a key's value became, and the memory that the former one moves to. */
struct keeping {
    struct config *next;
    const struct config *former;
    struct arena *arena;
    bool campaign_changed, no_memory;
};

static const char *
copy(struct keeping *keeping, const char *text)
{
    const char *made = text ? arena_copy(keeping->arena, span_of(text)) : NULL;
    keeping->no_memory = keeping->no_memory || (text && !made);
    return made;
}

static bool
same_text(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

/* A topic's name follows from the campaign: only what the key says counts. */
static bool
same_topic(const struct keeping *keeping, const char *next, const char *former)
{
    size_t next_len = strlen(keeping->next->campaign);
    size_t former_len = strlen(keeping->former->campaign);
    return strcmp(next + next_len, former + former_len) == 0;
}

static bool
keep_text(struct keeping *keeping, const struct config_key *key,
          const char **next, const char *const *former)
{
    bool topic = strncmp(key->path, "kafka.topics.", 13) == 0;
    bool folder = key->type == CONFIG_PATH;
    bool same =
        topic ? same_topic(keeping, *next, *former) : same_text(*next, *former);
    /* The folders' defaults name the campaign: its warning says it all. */
    same = same || (folder && keeping->campaign_changed);
    if (!same_text(*next, *former))
        *next = copy(keeping, *former);
    return same;
}

static bool
keep_secret(struct keeping *keeping, struct span *next,
            const struct span *former)
{
    if (span_equal(*next, *former) && !next->at == !former->at)
        return true;
    const char *made = former->at ? arena_copy(keeping->arena, *former) : NULL;
    keeping->no_memory = keeping->no_memory || (former->at && !made);
    *next = (struct span){made, made ? former->len : 0};
    return false;
}

/* false: it was another, and is the former one now. */
static bool
keep_value(struct keeping *keeping, const struct config_key *key)
{
    void *next = (char *)keeping->next + key->offset;
    const void *former = (const char *)keeping->former + key->offset;
    size_t size_bytes = key->type == CONFIG_NUMBER     ? sizeof(unsigned)
                        : key->type == CONFIG_DURATION ? sizeof(int64_t)
                                                       : sizeof(bool);
    switch (key->type) {
    case CONFIG_OTHER:
        return true;
    case CONFIG_TEXT:
    case CONFIG_NAME:
    case CONFIG_PATH:
    case CONFIG_CHOICE:
        return keep_text(keeping, key, next, former);
    case CONFIG_SECRET:
        return keep_secret(keeping, next, former);
    case CONFIG_BOOL:
    case CONFIG_ALLOW:
    case CONFIG_NUMBER:
    case CONFIG_DURATION:
        break;
    }
    bool same = memcmp(next, former, size_bytes) == 0;
    memcpy(next, former, size_bytes);
    return same;
}

static bool
keep_brokers(struct keeping *keeping)
{
    bool same = same_text(keeping->next->brokers, keeping->former->brokers);
    if (!same)
        keeping->next->brokers = copy(keeping, keeping->former->brokers);
    keeping->next->embedded = keeping->former->embedded;
    return same;
}

static bool
keep_roles(struct keeping *keeping)
{
    struct config *next = keeping->next;
    const struct config *former = keeping->former;
    bool same = next->role_ingest == former->role_ingest &&
                next->role_screen == former->role_screen;
    next->role_ingest = former->role_ingest;
    next->role_screen = former->role_screen;
    return same;
}

static bool
keep_properties(struct keeping *keeping)
{
    struct config *next = keeping->next;
    const struct config *former = keeping->former;
    bool same = next->property_count == former->property_count;
    for (size_t i = 0; same && i < next->property_count; i++)
        same =
            same_text(next->properties[i].name, former->properties[i].name) &&
            same_text(next->properties[i].value, former->properties[i].value);
    if (same)
        return true;
    next->property_count = 0;
    next->properties =
        arena_alloc(keeping->arena,
                    (former->property_count + 1) * sizeof(*next->properties));
    keeping->no_memory = keeping->no_memory || !next->properties;
    for (size_t i = 0; next->properties && i < former->property_count; i++)
        next->properties[next->property_count++] =
            (struct kafka_property){copy(keeping, former->properties[i].name),
                                    copy(keeping, former->properties[i].value)};
    return false;
}

/* Those that code of its own reads. */
static const struct {
    const char *path;
    bool (*keep)(struct keeping *keeping);
} others[] = {
    {"brokers", keep_brokers},
    {"roles", keep_roles},
    {"kafka.properties", keep_properties},
};

static bool
keep_key(struct keeping *keeping, const struct config_key *key)
{
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (strcmp(key->path, others[i].path) == 0)
            return others[i].keep(keeping);
    return keep_value(keeping, key);
}

bool
config_keep(struct config *next, const struct config *former,
            struct diagnostics *diagnostics)
{
    struct keeping keeping = {
        .next = next,
        .former = former,
        .arena = config_arena(next),
        .campaign_changed = strcmp(next->campaign, former->campaign) != 0,
    };
    const char *campaign = next->campaign;
    for (size_t i = 0; i < config_key_count && !keeping.no_memory; i++) {
        const struct config_key *key = &config_keys[i];
        /* Topics are compared without it, so that it is kept last. */
        bool last = key->type == CONFIG_NAME;
        if (!key->reload && !last && !keep_key(&keeping, key))
            diagnostics_warning(diagnostics, (struct place){next->path, 0, 0},
                                "'%s' is another now: this needs a restart, "
                                "until then the former value stays in force",
                                key->path);
    }
    if (!keeping.campaign_changed)
        return !keeping.no_memory;
    diagnostics_warning(diagnostics, (struct place){next->path, 0, 0},
                        "'campaign' is '%s' now: this needs a restart, until "
                        "then '%s' stays in force",
                        campaign, former->campaign);
    next->campaign = copy(&keeping, former->campaign);
    return !keeping.no_memory;
}
