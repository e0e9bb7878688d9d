#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>

#include "kafka_client.h"
#include "kafka_group.h"
#include "kafka_trouble.h"

struct kafka_producer {
    rd_kafka_t *client;
    bool transactional;
};

static void
on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message,
            void *context)
{
    struct kafka_delivery *delivery = message->_private;
    struct error err = {0};
    if (!delivery)
        return;
    const char *what = kafka_trouble_advises(message->err) && message->rkt
                           ? rd_kafka_topic_name(message->rkt)
                           : "a record was not stored";
    delivery->outcome = kafka_client_sort_code(message->err, what, &err);
    delivery->offset = message->offset;
    delivery->purged = message->err == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
                       message->err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
    if (delivery->outcome != KAFKA_OK)
        snprintf(delivery->reason, sizeof(delivery->reason), "%.159s",
                 err.message);
}

static rd_kafka_t *
make_client(const struct kafka_settings *settings, const char *id,
            struct error *err)
{
    const struct kafka_property_pair own[] = {
        {"enable.idempotence", "true"},
        {"compression.type", settings->embedded ? "none" : "lz4"},
        /* A flush waits for none of it. Small batches cost the broker and us
         * a tenth of what a post costs. */
        {"linger.ms", "200"},
        {"message.max.bytes", "1000000"},
        {"message.timeout.ms", settings->embedded ? "60000" : "9000"},
        /* only where transactions are used: */
        {"transactional.id", id},
        {"transaction.timeout.ms", "10000"},
    };
    size_t count = settings->embedded ? COUNT_OF(own) - 2 : COUNT_OF(own);
    char reason[256];
    rd_kafka_conf_t *conf = kafka_client_conf(settings, own, count, err);
    if (!conf)
        return NULL;
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_t *client =
        rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
    if (!client) {
        rd_kafka_conf_destroy(conf);
        error_set(err, ERROR_CONFIG, "Kafka: %s", reason);
    }
    return client;
}

struct kafka_producer *
kafka_producer_new(const struct kafka_settings *settings,
                   const char *transactional_id, int timeout_ms,
                   struct error *err)
{
    CLEANUP(kafka_producer_freep)
    struct kafka_producer *producer = calloc(1, sizeof(*producer));
    if (!producer) {
        error_no_memory(err);
        return NULL;
    }
    producer->transactional = !settings->embedded;
    producer->client = make_client(settings, transactional_id, err);
    if (!producer->client)
        return NULL;
    if (producer->transactional &&
        kafka_client_sort(
            rd_kafka_init_transactions(producer->client, timeout_ms),
            "Kafka does not open transactions", err) != KAFKA_OK)
        return NULL;
    return TAKE(producer);
}

void
kafka_producer_free(struct kafka_producer *producer)
{
    if (!producer)
        return;
    if (producer->client) {
        /* What is queued is part of no committed transaction. */
        rd_kafka_purge(producer->client, RD_KAFKA_PURGE_F_QUEUE |
                                             RD_KAFKA_PURGE_F_INFLIGHT |
                                             RD_KAFKA_PURGE_F_NON_BLOCKING);
        rd_kafka_flush(producer->client, 100);
        rd_kafka_destroy_flags(producer->client,
                               RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    }
    free(producer);
}

void
kafka_producer_freep(struct kafka_producer **producer)
{
    kafka_producer_free(*producer);
}

enum kafka_outcome
kafka_producer_begin(struct kafka_producer *producer, struct error *err)
{
    if (!producer->transactional)
        return KAFKA_OK;
    return kafka_client_sort(rd_kafka_begin_transaction(producer->client),
                             "a transaction cannot begin", err);
}

static rd_kafka_headers_t *
make_headers(const struct kafka_record *record)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(record->header_count);
    for (size_t i = 0; headers && i < record->header_count; i++)
        rd_kafka_header_add(headers, record->headers[i].name, -1,
                            record->headers[i].value.at,
                            (ssize_t)record->headers[i].value.len);
    return headers;
}

enum kafka_outcome
kafka_producer_produce(struct kafka_producer *producer,
                       const struct kafka_record *record, struct error *err)
{
    rd_kafka_headers_t *headers = make_headers(record);
    if (!headers) {
        error_no_memory(err);
        return KAFKA_ABORT;
    }
    if (record->delivery)
        *record->delivery =
            (struct kafka_delivery){.offset = -1, .outcome = KAFKA_RETRY};
    rd_kafka_resp_err_t code = rd_kafka_producev(
        producer->client, RD_KAFKA_V_TOPIC(record->topic),
        RD_KAFKA_V_PARTITION(record->partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(record->key.at, record->key.len),
        RD_KAFKA_V_VALUE((void *)record->value.at, record->value.len),
        RD_KAFKA_V_TIMESTAMP(record->timestamp_ms), RD_KAFKA_V_HEADERS(headers),
        RD_KAFKA_V_OPAQUE(record->delivery), RD_KAFKA_V_END);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return KAFKA_OK;
    rd_kafka_headers_destroy(headers);
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        rd_kafka_poll(producer->client, 50);
    return kafka_client_sort_code(code, "a record was not taken", err);
}

enum kafka_outcome
kafka_producer_flush(struct kafka_producer *producer, int timeout_ms,
                     struct error *err)
{
    rd_kafka_resp_err_t code = rd_kafka_flush(producer->client, timeout_ms);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return KAFKA_OK;
    error_set(err, ERROR_RETRY, "Kafka does not answer (%s)",
              kafka_trouble_text(code));
    return producer->transactional ? KAFKA_ABORT : KAFKA_RETRY;
}

enum kafka_outcome
kafka_producer_send_notes(struct kafka_producer *producer,
                          struct kafka_consumer *consumer, const char *topic,
                          const struct kafka_offset *offsets,
                          const struct kafka_note *notes, size_t count,
                          int timeout_ms, struct error *err)
{
    if (!producer->transactional || count == 0)
        return KAFKA_OK;
    rd_kafka_consumer_group_metadata_t *group = kafka_group_metadata(consumer);
    if (!group) {
        /* Nothing would be checked: no offsets, no commit. */
        error_set(err, ERROR_RETRY, "not a member of the group any more");
        return KAFKA_ABORT;
    }
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++) {
        rd_kafka_topic_partition_t *item = rd_kafka_topic_partition_list_add(
            list, topic, offsets[i].partition);
        item->offset = offsets[i].offset;
        /* Freed with the list. */
        item->metadata = notes ? strdup(notes[i].text) : NULL;
        item->metadata_size = item->metadata ? strlen(item->metadata) : 0;
    }
    rd_kafka_error_t *error = rd_kafka_send_offsets_to_transaction(
        producer->client, list, group, timeout_ms);
    rd_kafka_topic_partition_list_destroy(list);
    return kafka_client_sort(error, "offsets were not taken", err);
}

enum kafka_outcome
kafka_producer_send_offsets(struct kafka_producer *producer,
                            struct kafka_consumer *consumer, const char *topic,
                            const struct kafka_offset *offsets, size_t count,
                            int timeout_ms, struct error *err)
{
    return kafka_producer_send_notes(producer, consumer, topic, offsets, NULL,
                                     count, timeout_ms, err);
}

enum kafka_outcome
kafka_producer_commit(struct kafka_producer *producer, int timeout_ms,
                      struct error *err)
{
    if (!producer->transactional)
        return KAFKA_OK;
    return kafka_client_sort(
        rd_kafka_commit_transaction(producer->client, timeout_ms),
        "a transaction was not committed", err);
}

enum kafka_outcome
kafka_producer_abort(struct kafka_producer *producer, int timeout_ms,
                     struct error *err)
{
    if (!producer->transactional)
        return KAFKA_OK;
    return kafka_client_sort(
        rd_kafka_abort_transaction(producer->client, timeout_ms),
        "a transaction was not aborted", err);
}

/* Beginning another one does nothing but tell what this one's state is. */
void
kafka_producer_why(struct kafka_producer *producer, struct error *err)
{
    if (!producer->transactional)
        return;
    rd_kafka_error_t *error = rd_kafka_begin_transaction(producer->client);
    if (error && rd_kafka_error_txn_requires_abort(error))
        (void)kafka_client_sort(error, "a transaction cannot be committed",
                                err);
    else if (error)
        rd_kafka_error_destroy(error);
}

bool
kafka_producer_fenced(const struct kafka_producer *producer)
{
    rd_kafka_resp_err_t code = rd_kafka_fatal_error(producer->client, NULL, 0);
    return code == RD_KAFKA_RESP_ERR__FENCED ||
           code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH ||
           code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED;
}
