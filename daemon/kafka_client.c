#include "kafka_client.h"

#include <librdkafka/rdkafka.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

#include "buffer.h"
#include "clock.h"
#include "kafka_trouble.h"
#include "log.h"

enum {
    SAME_LINE_MS = 60 * 1000,
    MAXIMUM_MESSAGE_BYTES = 1000 * 1000,
    SLICE_MS = 1500,
};

/* librdkafka repeats itself while a broker is away: one line a minute. The
 * severity is that of syslog. */
static void
on_log(const rd_kafka_t *client, int level, const char *facility,
       const char *text)
{
    static _Atomic int64_t last_ms;
    int64_t now_ms = clock_monotonic_ms();
    int64_t before_ms = last_ms;
    bool quiet = now_ms - before_ms < SAME_LINE_MS && before_ms != 0;
    if (level > LOG_LEVEL_NOTICE || kafka_trouble_note(text) || quiet) {
        log_debug("kafka", "%s: %s", facility, text);
        return;
    }
    last_ms = now_ms;
    log_warning("kafka", "%s", text);
}

/* Errors of the client as a whole; those of calls are returned by the calls. */
static void
on_error(rd_kafka_t *client, int code, const char *reason, void *context)
{
    static _Atomic int64_t last_ms;
    int64_t now_ms = clock_monotonic_ms();
    int64_t before_ms = last_ms;
    log_debug("kafka", "%s: %s", rd_kafka_err2name(code), reason);
    bool away = code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN &&
                kafka_trouble_has_answered();
    bool known = kafka_trouble_note(reason) && kafka_trouble_fresh();
    if ((!away && !known) || (before_ms && now_ms - before_ms < SAME_LINE_MS))
        return;
    struct error err = {0};
    error_set(&err, ERROR_RETRY,
              "Kafka does not answer any more: posts wait until it does");
    kafka_trouble_explain(&err, NULL);
    last_ms = now_ms;
    log_warning("kafka", "%s", err.message);
}

/* What OpenSSL decided stays; it is told in words. */
static int
on_certificate(rd_kafka_t *client, const char *broker, int32_t id,
               int *x509_error, int depth, const char *bytes, size_t size,
               char *reason, size_t reason_size, void *context)
{
    if (*x509_error == 0)
        return 1;
    kafka_trouble_certificate(*x509_error);
    snprintf(reason, reason_size, "certificate verify failed (%d)",
             *x509_error);
    return 0;
}

/* An address in digits needs no name server and no network. librdkafka asks
 * with AI_ADDRCONFIG, by which glibc refuses 127.0.0.1 on a machine whose only
 * interface is loopback: a laptop that is offline. */
static int
resolve(const char *node, const char *service, const struct addrinfo *hints,
        struct addrinfo **found, void *context)
{
    if (!node && !service) {
        freeaddrinfo(*found);
        return 0;
    }
    struct addrinfo digits = *hints;
    digits.ai_flags = AI_NUMERICHOST;
    return getaddrinfo(node, service, &digits, found) == 0
               ? 0
               : getaddrinfo(node, service, hints, found);
}

static bool
set_property(rd_kafka_conf_t *conf, const char *name, const char *value,
             struct error *err)
{
    char reason[256];
    if (rd_kafka_conf_set(conf, name, value, reason, sizeof(reason)) ==
        RD_KAFKA_CONF_OK)
        return true;
    return error_set(err, ERROR_CONFIG, "kafka.properties: %s", reason);
}

rd_kafka_conf_t *
kafka_client_conf(const struct kafka_settings *settings,
                  const struct kafka_property_pair *own, size_t count,
                  struct error *err)
{
    const struct kafka_property_pair common[] = {
        {"bootstrap.servers", settings->brokers},
        {"client.id", "karool"},
        {"client.software.name", "karool"},
        {"socket.keepalive.enable", "true"},
        {"reconnect.backoff.max.ms", "2000"},
        {"broker.address.family", settings->embedded ? "v4" : "any"},
    };
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    bool ok = conf != NULL;
    for (size_t i = 0; ok && i < COUNT_OF(common); i++)
        ok = set_property(conf, common[i].name, common[i].value, err);
    /* The mock is too old for it, and says so. */
    if (ok && !settings->embedded)
        ok = set_property(conf, "allow.auto.create.topics", "false", err);
    for (size_t i = 0; ok && i < count; i++)
        ok = set_property(conf, own[i].name, own[i].value, err);
    /* Last: what must not be set there the configuration refuses. */
    const struct config *config = settings->config;
    for (size_t i = 0; ok && i < config->property_count; i++)
        ok = set_property(conf, config->properties[i].name,
                          config->properties[i].value, err);
    if (!ok) {
        if (conf)
            rd_kafka_conf_destroy(conf);
        return NULL;
    }
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
    /* Refused only by a librdkafka without TLS. */
    (void)rd_kafka_conf_set_ssl_cert_verify_cb(conf, on_certificate);
    rd_kafka_conf_set_resolve_cb(conf, resolve);
    return conf;
}

bool
kafka_client_property_fault(const char *name, const char *value, char *reason,
                            size_t size)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    bool fault = !conf || rd_kafka_conf_set(conf, name, value, reason, size) !=
                              RD_KAFKA_CONF_OK;
    if (!conf)
        snprintf(reason, size, "out of memory");
    else
        rd_kafka_conf_destroy(conf);
    return fault;
}

static bool
is_timeout(int code)
{
    return code == RD_KAFKA_RESP_ERR__TIMED_OUT ||
           code == RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE ||
           code == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT ||
           code == RD_KAFKA_RESP_ERR__STATE ||
           code == RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS ||
           code == RD_KAFKA_RESP_ERR__CONFLICT;
}

enum kafka_outcome
kafka_client_sort(rd_kafka_error_t *error, const char *what, struct error *err)
{
    if (!error)
        return KAFKA_OK;
    enum kafka_outcome outcome = KAFKA_RECREATE;
    enum error_kind kind = ERROR_RETRY;
    int code = rd_kafka_error_code(error);
    if (rd_kafka_error_txn_requires_abort(error))
        outcome = KAFKA_ABORT;
    else if (rd_kafka_error_is_fatal(error) || is_timeout(code))
        outcome = KAFKA_RECREATE; /* what timed out may still happen */
    else if (rd_kafka_error_is_retriable(error))
        outcome = KAFKA_RETRY;
    error_set(err, kind, "%s: %s (%s)", what,
              kafka_trouble_advises(code) ? kafka_trouble_text(code)
                                          : rd_kafka_error_string(error),
              rd_kafka_error_name(error));
    rd_kafka_error_destroy(error);
    return outcome;
}

enum kafka_outcome
kafka_client_sort_code(int code, const char *what, struct error *err)
{
    error_set(err, ERROR_RETRY, "%s: %s", what, kafka_trouble_text(code));
    switch (code) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        return KAFKA_OK;
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
        return KAFKA_RETRY;
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
        return KAFKA_REFUSED;
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR__STATE:
        return KAFKA_RECREATE;
    default:
        return KAFKA_ABORT;
    }
}

enum kafka_outcome
kafka_client_state(rd_kafka_t *client, struct error *err)
{
    char reason[256];
    if (!rd_kafka_fatal_error(client, reason, sizeof(reason)))
        return KAFKA_OK;
    error_set(err, ERROR_RETRY, "Kafka: %s", reason);
    return KAFKA_RECREATE;
}

int
kafka_client_metadata(rd_kafka_t *client, rd_kafka_topic_t *topic,
                      const struct rd_kafka_metadata **metadata, int timeout_ms)
{
    int64_t until_ms = clock_monotonic_ms() + timeout_ms;
    for (;;) {
        int64_t left_ms = until_ms - clock_monotonic_ms();
        int slice_ms = left_ms < SLICE_MS ? (int)left_ms : SLICE_MS;
        int code = rd_kafka_metadata(client, !topic, topic, metadata,
                                     slice_ms > 0 ? slice_ms : 0);
        if (!code)
            kafka_trouble_answered();
        if (!code || left_ms <= SLICE_MS || kafka_trouble_fresh())
            return code;
    }
}
