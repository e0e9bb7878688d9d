#include "broker_policy.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"

enum { ADMIN_MS = 10000, DAY_MINUTES = 24 * 60 };

static const char *
value_of(const rd_kafka_ConfigResource_t *resource, const char *name)
{
    size_t count;
    const rd_kafka_ConfigEntry_t **entries =
        rd_kafka_ConfigResource_configs(resource, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(rd_kafka_ConfigEntry_name(entries[i]), name) == 0)
            return rd_kafka_ConfigEntry_value(entries[i]);
    return NULL;
}

/* What the guarantees need less of than is there does no harm. */
static bool
is_enough(const char *name, const char *found, const char *wanted)
{
    if (strcmp(name, "retention.ms") == 0)
        return strtoll(found, NULL, 10) < 0 ||
               strtoll(found, NULL, 10) >= strtoll(wanted, NULL, 10);
    if (strcmp(name, "cleanup.policy") == 0)
        return strcmp(found, wanted) == 0;
    return strtoll(found, NULL, 10) <= strtoll(wanted, NULL, 10);
}

static void
compare_topic(const rd_kafka_ConfigResource_t *resource,
              const struct topic_plan *plan)
{
    for (size_t i = 0; plan->settings[i][0]; i++) {
        const char *name = plan->settings[i][0];
        const char *wanted = plan->settings[i][1];
        const char *found = value_of(resource, name);
        if (found && !is_enough(name, found, wanted))
            log_warning("kafka",
                        "the topic %s has %s=%s, Karool counts on %s: set it "
                        "with kafka-configs.sh, or live with what it costs",
                        plan->name, name, found, wanted);
    }
    const char *bytes = value_of(resource, "max.message.bytes");
    if (bytes && strtoll(bytes, NULL, 10) < RECORD_BYTES_MOST)
        log_warning("kafka",
                    "the topic %s takes records of %s bytes at most: longer "
                    "ones will be rejected",
                    plan->name, bytes);
}

static void
compare_broker(const rd_kafka_ConfigResource_t *resource,
               const struct config *config)
{
    const char *found = value_of(resource, "offsets.retention.minutes");
    int64_t wanted = config->posts_retention_ms / 60000;
    if (!found || strtoll(found, NULL, 10) >= wanted)
        return;
    log_warning("kafka",
                "the broker forgets a group's offsets after %.1f days "
                "(offsets.retention.minutes=%s): whoever stands still for "
                "longer screens all stored posts again; posts are kept for "
                "%lld days",
                (double)strtoll(found, NULL, 10) / DAY_MINUTES, found,
                (long long)(wanted / DAY_MINUTES));
}

static void
compare_all(rd_kafka_event_t *event, const struct topic_plan *plans,
            size_t count, const struct config *config)
{
    size_t found;
    const rd_kafka_ConfigResource_t **resources =
        rd_kafka_DescribeConfigs_result_resources(
            rd_kafka_event_DescribeConfigs_result(event), &found);
    for (size_t i = 0; i < found; i++) {
        if (rd_kafka_ConfigResource_error(resources[i]))
            continue; /* we may not see it */
        if (rd_kafka_ConfigResource_type(resources[i]) ==
            RD_KAFKA_RESOURCE_BROKER)
            compare_broker(resources[i], config);
        for (size_t j = 0; j < count; j++)
            if (strcmp(plans[j].name,
                       rd_kafka_ConfigResource_name(resources[i])) == 0)
                compare_topic(resources[i], &plans[j]);
    }
}

static void
describe(rd_kafka_t *client, rd_kafka_ConfigResource_t **resources,
         size_t resource_count, const struct topic_plan *plans, size_t count,
         const struct config *config)
{
    char reason[256];
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_AdminOptions_set_request_timeout(options, ADMIN_MS, reason,
                                              sizeof(reason));
    rd_kafka_DescribeConfigs(client, resources, resource_count, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, ADMIN_MS + 2000);
    if (event && !rd_kafka_event_error(event))
        compare_all(event, plans, count, config);
    if (event)
        rd_kafka_event_destroy(event);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
}

void
broker_policy_check(rd_kafka_t *client, int32_t broker_id,
                    const struct topic_plan *plans, size_t count,
                    const struct config *config)
{
    rd_kafka_ConfigResource_t *resources[1];
    char number[16];
    snprintf(number, sizeof(number), "%d", (int)broker_id);
    /* One request may ask one broker only about itself, so one by one. */
    for (size_t i = 0; i <= count; i++) {
        bool topic = i < count;
        resources[0] = rd_kafka_ConfigResource_new(
            topic ? RD_KAFKA_RESOURCE_TOPIC : RD_KAFKA_RESOURCE_BROKER,
            topic ? plans[i].name : number);
        if (!resources[0])
            return;
        describe(client, resources, 1, plans, count, config);
        rd_kafka_ConfigResource_destroy(resources[0]);
    }
}
