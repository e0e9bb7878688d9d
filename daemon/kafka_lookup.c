#include <librdkafka/rdkafka.h>

#include "kafka_client.h"
#include "kafka_trouble.h"

bool
kafka_consumer_partitions(struct kafka_consumer *consumer, int timeout_ms,
                          unsigned *count, struct error *err)
{
    const rd_kafka_metadata_t *metadata = NULL;
    rd_kafka_t *client = kafka_consumer_client(consumer);
    const char *name = kafka_consumer_topic(consumer);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, name, NULL);
    rd_kafka_resp_err_t code =
        topic ? kafka_client_metadata(client, topic, &metadata, timeout_ms)
              : rd_kafka_last_error();
    *count = 0;
    if (!code && metadata && metadata->topic_cnt == 1)
        *count = (unsigned)metadata->topics[0].partition_cnt;
    if (metadata)
        rd_kafka_metadata_destroy(metadata);
    if (topic)
        rd_kafka_topic_destroy(topic);
    if (code) {
        error_set(err, ERROR_RETRY,
                  "Kafka does not answer (%s): is it running?",
                  kafka_trouble_text(code));
        kafka_trouble_explain(err, NULL);
        return false;
    }
    return *count > 0 ||
           error_set(err, ERROR_RETRY,
                     "there is no topic %s: has `karool run` been started "
                     "with this configuration?",
                     name);
}

bool
kafka_consumer_set_committed(struct kafka_consumer *consumer,
                             const struct kafka_offset *partitions,
                             size_t count, struct error *err)
{
    const char *topic = kafka_consumer_topic(consumer);
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, topic, partitions[i].partition)
            ->offset = partitions[i].offset;
    rd_kafka_resp_err_t code =
        rd_kafka_commit(kafka_consumer_client(consumer), list, 0);
    rd_kafka_topic_partition_list_destroy(list);
    return !code || error_set(err, ERROR_RETRY, "%s: offsets were not set: %s",
                              topic, kafka_trouble_text(code));
}

bool
kafka_consumer_offsets_at(struct kafka_consumer *consumer,
                          struct kafka_offset *partitions, size_t count,
                          int64_t wall_ms, int timeout_ms, struct error *err)
{
    const char *topic = kafka_consumer_topic(consumer);
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, topic, partitions[i].partition)
            ->offset = wall_ms;
    rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(
        kafka_consumer_client(consumer), list, timeout_ms);
    for (size_t i = 0; i < count; i++) {
        if (list->elems[i].err && !code)
            code = list->elems[i].err;
        int64_t offset = list->elems[i].offset;
        partitions[i].offset = offset >= 0 ? offset : KAFKA_END;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return !code || error_set(err, ERROR_RETRY, "%s: no offsets by time: %s",
                              topic, kafka_trouble_text(code));
}

bool
kafka_consumer_bounds(struct kafka_consumer *consumer, int32_t partition,
                      int timeout_ms, int64_t *first, int64_t *end,
                      struct error *err)
{
    const char *topic = kafka_consumer_topic(consumer);
    rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(kafka_consumer_client(consumer), topic,
                                         partition, first, end, timeout_ms);
    return !code || error_set(err, ERROR_RETRY, "%s: no offsets: %s", topic,
                              kafka_trouble_text(code));
}

int64_t
kafka_consumer_high(const struct kafka_consumer *consumer, int32_t partition)
{
    int64_t low, high;
    if (rd_kafka_get_watermark_offsets(
            kafka_consumer_client(consumer), kafka_consumer_topic(consumer),
            partition, &low, &high) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return -1;
    return high;
}

struct span
kafka_message_header(const struct kafka_message *message, const char *name)
{
    rd_kafka_headers_t *headers;
    const void *value;
    size_t len;
    if (!message->handle ||
        rd_kafka_message_headers(message->handle, &headers) ||
        rd_kafka_header_get_last(headers, name, &value, &len))
        return SPAN_NONE;
    return (struct span){value, len};
}
