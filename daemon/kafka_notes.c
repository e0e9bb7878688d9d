#include "kafka_notes.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>

#include "kafka_client.h"
#include "kafka_trouble.h"

static bool
answered(rd_kafka_resp_err_t code, const char *what, struct error *err)
{
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ||
           error_set(err, ERROR_RETRY, "Kafka does not tell %s: %s", what,
                     kafka_trouble_text(code));
}

static rd_kafka_topic_partition_list_t *
make_list(const struct kafka_consumer *consumer,
          const struct kafka_offset *offsets, size_t count, int64_t offset)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, kafka_consumer_topic(consumer),
                                          offsets[i].partition)
            ->offset = offset;
    return list;
}

/* The first error of a list whose request was answered. */
static rd_kafka_resp_err_t
error_of(const rd_kafka_topic_partition_list_t *list, rd_kafka_resp_err_t code)
{
    for (int i = 0; !code && i < list->cnt; i++)
        code = list->elems[i].err;
    return code;
}

bool
kafka_notes_read(struct kafka_consumer *consumer, struct kafka_offset *offsets,
                 struct kafka_note *notes, size_t count, int timeout_ms,
                 struct error *err)
{
    rd_kafka_topic_partition_list_t *list =
        make_list(consumer, offsets, count, RD_KAFKA_OFFSET_INVALID);
    rd_kafka_resp_err_t code =
        rd_kafka_committed(kafka_consumer_client(consumer), list, timeout_ms);
    code = error_of(list, code);
    for (size_t i = 0; i < count; i++) {
        const rd_kafka_topic_partition_t *item = &list->elems[i];
        offsets[i].offset = item->offset >= 0 ? item->offset : -1;
        snprintf(notes[i].text, sizeof(notes[i].text), "%.*s",
                 item->metadata ? (int)item->metadata_size : 0,
                 item->metadata ? (const char *)item->metadata : "");
    }
    rd_kafka_topic_partition_list_destroy(list);
    return answered(code, "what was committed", err);
}

bool
kafka_notes_group_runs(struct kafka_consumer *consumer, const char *group,
                       bool *runs, int timeout_ms, struct error *err)
{
    const struct rd_kafka_group_list *list = NULL;
    rd_kafka_resp_err_t code = rd_kafka_list_groups(
        kafka_consumer_client(consumer), group, &list, timeout_ms);
    *runs = false;
    for (int i = 0; list && i < list->group_cnt; i++)
        *runs = *runs || list->groups[i].member_cnt > 0;
    if (list)
        rd_kafka_group_list_destroy(list);
    return answered(code, "who is in a group", err);
}

void
kafka_notes_leave(struct kafka_consumer *consumer, int32_t partition)
{
    const struct kafka_offset one = {partition, 0};
    rd_kafka_topic_partition_list_t *list = make_list(consumer, &one, 1, 0);
    rd_kafka_pause_partitions(kafka_consumer_client(consumer), list);
    rd_kafka_topic_partition_list_destroy(list);
}
