#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "kafka_client.h"
#include "kafka_group.h"
#include "kafka_prefetch.h"
#include "kafka_trouble.h"
#include "log.h"

enum { CLOSE_MS = 2000 };

struct kafka_consumer {
    rd_kafka_t *client;
    char *topic;
    char *group;    /* or NULL */
    char *instance; /* or NULL */
    struct kafka_consumer_hooks hooks;
    struct kafka_offset *partitions; /* those assigned */
    size_t partition_count;
    rd_kafka_consumer_group_metadata_t *metadata;
    struct kafka_prefetch prefetch;
};

static bool
keep_partitions(struct kafka_consumer *consumer,
                const struct kafka_offset *partitions, size_t count)
{
    struct kafka_offset *copy = calloc(count + 1, sizeof(*copy));
    if (!copy)
        return false;
    if (count)
        memcpy(copy, partitions, count * sizeof(*copy));
    free(consumer->partitions);
    consumer->partitions = copy;
    consumer->partition_count = count;
    return true;
}

static void
forget_generation(struct kafka_consumer *consumer)
{
    if (consumer->metadata)
        rd_kafka_consumer_group_metadata_destroy(consumer->metadata);
    consumer->metadata = NULL;
}

static bool
give(struct kafka_consumer *consumer, struct kafka_offset *partitions,
     size_t count)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)count);
    kafka_prefetch_drop(&consumer->prefetch);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, consumer->topic,
                                          partitions[i].partition)
            ->offset = partitions[i].offset;
    bool ok =
        rd_kafka_assign(consumer->client, list) == RD_KAFKA_RESP_ERR_NO_ERROR &&
        keep_partitions(consumer, partitions, count);
    /* A partition that was paused stays so in its next assignment. */
    rd_kafka_resume_partitions(consumer->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    return ok;
}

static void
on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t code,
             rd_kafka_topic_partition_list_t *list, void *context)
{
    struct kafka_consumer *consumer = context;
    size_t count = (size_t)list->cnt;
    struct kafka_offset *partitions = calloc(count + 1, sizeof(*partitions));
    kafka_prefetch_drop(&consumer->prefetch);
    for (size_t i = 0; partitions && i < count; i++)
        partitions[i] =
            (struct kafka_offset){list->elems[i].partition, KAFKA_COMMITTED};
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && partitions) {
        if (consumer->hooks.assigned)
            consumer->hooks.assigned(consumer->hooks.context, partitions,
                                     count);
        if (!give(consumer, partitions, count))
            log_error("kafka", "partitions could not be taken");
    } else {
        bool lost = rd_kafka_assignment_lost(client);
        if (consumer->hooks.revoked && partitions)
            consumer->hooks.revoked(consumer->hooks.context, partitions, count,
                                    lost);
        rd_kafka_assign(client, NULL);
        consumer->partition_count = 0;
        forget_generation(consumer);
    }
    free(partitions);
}

static rd_kafka_t *
make_client(struct kafka_consumer *consumer,
            const struct kafka_settings *settings, const char *group,
            struct error *err)
{
    char poll_most[16];
    snprintf(poll_most, sizeof(poll_most), "%d", KAFKA_POLL_MOST_MS);
    const struct kafka_property_pair own[] = {
        {"group.id", group ? group : "karool-reader"},
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"enable.partition.eof", "true"},
        {"auto.offset.reset", consumer->group ? "error" : "earliest"},
        {"isolation.level", "read_committed"},
        {"session.timeout.ms", "10000"},
        {"max.poll.interval.ms", poll_most},
        {"fetch.wait.max.ms", "100"},
        {"queued.max.messages.kbytes", KAFKA_PREFETCH_KBYTES},
        {"queued.min.messages", KAFKA_PREFETCH_RECORDS},
        {"fetch.message.max.bytes", "1048576"},
        /* Eager: a process starts from committed offsets after every
         * rebalance, which is what the proof of exactly-once rests on. */
        {"partition.assignment.strategy", "range"},
        /* the last one: only where there is one */
        {"group.instance.id", consumer->instance},
    };
    size_t own_count = COUNT_OF(own) - (consumer->instance ? 0 : 1);
    char reason[256];
    rd_kafka_conf_t *conf = kafka_client_conf(settings, own, own_count, err);
    if (!conf)
        return NULL;
    rd_kafka_conf_set_opaque(conf, consumer);
    if (group)
        rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    rd_kafka_t *client =
        rd_kafka_new(RD_KAFKA_CONSUMER, conf, reason, sizeof(reason));
    if (!client) {
        rd_kafka_conf_destroy(conf);
        error_set(err, ERROR_CONFIG, "Kafka: %s", reason);
        return NULL;
    }
    rd_kafka_poll_set_consumer(client);
    kafka_prefetch_init(&consumer->prefetch, client);
    return client;
}

/* A client in the name of `group`; `member`: it is to join. */
static struct kafka_consumer *
make_consumer(const struct kafka_settings *settings, const char *group,
              const char *instance, bool member, const char *topic,
              struct error *err)
{
    struct kafka_consumer *consumer = calloc(1, sizeof(*consumer));
    bool ok = consumer && (consumer->topic = strdup(topic)) &&
              (!member || (consumer->group = strdup(group))) &&
              (!instance || (consumer->instance = strdup(instance)));
    if (!ok)
        error_no_memory(err);
    if (ok)
        consumer->client = make_client(consumer, settings, group, err);
    if (ok && consumer->client)
        return consumer;
    kafka_consumer_free(consumer, false);
    return NULL;
}

struct kafka_consumer *
kafka_consumer_new_member(const struct kafka_settings *settings,
                          const char *group, const char *instance,
                          const char *topic,
                          const struct kafka_consumer_hooks *hooks,
                          struct error *err)
{
    struct kafka_consumer *consumer =
        make_consumer(settings, group, instance, group != NULL, topic, err);
    if (consumer && hooks)
        consumer->hooks = *hooks;
    if (!consumer || !group)
        return consumer;
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(consumer->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return consumer;
    error_set(err, ERROR_RETRY, "Kafka: cannot subscribe to %s: %s", topic,
              kafka_trouble_text(code));
    kafka_consumer_free(consumer, false);
    return NULL;
}

struct kafka_consumer *
kafka_consumer_new(const struct kafka_settings *settings, const char *group,
                   const char *topic, const struct kafka_consumer_hooks *hooks,
                   struct error *err)
{
    return kafka_consumer_new_member(settings, group, NULL, topic, hooks, err);
}

struct kafka_consumer *
kafka_consumer_new_apart(const struct kafka_settings *settings,
                         const char *group, const char *topic,
                         struct error *err)
{
    struct kafka_consumer *consumer =
        make_consumer(settings, group, NULL, false, topic, err);
    if (consumer)
        consumer->metadata = rd_kafka_consumer_group_metadata_new(group);
    return consumer;
}

void
kafka_consumer_free(struct kafka_consumer *consumer, bool leave)
{
    if (!consumer)
        return;
    if (consumer->client && leave && consumer->group) {
        rd_kafka_queue_t *queue = rd_kafka_queue_new(consumer->client);
        rd_kafka_error_t *error =
            rd_kafka_consumer_close_queue(consumer->client, queue);
        int64_t until_ms = clock_monotonic_ms() + CLOSE_MS;
        if (error)
            rd_kafka_error_destroy(error);
        while (!error && !rd_kafka_consumer_closed(consumer->client) &&
               clock_monotonic_ms() < until_ms) {
            rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 50);
            if (event && rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE)
                rd_kafka_assign(consumer->client, NULL);
            if (event)
                rd_kafka_event_destroy(event);
        }
        rd_kafka_queue_destroy(queue);
    }
    forget_generation(consumer);
    kafka_prefetch_done(&consumer->prefetch);
    if (consumer->client)
        rd_kafka_destroy_flags(consumer->client,
                               RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    free(consumer->partitions);
    free(consumer->topic);
    free(consumer->group);
    free(consumer->instance);
    free(consumer);
}

bool
kafka_consumer_assign(struct kafka_consumer *consumer,
                      const struct kafka_offset *partitions, size_t count,
                      struct error *err)
{
    struct kafka_offset *copy = calloc(count + 1, sizeof(*copy));
    if (!copy)
        return error_no_memory(err);
    memcpy(copy, partitions, count * sizeof(*copy));
    bool ok = give(consumer, copy, count);
    free(copy);
    return ok || error_set(err, ERROR_RETRY, "Kafka: cannot assign %s",
                           consumer->topic);
}

enum kafka_outcome
kafka_consumer_poll(struct kafka_consumer *consumer, int timeout_ms,
                    struct kafka_message *out, struct error *err)
{
    *out = (struct kafka_message){0};
    rd_kafka_message_t *message = kafka_prefetch_poll(
        &consumer->prefetch, consumer->client, consumer->topic,
        consumer->partitions, consumer->partition_count, timeout_ms);
    out->more = kafka_prefetch_more(&consumer->prefetch);
    if (!message) /* who was fenced is told once, maybe when it is busy */
        return kafka_client_state(consumer->client, err);
    out->partition = message->partition;
    out->offset = message->offset;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        out->end = true;
        rd_kafka_message_destroy(message);
        return KAFKA_OK;
    }
    if (message->err) {
        bool useless = message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
                       rd_kafka_fatal_error(consumer->client, NULL, 0);
        enum kafka_outcome outcome = useless ? KAFKA_RECREATE : KAFKA_RETRY;
        error_set(err, ERROR_RETRY, "Kafka: %s",
                  kafka_trouble_advises(message->err)
                      ? kafka_trouble_text(message->err)
                      : rd_kafka_message_errstr(message));
        rd_kafka_message_destroy(message);
        return outcome;
    }
    out->handle = message;
    out->timestamp_ms = rd_kafka_message_timestamp(message, NULL);
    out->key = (struct span){message->key, message->key_len};
    out->value = (struct span){message->payload, message->len};
    return KAFKA_OK;
}

void
kafka_message_done(struct kafka_message *message)
{
    if (message->handle)
        rd_kafka_message_destroy(message->handle);
    message->handle = NULL;
}

bool
kafka_consumer_committed(struct kafka_consumer *consumer,
                         struct kafka_offset *partitions, size_t count,
                         int timeout_ms, struct error *err)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, consumer->topic,
                                          partitions[i].partition);
    rd_kafka_resp_err_t code =
        rd_kafka_committed(consumer->client, list, timeout_ms);
    for (size_t i = 0; i < count; i++) {
        if (list->elems[i].err && !code)
            code = list->elems[i].err;
        int64_t offset = list->elems[i].offset;
        partitions[i].offset = offset >= 0 ? offset : -1;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ||
           error_set(err, ERROR_RETRY, "Kafka: no committed offsets: %s",
                     kafka_trouble_text(code));
}

bool
kafka_consumer_rewind(struct kafka_consumer *consumer, int timeout_ms,
                      struct error *err)
{
    size_t count = consumer->partition_count;
    struct kafka_offset *partitions = calloc(count + 1, sizeof(*partitions));
    if (!partitions)
        return error_no_memory(err);
    memcpy(partitions, consumer->partitions, count * sizeof(*partitions));
    bool ok =
        kafka_consumer_committed(consumer, partitions, count, timeout_ms, err);
    for (size_t i = 0; ok && i < count; i++)
        if (partitions[i].offset < 0)
            partitions[i].offset = KAFKA_BEGINNING;
    if (ok && !give(consumer, partitions, count))
        ok = error_set(err, ERROR_RETRY, "Kafka: cannot go back in %s",
                       consumer->topic);
    free(partitions);
    return ok;
}

void
kafka_consumer_pause(struct kafka_consumer *consumer)
{
    rd_kafka_topic_partition_list_t *list = NULL;
    if (rd_kafka_assignment(consumer->client, &list) !=
        RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    kafka_prefetch_drop(&consumer->prefetch);
    rd_kafka_pause_partitions(consumer->client, list);
    rd_kafka_topic_partition_list_destroy(list);
}

bool
kafka_consumer_note_generation(struct kafka_consumer *consumer)
{
    forget_generation(consumer);
    if (!consumer->group)
        return true;
    consumer->metadata = rd_kafka_consumer_group_metadata(consumer->client);
    char *member = rd_kafka_memberid(consumer->client);
    bool fences = kafka_group_fences(consumer->metadata, consumer->group,
                                     member, consumer->instance);
    if (member)
        rd_kafka_mem_free(consumer->client, member);
    if (!fences)
        forget_generation(consumer);
    return fences;
}

rd_kafka_consumer_group_metadata_t *
kafka_group_metadata(const struct kafka_consumer *consumer)
{
    return consumer->metadata;
}

rd_kafka_t *
kafka_consumer_client(const struct kafka_consumer *consumer)
{
    return consumer->client;
}

const char *
kafka_consumer_topic(const struct kafka_consumer *consumer)
{
    return consumer->topic;
}
