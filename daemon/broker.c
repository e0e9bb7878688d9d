#include "broker.h"

#include <errno.h>
#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "broker_topics.h"
#include "buffer.h"
#include "file.h"
#include "kafka_client.h"
#include "log.h"

struct broker {
    struct config *config;
    bool embedded;
    unsigned partitions;
    rd_kafka_t *client; /* that the mock cluster lives in */
    rd_kafka_mock_cluster_t *mock;
    struct buffer address;
    struct buffer address_file; /* "" when another process has noted its own */
    int address_lock;           /* or -1 */
};

void
broker_free(struct broker *broker)
{
    if (!broker)
        return;
    if (broker->address_file.len)
        unlink(buffer_text(&broker->address_file));
    if (broker->address_lock >= 0)
        close(broker->address_lock);
    if (broker->mock)
        rd_kafka_mock_cluster_destroy(broker->mock);
    if (broker->client)
        rd_kafka_destroy_flags(broker->client,
                               RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    buffer_done(&broker->address);
    buffer_done(&broker->address_file);
    config_unref(broker->config);
    free(broker);
}

void
broker_freep(struct broker **broker)
{
    broker_free(*broker);
}

static rd_kafka_t *
make_client(struct broker *broker, const char *brokers, struct error *err)
{
    const struct kafka_settings settings = {broker->config, brokers,
                                            broker->embedded};
    /* The client that the mock lives in talks to nobody. */
    const struct kafka_property_pair quiet[] = {{"log_level", "0"}};
    char reason[256];
    rd_kafka_conf_t *conf =
        kafka_client_conf(&settings, quiet, broker->embedded ? 1 : 0, err);
    if (!conf)
        return NULL;
    rd_kafka_t *client =
        rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
    if (!client) {
        rd_kafka_conf_destroy(conf);
        error_set(err, ERROR_CONFIG, "Kafka: %s", reason);
    }
    return client;
}

/* Does this process note its address? The lock lasts until the process ends,
 * however it ends. */
static bool
lock_address(struct broker *broker, struct error *err)
{
    CLEANUP(buffer_done) struct buffer path = {0};
    const char *folder = broker->config->runtime_directory;
    buffer_printf(&path, "%s/brokers.lock", folder);
    buffer_printf(&broker->address_file, "%s/brokers", folder);
    if (!buffer_ok(&path) || !buffer_ok(&broker->address_file))
        return error_no_memory(err);
    broker->address_lock =
        open(buffer_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (broker->address_lock < 0)
        return error_set(err, ERROR_CONFIG, "%s: cannot make it: %s",
                         buffer_text(&path), strerror(errno));
    if (flock(broker->address_lock, LOCK_EX | LOCK_NB) != 0) {
        log_warning("kafka", "another process of this campaign has an embedded "
                             "broker of its own: `karool tail` reads that one");
        buffer_clear(&broker->address_file);
    }
    return true;
}

/* `karool tail` finds the address here. */
static bool
note_address(struct broker *broker, struct error *err)
{
    if (!file_make_folder(broker->config->runtime_directory, err) ||
        !lock_address(broker, err))
        return error_wrap(err, "set runtime_directory to a folder you may "
                               "write");
    return broker->address_file.len == 0 ||
           file_replace(buffer_text(&broker->address_file),
                        buffer_span(&broker->address), 0640, err);
}

static bool
start_embedded(struct broker *broker, struct error *err)
{
    struct topic_plan plans[TOPIC_COUNT];
    broker->client = make_client(broker, "127.0.0.1:1", err);
    if (!broker->client)
        return false;
    /* The mock binds 127.0.0.1 only (rdkafka_mock.c, rd_kafka_mock_broker_new;
     * asserted by a test). */
    broker->mock = rd_kafka_mock_cluster_new(broker->client, 1);
    if (!broker->mock)
        return error_set(err, ERROR_FATAL, "the embedded broker cannot start");
    broker->partitions = broker->config->partitions;
    broker_topics_plan(broker->config, plans);
    for (size_t i = 0; i < TOPIC_COUNT; i++)
        if (rd_kafka_mock_topic_create(broker->mock, plans[i].name,
                                       (int)plans[i].partitions,
                                       1) != RD_KAFKA_RESP_ERR_NO_ERROR)
            return error_set(err, ERROR_FATAL,
                             "the embedded broker cannot make the topic %s",
                             plans[i].name);
    buffer_append_text(&broker->address,
                       rd_kafka_mock_cluster_bootstraps(broker->mock));
    if (!buffer_ok(&broker->address))
        return error_no_memory(err);
    log_notice("kafka",
               "embedded broker at %s: nothing in it survives a restart, and "
               "any user of this machine can read it",
               buffer_text(&broker->address));
    return note_address(broker, err);
}

static bool
reach_real(struct broker *broker, struct error *err)
{
    rd_kafka_t *client = make_client(broker, broker->config->brokers, err);
    if (!client)
        return false;
    bool ok =
        broker_topics_make(client, broker->config, &broker->partitions, err);
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    buffer_append_text(&broker->address, broker->config->brokers);
    return ok && (buffer_ok(&broker->address) || error_no_memory(err));
}

struct broker *
broker_new(struct config *config, struct error *err)
{
    CLEANUP(broker_freep) struct broker *broker = calloc(1, sizeof(*broker));
    if (!broker) {
        error_no_memory(err);
        return NULL;
    }
    broker->address_lock = -1;
    broker->config = config_ref(config);
    broker->embedded = config->embedded;
    bool ok = config->embedded ? start_embedded(broker, err)
                               : reach_real(broker, err);
    return ok ? TAKE(broker) : NULL;
}

bool
broker_check(struct broker *broker, struct error *err)
{
    if (broker->embedded)
        return true;
    rd_kafka_t *client = make_client(broker, broker->config->brokers, err);
    if (!client)
        return false;
    bool ok = broker_topics_check(client, broker->config, err);
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    return ok;
}

const char *
broker_address(const struct broker *broker)
{
    return buffer_text(&broker->address);
}

bool
broker_embedded(const struct broker *broker)
{
    return broker->embedded;
}

unsigned
broker_partitions(const struct broker *broker)
{
    return broker->partitions;
}

const char *
broker_library_version(void)
{
    static char text[64];
    snprintf(text, sizeof(text), "librdkafka %s", rd_kafka_version_str());
    return text;
}
