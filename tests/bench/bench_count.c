/*
 * bench_count BROKERS TOPIC COUNT: a bare librdkafka consumer of all of a
 * topic's partitions that only counts COUNT records: what `karool run` is
 * measured against. Prints posts a second, from the first record to the last.
 */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BATCH 1000

static double
now_s(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static rd_kafka_t *
open_consumer(const char *brokers)
{
    char reason[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    static const char *const properties[][2] = {
        {"group.id", "bench-count"},
        {"enable.auto.commit", "false"},
        {"isolation.level", "read_committed"},
    };
    if (rd_kafka_conf_set(conf, "bootstrap.servers", brokers, reason,
                          sizeof(reason)) != RD_KAFKA_CONF_OK)
        return NULL;
    for (size_t i = 0; i < sizeof(properties) / sizeof(*properties); i++)
        if (rd_kafka_conf_set(conf, properties[i][0], properties[i][1], reason,
                              sizeof(reason)) != RD_KAFKA_CONF_OK)
            return NULL;
    rd_kafka_t *client =
        rd_kafka_new(RD_KAFKA_CONSUMER, conf, reason, sizeof(reason));
    if (client)
        rd_kafka_poll_set_consumer(client);
    return client;
}

static int
partition_count(rd_kafka_t *client, const char *name)
{
    const rd_kafka_metadata_t *metadata;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, name, NULL);
    int count = 0;
    if (rd_kafka_metadata(client, 0, topic, &metadata, 10000) == 0) {
        count = metadata->topics[0].partition_cnt;
        rd_kafka_metadata_destroy(metadata);
    }
    rd_kafka_topic_destroy(topic);
    return count;
}

static void
assign_all(rd_kafka_t *client, const char *topic)
{
    int partitions = partition_count(client, topic);
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(partitions);
    for (int i = 0; i < partitions; i++)
        rd_kafka_topic_partition_list_add(list, topic, i)->offset =
            RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(client, list);
    rd_kafka_topic_partition_list_destroy(list);
}

static long
count_batch(rd_kafka_queue_t *queue, size_t *bytes)
{
    rd_kafka_message_t *messages[BATCH];
    ssize_t got = rd_kafka_consume_batch_queue(queue, 100, messages, BATCH);
    long count = 0;
    for (ssize_t i = 0; i < got; i++) {
        count += messages[i]->err == 0;
        *bytes += messages[i]->len;
        rd_kafka_message_destroy(messages[i]);
    }
    return count;
}

int
main(int argc, char **argv)
{
    rd_kafka_t *client = argc == 4 ? open_consumer(argv[1]) : NULL;
    if (!client) {
        fputs("usage: bench_count BROKERS TOPIC COUNT\n", stderr);
        return 2;
    }
    long wanted = atol(argv[3]), count = 0;
    size_t bytes = 0;
    double first = 0, until = now_s() + 300;
    assign_all(client, argv[2]);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(client);
    while (count < wanted && now_s() < until) {
        if (count == 0)
            first = now_s();
        count += count_batch(queue, &bytes);
    }
    double took = now_s() - first;
    printf("%.0f posts/s, %ld posts, %zu bytes\n", (double)count / took, count,
           bytes);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    return count < wanted;
}
