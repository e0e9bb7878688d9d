#include "clock.h"
#include "ingest_model.h"
#include "rejected_record.h"

/* "source/stream/target#0" belongs where its source does. */
static int32_t
partition_of_record(const struct ingest *ingest,
                    const struct page_record *record)
{
    if (record->topic == PAGE_POSTS)
        return partition_of(record->key,
                            (int32_t)broker_partitions(ingest->broker));
    if (record->topic == PAGE_REJECTED)
        return 0;
    return cursor_partition(cursor_source(record->key));
}

static const char *
topic_of_record(const struct config *config, const struct page_record *record)
{
    switch (record->topic) {
    case PAGE_POSTS:
        return config->topics.posts;
    case PAGE_CURSORS:
        return config->topics.cursors;
    case PAGE_REJECTED:
        break;
    }
    return config->topics.rejected;
}

bool
ingest_record_make(const struct ingest *ingest, const struct page_record *from,
                   const char *refusal, struct kafka_record *out,
                   struct buffer *rejected, struct error *err)
{
    /* A clock that ran ahead when the page was fetched has been set right
     * since, or the broker refuses the time. */
    int64_t now_ms = clock_wall_ms();
    *out = (struct kafka_record){
        .topic = topic_of_record(ingest->config, from),
        .partition = partition_of_record(ingest, from),
        .key = from->key,
        .value = from->value,
        .timestamp_ms =
            from->timestamp_ms < now_ms ? from->timestamp_ms : now_ms,
    };
    if (!refusal)
        return true;
    CLEANUP(buffer_done) struct buffer reason = {0};
    buffer_printf(&reason, "Kafka does not take the record: %s", refusal);
    if (!buffer_ok(&reason))
        return error_no_memory(err);
    const struct rejected_record why = {
        .stage = "ingest",
        .reason = buffer_text(&reason),
        .topic = NULL,
        .post_id = from->topic == PAGE_POSTS ? from->key : SPAN_NONE,
        .bytes = from->value,
        .keep = ingest->config->rejected_keep,
    };
    if (!rejected_write(rejected, &why, now_ms, err))
        return false;
    out->topic = ingest->config->topics.rejected;
    out->partition = 0;
    out->value = buffer_span(rejected);
    return true;
}
