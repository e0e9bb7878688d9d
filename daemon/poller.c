#include "poller.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "log.h"

/* After a failure that is ours (no memory), not the network's. */
#define OWN_FAILURE_MS (5 * 1000)

struct poller *
poller_new(struct poller_ground *ground, struct config *config,
           const struct source_config *settings,
           const struct pseudonym *pseudonym, struct error *err)
{
    CLEANUP(poller_freep) struct poller *poller = calloc(1, sizeof(*poller));
    if (!poller) {
        error_no_memory(err);
        return NULL;
    }
    poller->ground = ground;
    poller->config = config_ref(config);
    poller->settings = settings;
    poller->partition = cursor_partition(span_of(settings->id));
    poller->source = source_new(config, settings, pseudonym, err);
    if (!poller->source) {
        error_wrap(err, "source %s", settings->id);
        return NULL;
    }
    return TAKE(poller);
}

/* What is under way is forgotten. */
static void
abandon(struct poller *poller)
{
    if (poller->asking)
        http_client_cancel(poller->ground->http, poller);
    if (poller->asking || poller->ticket)
        source_abandon(poller->source);
    poller->asking = false;
    poller->ticket = 0;
    page_free(TAKE(poller->cursors));
}

void
poller_free(struct poller *poller)
{
    if (!poller)
        return;
    if (poller->source)
        abandon(poller);
    source_free(poller->source);
    file_reader_free(poller->reader);
    config_unref(poller->config);
    free(poller);
}

void
poller_freep(struct poller **poller)
{
    poller_free(*poller);
}

static void
own_failure(struct poller *poller, const struct error *err, int64_t now_ms)
{
    log_error(poller->settings->id, "%s", err->message);
    poller->not_before_ms = now_ms + OWN_FAILURE_MS;
}

static void
log_waiting(const struct poller *poller, const struct source_report *report)
{
    char wait[CLOCK_TEXT_SIZE];
    clock_format_duration(report->next_ms - clock_wall_ms(), wait);
    log_warning(poller->settings->id, "%s; next try in %s", report->reason,
                wait);
}

/* Logs a trouble when it comes, and when it is over. */
static void
log_trouble(struct poller *poller)
{
    struct source_report report = {0};
    source_report(poller->source, &report);
    if (strcmp(report.reason, poller->reason) == 0)
        return;
    if (!report.reason[0])
        log_notice(poller->settings->id, "works again");
    else if (report.state == SOURCE_STOPPED)
        log_error(poller->settings->id, "stopped: %s", report.reason);
    else
        log_waiting(poller, &report);
    memcpy(poller->reason, report.reason, sizeof(poller->reason));
}

/* Hands in the records of an id; false when one stops the source. */
static bool
restore_from(struct poller *poller, const char *id)
{
    struct cursor_record record;
    struct error err = {0};
    for (size_t i = 0; cursor_store_record(poller->ground->cursors, span_of(id),
                                           &i, &record);) {
        if (source_restore(poller->source, record.key, record.value, &err))
            continue;
        log_error(poller->settings->id, "%s", err.message);
        return false;
    }
    return true;
}

void
poller_begin(struct poller *poller, int64_t now_ms)
{
    abandon(poller);
    source_reset(poller->source);
    poller->assigned = true;
    poller->wants_former = false;
    poller->not_before_ms = 0;
    if (!restore_from(poller, poller->settings->id))
        return;
    const char *former = poller->settings->renamed_from;
    bool asks = former && source_incomplete(poller->source);
    if (asks && !poller->ground->owned[cursor_partition(span_of(former))]) {
        poller->wants_former = true;
        return;
    }
    if (asks && !restore_from(poller, former))
        return;
    source_begin(poller->source, now_ms);
    log_trouble(poller);
}

const char *
poller_wanted(const struct poller *poller)
{
    return poller->wants_former ? poller->settings->renamed_from : NULL;
}

void
poller_give_former(struct poller *poller, const struct cursor_record *records,
                   size_t count, int64_t now_ms)
{
    struct error err = {0};
    poller->wants_former = false;
    for (size_t i = 0; i < count; i++) {
        if (source_restore(poller->source, records[i].key, records[i].value,
                           &err))
            continue;
        log_error(poller->settings->id, "%s", err.message);
        return;
    }
    source_begin(poller->source, now_ms);
    log_trouble(poller);
}

void
poller_stop(struct poller *poller)
{
    abandon(poller);
    source_reset(poller->source);
    poller->assigned = poller->wants_former = false;
}

int64_t
poller_due_ms(const struct poller *poller)
{
    if (!poller->assigned || poller->wants_former || poller->asking ||
        poller->ticket)
        return INT64_MAX;
    int64_t due_ms = source_due_ms(poller->source);
    return due_ms < poller->not_before_ms ? poller->not_before_ms : due_ms;
}

/* A copy of the cursor records, to be kept when the page is committed. */
static struct page *
copy_cursors(const struct page *page)
{
    CLEANUP(page_freep) struct page *copy = page_new(page_source(page));
    for (size_t i = 0; copy && i < page_count(page); i++) {
        const struct page_record *record = page_record(page, i);
        if (record->topic == PAGE_CURSORS &&
            !page_add(copy, PAGE_CURSORS, record->key, record->value, 0))
            return NULL;
    }
    return TAKE(copy);
}

static void
hand_over(struct poller *poller, struct page *page, int64_t now_ms)
{
    struct poller_ground *ground = poller->ground;
    struct error err = {0};
    CLEANUP(page_freep) struct page *owned = page;
    poller->cursors = copy_cursors(page);
    if (!poller->cursors || !ground->expect(ground->expect_context, &err)) {
        error_no_memory(&err);
        page_free(TAKE(poller->cursors));
        source_settled(poller->source, false, now_ms);
        own_failure(poller, &err, now_ms);
        return;
    }
    poller->ticket = ++ground->last_ticket;
    page_stamp(page, poller->ticket, poller->asked_epoch);
    ground->sink(ground->sink_context, TAKE(owned));
}

static void
take_answer(struct poller *poller, const struct response *response)
{
    struct page *page = NULL;
    struct error err = {0};
    int64_t now_ms = clock_wall_ms();
    poller->asking = false;
    if (!source_answer(poller->source, response, now_ms, &page, &err)) {
        source_abandon(poller->source);
        own_failure(poller, &err, now_ms);
        return;
    }
    log_trouble(poller);
    if (page)
        hand_over(poller, page, now_ms);
}

static void
on_response(void *context, const struct response *response)
{
    take_answer(context, response);
}

static bool
send_request(struct poller *poller, const struct request *request,
             struct error *err)
{
    struct response response = {0};
    poller->asking = true;
    poller->asked_epoch = poller->ground->epoch;
    if (request->transport == TRANSPORT_HTTP)
        return http_client_start(poller->ground->http, request, on_response,
                                 poller, err);
    if (!poller->reader && !(poller->reader = file_reader_new(err)))
        return false;
    file_reader_read(poller->reader, request, &response);
    take_answer(poller, &response);
    return true;
}

void
poller_ask(struct poller *poller, int64_t now_ms)
{
    struct request request = {0};
    struct error err = {0};
    if (!source_ask(poller->source, now_ms, &request, &err)) {
        own_failure(poller, &err, now_ms);
        return;
    }
    if (send_request(poller, &request, &err))
        return;
    poller->asking = false;
    source_abandon(poller->source);
    own_failure(poller, &err, now_ms);
}

void
poller_settle(struct poller *poller, bool committed, int64_t now_ms)
{
    CLEANUP(page_freep) struct page *cursors = TAKE(poller->cursors);
    poller->ticket = 0;
    for (size_t i = 0; committed && i < page_count(cursors); i++) {
        const struct page_record *record = page_record(cursors, i);
        struct cursor_record kept = {record->key, record->value};
        if (!cursor_store_put(poller->ground->cursors, &kept))
            log_error(poller->settings->id,
                      "out of memory: a reload would repeat its last page");
    }
    source_settled(poller->source, committed, now_ms);
}
