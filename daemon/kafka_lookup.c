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

/* Of each partition the offset that belongs to a time, or to what stands for
 * one. rd_kafka_query_watermark_offsets() would wait for minutes for a broker
 * that goes away meanwhile, whatever time it is given. */
static rd_kafka_resp_err_t
look_up(struct kafka_consumer *consumer, struct kafka_offset *partitions,
        size_t count, int64_t time, int timeout_ms)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, kafka_consumer_topic(consumer),
                                          partitions[i].partition)
            ->offset = time;
    rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(
        kafka_consumer_client(consumer), list, timeout_ms);
    for (size_t i = 0; i < count; i++) {
        if (list->elems[i].err && !code)
            code = list->elems[i].err;
        partitions[i].offset = list->elems[i].offset;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return code;
}

bool
kafka_consumer_offsets_at(struct kafka_consumer *consumer,
                          struct kafka_offset *partitions, size_t count,
                          int64_t wall_ms, int timeout_ms, struct error *err)
{
    /* What is below 0 stands for something else than a time. */
    rd_kafka_resp_err_t code = look_up(consumer, partitions, count,
                                       wall_ms > 0 ? wall_ms : 0, timeout_ms);
    for (size_t i = 0; i < count; i++)
        if (partitions[i].offset < 0)
            partitions[i].offset = KAFKA_END;
    return !code ||
           error_set(err, ERROR_RETRY, "%s: no offsets by time: %s",
                     kafka_consumer_topic(consumer), kafka_trouble_text(code));
}

bool
kafka_consumer_bounds(struct kafka_consumer *consumer, int32_t partition,
                      int timeout_ms, int64_t *first, int64_t *end,
                      struct error *err)
{
    struct kafka_offset low = {partition, 0}, high = {partition, 0};
    rd_kafka_resp_err_t code =
        look_up(consumer, &low, 1, RD_KAFKA_OFFSET_BEGINNING, timeout_ms);
    if (!code)
        code = look_up(consumer, &high, 1, RD_KAFKA_OFFSET_END, timeout_ms);
    *first = low.offset;
    *end = high.offset;
    return !code ||
           error_set(err, ERROR_RETRY, "%s: no offsets: %s",
                     kafka_consumer_topic(consumer), kafka_trouble_text(code));
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
