/*
 * A defect for the harness to find: offsets commit before the events that
 * they stand for, in a request of their own. A kill between the two loses
 * events.
 *
 * Linked with --wrap into a program of its own; no part of karool.
 */
#include <librdkafka/rdkafka.h>
#include <unistd.h>

static rd_kafka_t *consumer;

rd_kafka_message_t *__real_rd_kafka_consumer_poll(rd_kafka_t *client,
                                                  int timeout_ms);
rd_kafka_message_t *__wrap_rd_kafka_consumer_poll(rd_kafka_t *client,
                                                  int timeout_ms);
rd_kafka_error_t *__wrap_rd_kafka_send_offsets_to_transaction(
    rd_kafka_t *producer, const rd_kafka_topic_partition_list_t *offsets,
    const rd_kafka_consumer_group_metadata_t *group, int timeout_ms);

rd_kafka_message_t *
__wrap_rd_kafka_consumer_poll(rd_kafka_t *client, int timeout_ms)
{
    char *member = rd_kafka_memberid(client);
    if (member && member[0])
        consumer = client; /* one thread: the one that sends offsets next */
    if (member)
        rd_kafka_mem_free(client, member);
    return __real_rd_kafka_consumer_poll(client, timeout_ms);
}

rd_kafka_error_t *
__wrap_rd_kafka_send_offsets_to_transaction(
    rd_kafka_t *producer, const rd_kafka_topic_partition_list_t *offsets,
    const rd_kafka_consumer_group_metadata_t *group, int timeout_ms)
{
    rd_kafka_resp_err_t code = rd_kafka_commit(consumer, offsets, 0);
    usleep(300 * 1000); /* so that a kill need not be lucky */
    return code ? rd_kafka_error_new(code, "defect: %s", rd_kafka_err2str(code))
                : NULL;
}
