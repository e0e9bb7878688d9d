#include "kafka_trouble.h"

#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"

enum {
    FRESH_MS = 30 * 1000,
    SCRAM_WORKS_SINCE = 0x02060100,
    /* OpenSSL's x509_vfy.h */
    NOT_YET_VALID = 9,
    HAS_EXPIRED = 10,
    HOST_NAME_MISMATCH = 62,
    IP_ADDRESS_MISMATCH = 64,
};

/* librdkafka's guess when a connection is closed early. */
static const char hangs_up[] = "it hangs up: it wants TLS or a password, see "
                               "security.protocol under kafka.properties";

static const struct {
    const char *words; /* of librdkafka */
    const char *reason;
} known[] = {
    {"certificate verify failed", NULL}, /* told by the certificate */
    {"Authentication failed",
     "user or password is wrong: see sasl.username, sasl.password and "
     "sasl.mechanism under kafka.properties"},
    {"authentication failed",
     "user or password is wrong: see sasl.username, sasl.password and "
     "sasl.mechanism under kafka.properties"},
    {"Unsupported mechanism", "it does not take this sasl.mechanism "
                              "(kafka.properties)"},
    {"ERR_UNSUPPORTED_SASL", "it does not take this sasl.mechanism "
                             "(kafka.properties)"},
    {"wrong version number", "it does not speak TLS at this address: see "
                             "security.protocol under kafka.properties"},
    {"unexpected eof while reading",
     "it does not speak TLS at this address: see security.protocol under "
     "kafka.properties"},
    {"alert bad certificate",
     "it asks for a certificate of ours: set ssl.certificate.location and "
     "ssl.key.location under kafka.properties"},
    {"certificate required",
     "it asks for a certificate of ours: set ssl.certificate.location and "
     "ssl.key.location under kafka.properties"},
    {"client SSL authentication might be required",
     "it asks for a certificate of ours: set ssl.certificate.location and "
     "ssl.key.location under kafka.properties"},
    {"incorrect security.protocol", hangs_up},
    {"might require SASL authentication", hangs_up},
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* Guarded by the lock: */
static char last[512];
static int64_t last_ms;

static atomic_bool answered;

static void
keep(const char *reason)
{
    pthread_mutex_lock(&lock);
    snprintf(last, sizeof(last), "%s", reason);
    last_ms = clock_monotonic_ms();
    pthread_mutex_unlock(&lock);
}

/* A librdkafka before 2.6.1 repeats its own nonce, which Kafka takes for a
 * wrong password since 3.7.2, 3.8.1 and 3.9 (CVE-2024-56128). */
static bool
is_old_scram(const char *text)
{
    char reason[sizeof(last)];
    if (!strstr(text, "mechanism SCRAM-") ||
        rd_kafka_version() >= SCRAM_WORKS_SINCE)
        return false;
    snprintf(reason, sizeof(reason),
             "user or password is wrong, or librdkafka %s is too old: SCRAM "
             "with Kafka 3.9, 4.x and the latest 3.7 and 3.8 needs librdkafka "
             "2.6.1; without one, use sasl.mechanism PLAIN over TLS "
             "(security.protocol: sasl_ssl)",
             rd_kafka_version_str());
    keep(reason);
    return true;
}

bool
kafka_trouble_note(const char *text)
{
    if (is_old_scram(text))
        return true;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (!strstr(text, known[i].words))
            continue;
        if (known[i].reason &&
            !(known[i].reason == hangs_up && atomic_load(&answered)))
            keep(known[i].reason);
        return true;
    }
    if (!strstr(text, "SSL handshake failed") && !strstr(text, "SASL "))
        return false;
    keep(text);
    return true;
}

void
kafka_trouble_answered(void)
{
    atomic_store(&answered, true);
}

bool
kafka_trouble_has_answered(void)
{
    return atomic_load(&answered);
}

void
kafka_trouble_certificate(int x509_error)
{
    char other[128];
    switch (x509_error) {
    case HOST_NAME_MISMATCH:
    case IP_ADDRESS_MISMATCH:
        keep("its certificate is for another host name: write the one that "
             "is in the certificate under 'brokers'");
        break;
    case HAS_EXPIRED:
        keep("its certificate has expired");
        break;
    case NOT_YET_VALID:
        keep("its certificate is not valid yet: is this machine's clock "
             "right?");
        break;
    case 2:
    case 18:
    case 19:
    case 20:
    case 21:
        keep("its certificate is not of an authority that is trusted here: "
             "name the authority's file as ssl.ca.location under "
             "kafka.properties");
        break;
    default:
        snprintf(other, sizeof(other),
                 "its certificate does not pass (OpenSSL's reason %d)",
                 x509_error);
        keep(other);
    }
}

bool
kafka_trouble_fresh(void)
{
    pthread_mutex_lock(&lock);
    bool fresh = last_ms && clock_monotonic_ms() - last_ms < FRESH_MS;
    pthread_mutex_unlock(&lock);
    return fresh;
}

void
kafka_trouble_explain(struct error *err, const char *brokers)
{
    char reason[sizeof(last)] = "";
    pthread_mutex_lock(&lock);
    if (last_ms && clock_monotonic_ms() - last_ms < FRESH_MS)
        memcpy(reason, last, sizeof(reason));
    pthread_mutex_unlock(&lock);
    if (reason[0])
        error_set(err, err->kind, "Kafka%s%s: %s", brokers ? " at " : "",
                  brokers ? brokers : "", reason);
}

static const char *
advice_for(int code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        return "the user may not use it: grant Read, Write, Describe and "
               "Create on its topics (kafka-acls.sh)";
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        return "the user may not use its group: grant Read and Describe on "
               "its groups (kafka-acls.sh)";
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
        return "the user may not use its transactional id: grant Write and "
               "Describe on its transactional ids (kafka-acls.sh)";
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        return "the user may not do this to the cluster: grant Create on its "
               "topics (kafka-acls.sh), or make them";
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
        return "the broker does not take its time: compare the clocks of this "
               "machine and of the broker";
    default:
        return NULL;
    }
}

bool
kafka_trouble_advises(int code)
{
    return advice_for(code) != NULL;
}

const char *
kafka_trouble_text(int code)
{
    const char *advice = advice_for(code);
    return advice ? advice : rd_kafka_err2str(code);
}
