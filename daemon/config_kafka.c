#include <ctype.h>

#include "config_loader.h"

/* What the guarantees rest on is Karool's to set. */
static const struct {
    const char *name;
    const char *reason;
} owned[] = {
    {"acks", "exactly-once needs all"},
    {"allow.auto.create.topics", "Karool makes its topics, or says which one "
                                 "is missing"},
    {"auto.commit.enable", "offsets commit with the events"},
    {"auto.offset.reset", "screening resumes at the earliest record"},
    {"bootstrap.servers", "write it as 'brokers'"},
    {"delivery.timeout.ms", "it must be shorter than a transaction"},
    {"enable.auto.commit", "offsets commit with the events"},
    {"enable.auto.offset.store", "offsets commit with the events"},
    {"enable.gapless.guarantee", "transactions see to it"},
    {"enable.idempotence", "exactly-once needs it on"},
    {"enable.partition.eof", "Karool must know where a partition ends"},
    {"fetch.message.max.bytes", "reading ahead rests on it"},
    {"group.id", "it follows from the campaign"},
    {"group.instance.id", "it follows from the campaign and the host"},
    {"isolation.level", "only committed records are read"},
    {"max.in.flight", "exactly-once sets it"},
    {"max.in.flight.requests.per.connection", "exactly-once sets it"},
    {"max.partition.fetch.bytes", "reading ahead rests on it"},
    {"max.poll.interval.ms", "rebalances rest on it"},
    {"message.max.bytes", "a record is at most 900 KB"},
    {"message.send.max.retries", "a record is sent until its transaction ends"},
    {"message.timeout.ms", "it must be shorter than a transaction"},
    {"metadata.broker.list", "write it as 'brokers'"},
    {"partition.assignment.strategy", "exactly-once is proved for this one"},
    {"partitioner", "Karool chooses the partition itself"},
    {"queued.max.messages.kbytes", "reading ahead rests on it"},
    {"queued.min.messages", "reading ahead rests on it"},
    {"queuing.strategy", "exactly-once needs the order"},
    {"request.required.acks", "exactly-once needs all"},
    {"retries", "a record is sent until its transaction ends"},
    {"session.timeout.ms", "taking over rests on it"},
    {"test.mock.num.brokers", "write 'brokers: embedded'"},
    {"transaction.timeout.ms", "fencing rests on it"},
    {"transactional.id", "it follows from the campaign and the host"},
};

static bool
is_secret(struct span name)
{
    static const char *const names[] = {
        "sasl.password",
        "ssl.key.password",
        "ssl.key.pem",
        "ssl.keystore.password",
        "sasl.oauthbearer.client.secret",
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

static void
add_property(struct config_loader *loader, const struct yaml_node *node,
             const char *name, const char *value)
{
    struct config *config = loader->config;
    char reason[256];
    if (loader->no_memory)
        return;
    if (loader->options->property_fault &&
        loader->options->property_fault(name, value, reason, sizeof(reason))) {
        diagnostics_error(loader->diagnostics, node->key->place,
                          "librdkafka does not take '%s': %s", name, reason);
        return;
    }
    config->properties[config->property_count++] =
        (struct kafka_property){name, value};
}

void
config_properties(struct config_loader *loader, const struct yaml_node *map)
{
    struct config *config = loader->config;
    if (map->kind != YAML_NODE_MAP) {
        diagnostics_error(loader->diagnostics, map->place,
                          "'properties' holds keys with values, such as "
                          "sasl.username: karool");
        return;
    }
    config->properties =
        config_alloc(loader, (map->count + 1) * sizeof(*config->properties));
    for (const struct yaml_node *node = map->first; config->properties && node;
         node = node->next) {
        const char *reason = NULL;
        for (size_t i = 0; i < COUNT_OF(owned); i++)
            if (span_is(node->key->text, owned[i].name))
                reason = owned[i].reason;
        if (reason) {
            diagnostics_error(loader->diagnostics, node->key->place,
                              "'%.*s' is not to be set here: %s",
                              SPAN_ARGS(node->key->text), reason);
            continue;
        }
        bool secret = node->kind == YAML_NODE_MAP;
        if (!secret && is_secret(node->key->text)) {
            diagnostics_error(loader->diagnostics, node->place,
                              "a secret is never written here: write {secret: "
                              "NAME}");
            continue;
        }
        struct span value =
            secret ? config_secret(loader, node) : config_text(loader, node);
        if (value.at)
            add_property(loader, node, config_copy(loader, node->key->text),
                         config_copy(loader, value));
    }
}

static bool
is_loopback(struct span host)
{
    bool digits = true; /* 127.example.org is a name like any other */
    for (size_t i = 0; i < host.len; i++)
        digits =
            digits && (isdigit((unsigned char)host.at[i]) || host.at[i] == '.');
    return span_is(host, "localhost") || span_is(host, "[::1]") ||
           (digits && span_starts(host, "127."));
}

/* host:port; *loopback is cleared for a host elsewhere. */
static bool
broker_is_sound(struct span broker, bool *loopback)
{
    size_t colon = broker.len;
    while (colon > 0 && broker.at[colon - 1] != ':')
        colon--;
    if (colon < 2 || colon == broker.len || broker.len - colon > 5)
        return false;
    for (size_t i = colon; i < broker.len; i++)
        if (!isdigit((unsigned char)broker.at[i]))
            return false;
    struct span host = {broker.at, colon - 1};
    *loopback = *loopback && is_loopback(host);
    return true;
}

static bool
is_encrypted(const struct config *config)
{
    for (size_t i = 0; i < config->property_count; i++)
        if (strcmp(config->properties[i].name, "security.protocol") == 0)
            return strstr(config->properties[i].value, "ssl") ||
                   strstr(config->properties[i].value, "SSL");
    return false;
}

void
config_brokers(struct config_loader *loader, const struct yaml_node *node)
{
    struct config *config = loader->config;
    struct span text = config_text(loader, node);
    config->brokers = config_copy(loader, text);
    config->embedded = span_is(text, "embedded");
    if (config->embedded)
        return;
    bool loopback = true, sound = text.len > 0;
    for (struct span rest = text; sound && rest.len;) {
        const char *comma = memchr(rest.at, ',', rest.len);
        size_t len = comma ? (size_t)(comma - rest.at) : rest.len;
        sound =
            broker_is_sound(span_trim((struct span){rest.at, len}), &loopback);
        rest = span_from(rest, comma ? len + 1 : len);
    }
    if (!sound)
        diagnostics_error(loader->diagnostics, node->place,
                          "'brokers' is embedded or host:port, several "
                          "divided by commas; not '%.*s'",
                          SPAN_ARGS(text));
    else if (!loopback && !is_encrypted(config) && !config->kafka_plaintext)
        diagnostics_error(loader->diagnostics, node->place,
                          "Kafka on another machine without TLS: set "
                          "security.protocol: sasl_ssl (or ssl) under "
                          "kafka.properties, or write kafka.plaintext: allow");
}

static void
prefix_topic(struct config_loader *loader, const char **topic)
{
    const char *name =
        arena_printf(loader->arena, "%s.%s", loader->config->campaign, *topic);
    loader->no_memory = loader->no_memory || !name;
    *topic = name ? name : "";
}

void
config_topics(struct config_loader *loader)
{
    struct config *config = loader->config;
    prefix_topic(loader, &config->topics.posts);
    prefix_topic(loader, &config->topics.flagged);
    prefix_topic(loader, &config->topics.cursors);
    prefix_topic(loader, &config->topics.rejected);
    prefix_topic(loader, &config->topics.verdicts);
}
