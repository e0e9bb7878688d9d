#include "broker_reader.h"

#include <stdlib.h>
#include <unistd.h>

#include "file.h"

enum { ADDRESS_MOST = 4096, ANSWER_MS = 10000 };

bool
broker_reader_address(const struct config *config, struct buffer *out,
                      struct error *err)
{
    if (!config->embedded) {
        buffer_append_text(out, config->brokers);
        return buffer_ok(out) || error_no_memory(err);
    }
    CLEANUP(buffer_done) struct buffer path = {0};
    buffer_printf(&path, "%s/brokers", config->runtime_directory);
    if (!buffer_ok(&path))
        return error_no_memory(err);
    if (access(buffer_text(&path), F_OK))
        return error_set(err, ERROR_RETRY,
                         "no karool runs with the campaign '%s' and an "
                         "embedded broker (%s is not there): start `karool "
                         "run` with the same configuration first",
                         config->campaign, buffer_text(&path));
    return file_load(out, buffer_text(&path), ADDRESS_MOST, err);
}

static bool
assign_all(struct kafka_consumer *consumer, unsigned count, bool from_beginning,
           struct error *err)
{
    struct kafka_offset *offsets = calloc(count, sizeof(*offsets));
    if (!offsets)
        return error_no_memory(err);
    for (unsigned i = 0; i < count; i++)
        offsets[i] = (struct kafka_offset){
            (int32_t)i, from_beginning ? KAFKA_BEGINNING : KAFKA_END};
    bool ok = kafka_consumer_assign(consumer, offsets, count, err);
    free(offsets);
    return ok;
}

struct kafka_consumer *
broker_reader_new(struct config *config, const char *topic, bool from_beginning,
                  struct error *err)
{
    CLEANUP(buffer_done) struct buffer address = {0};
    unsigned count = 0;
    if (!broker_reader_address(config, &address, err))
        return NULL;
    const struct kafka_settings settings = {config, buffer_text(&address),
                                            config->embedded};
    struct kafka_consumer *consumer =
        kafka_consumer_new(&settings, NULL, topic, NULL, err);
    if (!consumer)
        return NULL;
    if (kafka_consumer_partitions(consumer, ANSWER_MS, &count, err) &&
        assign_all(consumer, count, from_beginning, err))
        return consumer;
    error_wrap(err, "%s", buffer_text(&address));
    kafka_consumer_free(consumer, false);
    return NULL;
}
