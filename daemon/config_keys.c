#include <stddef.h>

#include "config_loader.h"

#define AT(field) offsetof(struct config, field)
#define OF(field) offsetof(struct source_config, field)

/* Every key of karool.yaml. The checker, the sample and the manual are made
 * of this table and tested against it. */
const struct config_key config_keys[] = {
    {"karool", CONFIG_OTHER, NULL, 0, NULL, 0, 0, false,
     "what this file is: config/1"},
    {"campaign", CONFIG_NAME, NULL, AT(campaign), NULL, 0, 0, false,
     "prefix of topics, groups and transactional ids, so that two campaigns "
     "share a broker"},
    {"brokers", CONFIG_OTHER, NULL, 0, NULL, 0, 0, false,
     "embedded (in this process, nothing survives a restart) or "
     "host:port,host:port"},
    {"rules", CONFIG_PATH, "rules", AT(rules), NULL, 0, 0, true,
     "folder of the dictionary; relative to this file"},
    {"connectors", CONFIG_PATH, "connectors", AT(connectors), NULL, 0, 0, true,
     "folder of the networks' descriptions; relative to this file"},
    {"sources", CONFIG_OTHER, NULL, 0, NULL, 0, 0, true,
     "what is polled: a list"},
    {"roles", CONFIG_OTHER, NULL, 0, NULL, 0, 0, false,
     "what this process does: [ingest, screen] or one of them"},
    {"user_agent", CONFIG_TEXT, NULL, AT(user_agent), NULL, 0, 0, true,
     "how requests introduce themselves; name a way to reach you"},
    {"proxy", CONFIG_TEXT, NULL, AT(proxy), NULL, 0, 0, true,
     "proxy for all sources: http://host:port or socks5h://host:port"},
    {"privacy.authors", CONFIG_CHOICE, "pseudonym", 0, "pseudonym keep", 0, 0,
     true, "authors as keyed hashes, or as the network names them"},
    {"privacy.raw", CONFIG_CHOICE, "listed", 0, "listed keep drop", 0, 0, true,
     "of the network's record: the harmless fields, everything, nothing"},
    {"privacy.key", CONFIG_SECRET, NULL, AT(author_key), NULL, 0, 0, false,
     "key of the hashes; left out: made once in the state directory"},
    {"rejected", CONFIG_CHOICE, "reason", 0, "reason keep", 0, 0, true,
     "what could not be read: only why, or its bytes too"},
    {"status.listen", CONFIG_TEXT, "127.0.0.1:9404", AT(status_listen), NULL, 0,
     0, false, "address of a status server; this version has none"},
    {"screen.threads", CONFIG_NUMBER, "0", AT(screen_threads), NULL, 0, 256,
     false, "screening threads; 0: one a core"},
    {"dedupe.window", CONFIG_DURATION, "24h", AT(dedupe_window_ms), NULL, 0, 0,
     false, "how long a post is remembered, so that it is flagged once"},
    {"log", CONFIG_CHOICE, "info", AT(log_level), "error warning info debug", 0,
     0, true, "how much is logged"},
    {"state_directory", CONFIG_PATH, NULL, AT(state_directory), NULL, 0, 0,
     false, "keys and locks; default $STATE_DIRECTORY of systemd"},
    {"runtime_directory", CONFIG_PATH, NULL, AT(runtime_directory), NULL, 0, 0,
     false, "control socket; default $RUNTIME_DIRECTORY of systemd"},
    {"kafka.topics.posts", CONFIG_TEXT, "karool.posts", AT(topics.posts), NULL,
     0, 0, false, "all posts"},
    {"kafka.topics.flagged", CONFIG_TEXT, "karool.flagged", AT(topics.flagged),
     NULL, 0, 0, false, "flagged events: what alerting reads"},
    {"kafka.topics.cursors", CONFIG_TEXT, "karool.cursors", AT(topics.cursors),
     NULL, 0, 0, false, "where each source stands"},
    {"kafka.topics.rejected", CONFIG_TEXT, "karool.rejected",
     AT(topics.rejected), NULL, 0, 0, false, "what could not be read, and why"},
    {"kafka.topics.verdicts", CONFIG_TEXT, "karool.verdicts",
     AT(topics.verdicts), NULL, 0, 0, false, "what analysts decided"},
    {"kafka.partitions", CONFIG_NUMBER, "12", AT(partitions), NULL, 1, 1000,
     false, "partitions of posts and of flagged events, for life"},
    {"kafka.replication", CONFIG_NUMBER, "0", AT(replication), NULL, 0, 9,
     false, "copies of each record; 0: the broker's default"},
    {"kafka.retention.posts", CONFIG_DURATION, "60d", AT(posts_retention_ms),
     NULL, 0, 0, false, "how long posts are kept"},
    {"kafka.retention.flagged", CONFIG_DURATION, "180d",
     AT(flagged_retention_ms), NULL, 0, 0, false,
     "how long flagged events are kept"},
    {"kafka.retention.rejected", CONFIG_DURATION, "14d",
     AT(rejected_retention_ms), NULL, 0, 0, false,
     "how long rejected records are kept"},
    {"kafka.create_topics", CONFIG_BOOL, "true", AT(create_topics), NULL, 0, 0,
     false, "make missing topics"},
    {"kafka.plaintext", CONFIG_ALLOW, NULL, AT(kafka_plaintext), NULL, 0, 0,
     false, "allow: no TLS to brokers beyond this machine"},
    {"kafka.properties", CONFIG_OTHER, NULL, 0, NULL, 0, 0, false,
     "any property of librdkafka, such as sasl.username; secrets as {secret: "
     "NAME}"},
};
const size_t config_key_count = COUNT_OF(config_keys);

const struct config_key source_keys[] = {
    {"id", CONFIG_NAME, NULL, OF(id), NULL, 0, 0, true,
     "name of the source, never to change"},
    {"connector", CONFIG_OTHER, NULL, 0, NULL, 0, 0, true,
     "which file of the connectors folder"},
    {"every", CONFIG_DURATION, "60s", OF(every_ms), NULL, 0, 0, true,
     "time between two polls"},
    {"start", CONFIG_OTHER, NULL, 0, NULL, 0, 0, true,
     "of a source without cursor: latest, beginning, or an age such as 7d"},
    {"http", CONFIG_ALLOW, NULL, OF(http), NULL, 0, 0, true,
     "allow: plain HTTP (no secret is ever sent over it)"},
    {"local", CONFIG_BOOL, "false", OF(local), NULL, 0, 0, true,
     "true: private and loopback addresses"},
    {"renamed_from", CONFIG_NAME, NULL, OF(renamed_from), NULL, 0, 0, true,
     "the id this source had before: its cursor is carried over"},
    {"user_agent", CONFIG_TEXT, NULL, OF(user_agent), NULL, 0, 0, true,
     "for this source"},
    {"proxy", CONFIG_TEXT, NULL, OF(proxy), NULL, 0, 0, true,
     "for this source"},
};
const size_t source_key_count = COUNT_OF(source_keys);

static const char *
type_name(const struct config_key *key)
{
    static const char *const names[] = {
        [CONFIG_TEXT] = "text",          [CONFIG_NAME] = "name",
        [CONFIG_PATH] = "path",          [CONFIG_CHOICE] = "choice",
        [CONFIG_BOOL] = "true or false", [CONFIG_ALLOW] = "allow",
        [CONFIG_NUMBER] = "number",      [CONFIG_DURATION] = "duration",
        [CONFIG_SECRET] = "secret",      [CONFIG_OTHER] = "",
    };
    return key->choices ? key->choices : names[key->type];
}

static void
describe(struct buffer *out, const char *prefix, const struct config_key *keys,
         size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_printf(out, "%s%s\t%s\t%s\t%s\t%s\n", prefix, keys[i].path,
                      type_name(&keys[i]),
                      keys[i].fallback ? keys[i].fallback : "",
                      keys[i].reload ? "reload" : "restart", keys[i].help);
}

void
config_describe(struct buffer *out)
{
    describe(out, "", config_keys, config_key_count);
    describe(out, "sources[].", source_keys, source_key_count);
}
