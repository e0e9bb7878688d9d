#include "broker_topics.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>

#include "broker_policy.h"
#include "kafka_client.h"
#include "kafka_trouble.h"
#include "log.h"

enum { ADMIN_MS = 10000, CURSOR_PARTITIONS_FOR_LIFE = 24 };

static void
plan_deleted(struct topic_plan *plan, const char *name, unsigned partitions,
             int64_t retention_ms)
{
    *plan = (struct topic_plan){.name = name, .partitions = partitions};
    snprintf(plan->numbers[0], sizeof(plan->numbers[0]), "%lld",
             (long long)retention_ms);
    plan->settings[0][0] = "cleanup.policy";
    plan->settings[0][1] = "delete";
    plan->settings[1][0] = "retention.ms";
    plan->settings[1][1] = plan->numbers[0];
}

static void
plan_compacted(struct topic_plan *plan, const char *name, unsigned partitions)
{
    /* Small segments, compacted soon, or a restart reads weeks of records. */
    *plan = (struct topic_plan){
        .name = name,
        .partitions = partitions,
        .settings = {{"cleanup.policy", "compact"},
                     {"segment.ms", "600000"},
                     {"segment.bytes", "16777216"},
                     {"max.compaction.lag.ms", "600000"}},
    };
}

void
broker_topics_plan(const struct config *config,
                   struct topic_plan plans[TOPIC_COUNT])
{
    plan_deleted(&plans[0], config->topics.posts, config->partitions,
                 config->posts_retention_ms);
    plan_deleted(&plans[1], config->topics.flagged, config->partitions,
                 config->flagged_retention_ms);
    plan_compacted(&plans[2], config->topics.cursors,
                   CURSOR_PARTITIONS_FOR_LIFE);
    plan_deleted(&plans[3], config->topics.rejected, 1,
                 config->rejected_retention_ms);
    plan_compacted(&plans[4], config->topics.verdicts, config->partitions);
}

static const rd_kafka_metadata_topic_t *
find_topic(const rd_kafka_metadata_t *metadata, const char *name)
{
    for (int i = 0; i < metadata->topic_cnt; i++)
        if (strcmp(metadata->topics[i].topic, name) == 0 &&
            metadata->topics[i].partition_cnt > 0)
            return &metadata->topics[i];
    return NULL;
}

/* An existing topic of posts decides for the events too: an event goes to its
 * post's partition number. */
static void
follow_posts(struct topic_plan plans[TOPIC_COUNT],
             const rd_kafka_metadata_t *metadata, const struct config *config,
             unsigned *partitions)
{
    const rd_kafka_metadata_topic_t *topic =
        find_topic(metadata, config->topics.posts);
    *partitions = config->partitions;
    if (topic)
        *partitions = (unsigned)topic->partition_cnt;
    if (*partitions != config->partitions)
        log_warning("kafka",
                    "the topic %s has %u partitions, the configuration says "
                    "%u: the topic counts",
                    config->topics.posts, *partitions, config->partitions);
    plans[0].partitions = plans[1].partitions = *partitions;
}

static bool
check_partitions(const struct topic_plan *plan,
                 const rd_kafka_metadata_topic_t *topic,
                 const struct config *config, struct error *err)
{
    unsigned found = (unsigned)topic->partition_cnt;
    if (found == plan->partitions)
        return true;
    if (strcmp(plan->name, config->topics.cursors) == 0)
        return error_set(err, ERROR_CONFIG,
                         "the topic %s has %u partitions, not %u: cursors "
                         "would be looked for in the wrong place; make the "
                         "topic anew or choose another campaign",
                         plan->name, found, plan->partitions);
    if (strcmp(plan->name, config->topics.flagged) == 0)
        return error_set(err, ERROR_CONFIG,
                         "the topic %s has %u partitions, %s has %u: an event "
                         "goes to its post's partition, so make them equal",
                         plan->name, found, config->topics.posts,
                         plan->partitions);
    return true;
}

static rd_kafka_NewTopic_t *
new_topic(const struct topic_plan *plan, const struct config *config)
{
    char reason[256];
    int replication = config->replication ? (int)config->replication : -1;
    rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(
        plan->name, (int)plan->partitions, replication, reason, sizeof(reason));
    for (size_t i = 0; topic && plan->settings[i][0]; i++)
        rd_kafka_NewTopic_set_config(topic, plan->settings[i][0],
                                     plan->settings[i][1]);
    return topic;
}

static bool
read_results(rd_kafka_event_t *event, struct error *err)
{
    if (!event)
        return error_set(err, ERROR_RETRY,
                         "Kafka does not answer: topics were not made");
    if (rd_kafka_event_error(event))
        return error_set(err, ERROR_RETRY, "Kafka: topics were not made: %s",
                         rd_kafka_event_error_string(event));
    size_t count;
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(
            rd_kafka_event_CreateTopics_result(event), &count);
    for (size_t i = 0; i < count; i++) {
        rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[i]);
        if (code && code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
            return error_set(
                err, ERROR_CONFIG, "the topic %s cannot be made: %s",
                rd_kafka_topic_result_name(results[i]),
                kafka_trouble_advises(code)
                    ? kafka_trouble_text(code)
                    : rd_kafka_topic_result_error_string(results[i]));
    }
    return true;
}

static bool
create_topics(rd_kafka_t *client, rd_kafka_NewTopic_t **topics, size_t count,
              struct error *err)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    char reason[256];
    rd_kafka_AdminOptions_set_request_timeout(options, ADMIN_MS, reason,
                                              sizeof(reason));
    rd_kafka_CreateTopics(client, topics, count, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, ADMIN_MS + 2000);
    bool ok = read_results(event, err);
    if (event)
        rd_kafka_event_destroy(event);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    return ok;
}

static bool
no_answer(const struct config *config, rd_kafka_resp_err_t code,
          struct error *err)
{
    error_set(err, ERROR_RETRY,
              "Kafka at %s does not answer (%s): is it running, is "
              "the address right, does it want TLS or a password "
              "(kafka.properties)?",
              config->brokers, kafka_trouble_text(code));
    kafka_trouble_explain(err, config->brokers);
    return false;
}

bool
broker_topics_make(rd_kafka_t *client, const struct config *config,
                   unsigned *partitions, struct error *err)
{
    struct topic_plan plans[TOPIC_COUNT];
    const rd_kafka_metadata_t *metadata = NULL;
    rd_kafka_NewTopic_t *missing[TOPIC_COUNT];
    struct topic_plan present[TOPIC_COUNT];
    size_t count = 0, present_count = 0;
    int32_t broker_id = -1;
    broker_topics_plan(config, plans);
    rd_kafka_resp_err_t code =
        kafka_client_metadata(client, NULL, &metadata, ADMIN_MS);
    if (code)
        return no_answer(config, code, err);
    follow_posts(plans, metadata, config, partitions);
    bool ok = true;
    for (size_t i = 0; ok && i < TOPIC_COUNT; i++) {
        const rd_kafka_metadata_topic_t *topic =
            find_topic(metadata, plans[i].name);
        if (topic) {
            present[present_count++] = plans[i];
            ok = check_partitions(&plans[i], topic, config, err);
        } else if (!config->create_topics)
            ok = error_set(err, ERROR_CONFIG,
                           "the topic %s is missing: make it, or leave "
                           "kafka.create_topics on",
                           plans[i].name);
        else if ((missing[count] = new_topic(&plans[i], config)))
            count++;
        else
            ok = error_no_memory(err);
    }
    if (metadata->broker_cnt > 0)
        broker_id = metadata->brokers[0].id;
    rd_kafka_metadata_destroy(metadata);
    if (ok)
        broker_policy_check(client, broker_id, present, present_count, config);
    if (ok && count)
        ok = create_topics(client, missing, count, err);
    rd_kafka_NewTopic_destroy_array(missing, count);
    return ok;
}

/* One by one: in a list of all a topic that we may not see is missing too. */
static bool
check_topic(rd_kafka_t *client, const char *name, struct error *err)
{
    const rd_kafka_metadata_t *metadata = NULL;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, name, NULL);
    rd_kafka_resp_err_t code =
        topic ? kafka_client_metadata(client, topic, &metadata, ADMIN_MS)
              : rd_kafka_last_error();
    if (!code && metadata && metadata->topic_cnt == 1)
        code = metadata->topics[0].err;
    if (metadata)
        rd_kafka_metadata_destroy(metadata);
    if (topic)
        rd_kafka_topic_destroy(topic);
    if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        return error_set(err, ERROR_FATAL,
                         "the topic %s is gone, somebody deleted it: at the "
                         "next start it is made anew, empty",
                         name);
    return !code || error_set(err, ERROR_RETRY, "%s: %s", name,
                              kafka_trouble_text(code));
}

bool
broker_topics_check(rd_kafka_t *client, const struct config *config,
                    struct error *err)
{
    struct topic_plan plans[TOPIC_COUNT];
    broker_topics_plan(config, plans);
    for (size_t i = 0; i < TOPIC_COUNT; i++)
        if (!check_topic(client, plans[i].name, err))
            return false;
    return true;
}

static rd_kafka_t *
make_client(const struct config *config, struct error *err)
{
    const struct kafka_settings settings = {config, config->brokers, false};
    char reason[256];
    rd_kafka_conf_t *conf = kafka_client_conf(&settings, NULL, 0, err);
    if (!conf)
        return NULL;
    rd_kafka_t *client =
        rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
    if (!client) {
        rd_kafka_conf_destroy(conf);
        error_set(err, ERROR_CONFIG, "Kafka: %s", reason);
    }
    return client;
}

static bool
make_output(rd_kafka_t *client, const struct config *config, const char *name,
            unsigned *partitions, struct error *err)
{
    struct topic_plan plan;
    const rd_kafka_metadata_t *metadata = NULL;
    rd_kafka_resp_err_t code =
        kafka_client_metadata(client, NULL, &metadata, ADMIN_MS);
    if (code)
        return no_answer(config, code, err);
    const rd_kafka_metadata_topic_t *found = find_topic(metadata, name);
    unsigned count = found ? (unsigned)found->partition_cnt : 0;
    rd_kafka_metadata_destroy(metadata);
    plan_deleted(&plan, name, *partitions, config->flagged_retention_ms);
    if (count) {
        *partitions = count;
        return true;
    }
    if (!config->create_topics)
        return error_set(err, ERROR_CONFIG,
                         "the topic %s is missing: make it, or leave "
                         "kafka.create_topics on",
                         name);
    rd_kafka_NewTopic_t *topic = new_topic(&plan, config);
    if (!topic)
        return error_set(err, ERROR_CONFIG, "no topic can be named %s", name);
    bool ok = create_topics(client, &topic, 1, err);
    rd_kafka_NewTopic_destroy(topic);
    return ok;
}

bool
broker_topics_output(const struct config *config, const char *name,
                     unsigned *partitions, struct error *err)
{
    rd_kafka_t *client = make_client(config, err);
    if (!client)
        return false;
    bool ok = make_output(client, config, name, partitions, err);
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    return ok;
}
