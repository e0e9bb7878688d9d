#include "kafka_group.h"

#include <librdkafka/rdkafka.h>
#include <stdlib.h>
#include <string.h>

/* librdkafka 2.0.2 has no getter of the generation; but metadata can be
 * written as bytes, which are the same when the generation is. */
static bool
same_bytes(const rd_kafka_consumer_group_metadata_t *a,
           const rd_kafka_consumer_group_metadata_t *b)
{
    void *bytes[2] = {NULL, NULL};
    size_t len[2] = {0, 0};
    rd_kafka_error_t *error =
        rd_kafka_consumer_group_metadata_write(a, &bytes[0], &len[0]);
    if (!error)
        error = rd_kafka_consumer_group_metadata_write(b, &bytes[1], &len[1]);
    /* In doubt it is taken for generation -1, which is refused. */
    bool same =
        error || (len[0] == len[1] && memcmp(bytes[0], bytes[1], len[0]) == 0);
    if (error)
        rd_kafka_error_destroy(error);
    for (int i = 0; i < 2; i++)
        if (bytes[i])
            rd_kafka_mem_free(NULL, bytes[i]);
    return same;
}

bool
kafka_group_fences(const rd_kafka_consumer_group_metadata_t *metadata,
                   const char *group, const char *member, const char *instance)
{
    if (!metadata || !member || !member[0])
        return false;
    rd_kafka_consumer_group_metadata_t *none =
        rd_kafka_consumer_group_metadata_new_with_genid(group, -1, member,
                                                        instance);
    bool fences = none && !same_bytes(metadata, none);
    if (none)
        rd_kafka_consumer_group_metadata_destroy(none);
    return fences;
}
