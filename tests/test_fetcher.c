#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http_peer.h"

#include "clock.h"
#include "fetcher.h"
#include "log.h"
#include "pseudonym.h"

/*
 * A source that counts: each answer is a page with the next number and the
 * cursor of it. It stands in for source.c, and what it needs of the
 * configuration for config.c.
 */
struct source {
    const struct source_config *settings;
    bool begun;
    int64_t next_ms;
    int number; /* committed */
    uint64_t failures;
    char reason[64];
    char url[128];
    struct header header;
};

static struct http_peer *peer;
static atomic_int sources_made, sources_alive;
static atomic_bool refuse_new;

struct source *
source_new(struct config *config, const struct source_config *settings,
           const struct pseudonym *pseudonym, struct error *err)
{
    if (refuse_new) {
        error_set(err, ERROR_CONFIG, "refused");
        return NULL;
    }
    struct source *source = calloc(1, sizeof(*source));
    if (!source)
        abort();
    source->settings = settings;
    sources_made++;
    sources_alive++;
    return source;
}

void
source_free(struct source *source)
{
    if (source)
        sources_alive--;
    free(source);
}

bool
source_restore(struct source *source, struct span key, struct span value,
               struct error *err)
{
    char text[32];
    snprintf(text, sizeof(text), "%.*s", SPAN_ARGS(value));
    source->number = atoi(text);
    return true;
}

bool
source_incomplete(const struct source *source)
{
    return source->number == 0;
}

void
source_begin(struct source *source, int64_t now_ms)
{
    source->begun = true;
    source->next_ms = now_ms;
}

void
source_reset(struct source *source)
{
    source->begun = false;
    source->number = 0;
}

void
source_clock_set(struct source *source, int64_t by_ms)
{
}

int64_t
source_due_ms(const struct source *source)
{
    return source->begun ? source->next_ms : INT64_MAX;
}

bool
source_ask(struct source *source, int64_t now_ms, struct request *out,
           struct error *err)
{
    struct span path = source->settings->variables[0].list.items[0];
    bool file = span_starts(path, "/tmp/");
    if (file)
        snprintf(source->url, sizeof(source->url), "%.*s", SPAN_ARGS(path));
    else
        snprintf(source->url, sizeof(source->url), "http://127.0.0.1:%d%.*s",
                 peer->port, SPAN_ARGS(path));
    *out = (struct request){
        .transport = file ? TRANSPORT_FILE : TRANSPORT_HTTP,
        .method = span_of("GET"),
        .url = span_of(source->url),
        .format = span_of("ndjson"),
        .allow_http = true,
        .allow_local = true,
        .timeout_ms = 3000,
    };
    return true;
}

bool
source_answer(struct source *source, const struct response *response,
              int64_t now_ms, struct page **page, struct error *err)
{
    char key[64], value[16];
    *page = NULL;
    if (response->failure || response->status != 200) {
        source->next_ms = now_ms + source->settings->every_ms;
        source->failures++;
        snprintf(source->reason, sizeof(source->reason), "%.60s",
                 response->reason);
        return true;
    }
    source->reason[0] = '\0';
    *page = page_new(source->settings->id);
    snprintf(key, sizeof(key), "%s/s/t", source->settings->id);
    snprintf(value, sizeof(value), "%d", source->number + 1);
    return (*page &&
            page_add(*page, PAGE_POSTS, span_of("p"), span_of(value), now_ms) &&
            page_add(*page, PAGE_CURSORS, span_of(key), span_of(value),
                     now_ms)) ||
           error_no_memory(err);
}

void
source_settled(struct source *source, bool committed, int64_t now_ms)
{
    source->number += committed;
    source->next_ms = now_ms + source->settings->every_ms;
}

void
source_abandon(struct source *source)
{
}

void
source_report(const struct source *source, struct source_report *out)
{
    *out = (struct source_report){
        .id = source->settings->id,
        .connector = "counting",
        .state = source->begun ? SOURCE_WAITING : SOURCE_UNASSIGNED,
        .posts = (uint64_t)source->number,
        .failures = source->failures,
    };
    snprintf(out->reason, sizeof(out->reason), "%s", source->reason);
}

struct pseudonym *
pseudonym_new(const struct config *config, struct error *err)
{
    return calloc(1, 1);
}

void
pseudonym_free(struct pseudonym *pseudonym)
{
    free(pseudonym);
}

struct config *
config_ref(struct config *config)
{
    return config;
}

void
config_unref(struct config *config)
{
}

const struct source_config *
config_source(const struct config *config, struct span id)
{
    for (size_t i = 0; i < config->source_count; i++)
        if (span_is(id, config->sources[i].id))
            return &config->sources[i];
    return NULL;
}

struct span
connector_digest(const struct connector *connector)
{
    return span_of("same");
}

/* --- The other side --- */

enum { PAGES_MAX = 20000, SOURCES_MAX = 600 };

struct made_config {
    struct config config;
    struct source_config sources[SOURCES_MAX];
    struct variable variables[SOURCES_MAX];
    struct span paths[SOURCES_MAX];
    char ids[SOURCES_MAX][16];
};

static struct fetcher *fetcher;
static struct error err;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct page *pages[PAGES_MAX]; /* guarded by lock */
static size_t page_total;             /* guarded by lock */
static bool settle_at_once;           /* guarded by lock */
static int32_t all_partitions[CURSOR_PARTITIONS];
static struct made_config made[2];

static void
keep_page(void *context, struct page *page)
{
    pthread_mutex_lock(&lock);
    if (page_total == PAGES_MAX)
        abort();
    pages[page_total++] = page;
    bool settle = settle_at_once;
    pthread_mutex_unlock(&lock);
    if (settle)
        fetcher_settled(fetcher, page_ticket(page), true);
}

static size_t
page_total_now(void)
{
    pthread_mutex_lock(&lock);
    size_t count = page_total;
    pthread_mutex_unlock(&lock);
    return count;
}

static const struct page *
wait_for_page(size_t index)
{
    int64_t limit_ms = clock_monotonic_ms() + 60 * 1000;
    while (page_total_now() <= index) {
        if (clock_monotonic_ms() > limit_ms)
            fail_msg("page %zu does not come", index);
        usleep(1000);
    }
    pthread_mutex_lock(&lock);
    const struct page *page = pages[index];
    pthread_mutex_unlock(&lock);
    return page;
}

static void
assert_no_more(size_t count)
{
    usleep(300 * 1000);
    assert_int_equal(page_total_now(), count);
}

static int
number_of(const struct page *page)
{
    char text[16];
    snprintf(text, sizeof(text), "%.*s",
             SPAN_ARGS(page_record(page, 0)->value));
    return atoi(text);
}

static struct config *
add_source(struct made_config *to, const char *id, const char *path,
           int64_t every_ms)
{
    size_t i = to->config.source_count++;
    snprintf(to->ids[i], sizeof(to->ids[i]), "%s", id);
    to->paths[i] = span_of(path);
    to->variables[i] =
        (struct variable){.name = "path", .list = {&to->paths[i], 1}};
    to->sources[i] = (struct source_config){.id = to->ids[i],
                                            .variables = &to->variables[i],
                                            .variable_count = 1,
                                            .every_ms = every_ms};
    to->config.sources = to->sources;
    return &to->config;
}

static void
start(struct config *config)
{
    fetcher = fetcher_new(config, keep_page, NULL, &err);
    if (!fetcher)
        fail_msg("%s", err.message);
}

static void
assign_all(uint64_t epoch, const struct cursor_record *records, size_t count)
{
    assert_true(fetcher_assign(fetcher, epoch, all_partitions,
                               CURSOR_PARTITIONS, records, count, &err));
}

static int
setup(void **state)
{
    peer = http_peer_start();
    memset(made, 0, sizeof(made));
    page_total = 0;
    settle_at_once = false;
    refuse_new = false;
    sources_made = 0;
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        all_partitions[i] = i;
    return 0;
}

static int
teardown(void **state)
{
    fetcher_free(fetcher);
    fetcher = NULL;
    for (size_t i = 0; i < page_total; i++)
        page_free(pages[i]);
    http_peer_stop(peer);
    return sources_alive == 0 ? 0 : -1;
}

static void
nothing_is_polled_before_it_is_assigned(void **state)
{
    start(add_source(&made[0], "a", "/ok", 10));
    assert_no_more(0);
    assert_int_equal(peer->requests, 0);
}

static void
pages_carry_epoch_and_ticket(void **state)
{
    start(add_source(&made[0], "a", "/ok", 10));
    assign_all(7, NULL, 0);
    const struct page *page = wait_for_page(0);
    assert_int_equal(page_epoch(page), 7);
    assert_int_equal(number_of(page), 1);
    assert_string_equal(page_source(page), "a");
    fetcher_settled(fetcher, page_ticket(page), true);
    const struct page *next = wait_for_page(1);
    assert_int_equal(number_of(next), 2);
    assert_true(page_ticket(next) != page_ticket(page));
}

static void
the_next_request_waits_for_the_settlement(void **state)
{
    start(add_source(&made[0], "a", "/ok", 1));
    assign_all(1, NULL, 0);
    wait_for_page(0);
    assert_no_more(1);
    assert_int_equal(peer->requests, 1);
}

static void
a_page_that_was_not_committed_is_made_again(void **state)
{
    start(add_source(&made[0], "a", "/ok", 1));
    assign_all(1, NULL, 0);
    fetcher_settled(fetcher, page_ticket(wait_for_page(0)), false);
    assert_int_equal(number_of(wait_for_page(1)), 1);
}

static void
only_assigned_partitions_are_polled(void **state)
{
    add_source(&made[0], "a", "/ok", 1);
    start(add_source(&made[0], "b", "/ok", 1));
    int32_t one = cursor_partition(span_of("b"));
    assert_int_not_equal(one, cursor_partition(span_of("a")));
    assert_true(fetcher_assign(fetcher, 1, &one, 1, NULL, 0, &err));
    assert_string_equal(page_source(wait_for_page(0)), "b");
    assert_no_more(1);
}

static void
a_source_begins_from_its_latest_cursor(void **state)
{
    const struct cursor_record records[] = {
        {span_of("a/s/t"), span_of("5")},
        {span_of("other/s/t"), span_of("9")},
        {span_of("a/s/t"), span_of("41")},
    };
    start(add_source(&made[0], "a", "/ok", 1));
    assign_all(1, records, COUNT_OF(records));
    assert_int_equal(number_of(wait_for_page(0)), 42);
}

static void
a_tombstone_takes_the_cursor_away(void **state)
{
    const struct cursor_record records[] = {
        {span_of("a/s/t"), span_of("5")},
        {span_of("a/s/t"), SPAN_NONE},
    };
    start(add_source(&made[0], "a", "/ok", 1));
    assign_all(1, records, COUNT_OF(records));
    assert_int_equal(number_of(wait_for_page(0)), 1);
}

static void
a_renamed_source_begins_from_the_former_cursor(void **state)
{
    const struct cursor_record record = {span_of("old/s/t"), span_of("5")};
    struct config *config = add_source(&made[0], "a", "/ok", 1);
    made[0].sources[0].renamed_from = "old";
    start(config);
    assign_all(1, &record, 1);
    assert_int_equal(number_of(wait_for_page(0)), 6);
}

/* Its former partition is another process's. */
static void
assign_without_former(uint64_t epoch, const char *former)
{
    int32_t others = cursor_partition(span_of(former)), ours[CURSOR_PARTITIONS];
    size_t count = 0;
    for (int32_t i = 0; i < CURSOR_PARTITIONS; i++)
        if (i != others)
            ours[count++] = i;
    assert_true(fetcher_assign(fetcher, epoch, ours, count, NULL, 0, &err));
}

static void
wait_for_wanted(const char *former)
{
    const char *wanted = NULL;
    for (int i = 0; i < 5000 && !(wanted = fetcher_wanted_former(fetcher)); i++)
        usleep(1000);
    assert_non_null(wanted);
    assert_string_equal(wanted, former);
}

static void
a_renamed_source_waits_for_a_cursor_that_others_keep(void **state)
{
    const struct cursor_record record = {span_of("old/s/t"), span_of("5")};
    struct config *config = add_source(&made[0], "a", "/ok", 1);
    made[0].sources[0].renamed_from = "old";
    start(config);
    assert_null(fetcher_wanted_former(fetcher));
    assign_without_former(3, "old");
    wait_for_wanted("old");
    assert_no_more(0);
    /* Read under another assignment, or of another name: not what it wants. */
    assert_true(
        fetcher_give_former(fetcher, 2, span_of("old"), &record, 1, &err));
    assert_true(
        fetcher_give_former(fetcher, 3, span_of("older"), &record, 1, &err));
    assert_no_more(0);
    assert_true(
        fetcher_give_former(fetcher, 3, span_of("old"), &record, 1, &err));
    const struct page *page = wait_for_page(0);
    assert_int_equal(number_of(page), 6);
    assert_int_equal(page_epoch(page), 3);
    for (int i = 0; i < 5000 && fetcher_wanted_former(fetcher); i++)
        usleep(1000);
    assert_null(fetcher_wanted_former(fetcher));
}

static void
a_former_cursor_that_is_nowhere_is_waited_for_no_longer(void **state)
{
    struct config *config = add_source(&made[0], "a", "/ok", 1);
    made[0].sources[0].renamed_from = "old";
    start(config);
    assign_without_former(1, "old");
    wait_for_wanted("old");
    assert_true(fetcher_give_former(fetcher, 1, span_of("old"), NULL, 0, &err));
    assert_int_equal(number_of(wait_for_page(0)), 1);
}

static void
a_renamed_source_with_a_cursor_of_its_own_waits_for_nobody(void **state)
{
    const struct cursor_record record = {span_of("a/s/t"), span_of("7")};
    struct config *config = add_source(&made[0], "a", "/ok", 1);
    int32_t own = cursor_partition(span_of("a"));
    assert_int_not_equal(own, cursor_partition(span_of("old")));
    made[0].sources[0].renamed_from = "old";
    start(config);
    assert_true(fetcher_assign(fetcher, 1, &own, 1, &record, 1, &err));
    assert_int_equal(number_of(wait_for_page(0)), 8);
}

static void
a_source_that_waits_for_its_former_cursor_can_be_revoked(void **state)
{
    struct config *config = add_source(&made[0], "a", "/ok", 1);
    made[0].sources[0].renamed_from = "old";
    start(config);
    assign_without_former(1, "old");
    wait_for_wanted("old");
    fetcher_revoke(fetcher, all_partitions, CURSOR_PARTITIONS);
    for (int i = 0; i < 5000 && fetcher_wanted_former(fetcher); i++)
        usleep(1000);
    assert_null(fetcher_wanted_former(fetcher));
    assert_true(fetcher_give_former(fetcher, 1, span_of("old"), NULL, 0, &err));
    assert_no_more(0);
}

static void
a_revoked_source_stops(void **state)
{
    settle_at_once = true;
    start(add_source(&made[0], "a", "/ok", 1));
    assign_all(1, NULL, 0);
    wait_for_page(2);
    fetcher_revoke(fetcher, all_partitions, CURSOR_PARTITIONS);
    usleep(200 * 1000);
    assert_no_more(page_total_now());
}

static void
a_request_under_way_is_ended_by_a_revocation(void **state)
{
    start(add_source(&made[0], "a", "/silence", 1));
    assign_all(1, NULL, 0);
    for (int i = 0; i < 1000 && peer->requests == 0; i++)
        usleep(1000);
    fetcher_revoke(fetcher, all_partitions, CURSOR_PARTITIONS);
    for (int i = 0; i < 1000 && peer->open > 0; i++)
        usleep(1000);
    assert_int_equal(peer->open, 0);
}

static void
a_settlement_after_a_revocation_changes_nothing(void **state)
{
    start(add_source(&made[0], "a", "/ok", 1));
    assign_all(1, NULL, 0);
    const struct page *page = wait_for_page(0);
    fetcher_revoke(fetcher, all_partitions, CURSOR_PARTITIONS);
    assign_all(2, NULL, 0);
    fetcher_settled(fetcher, page_ticket(page), true);
    const struct page *next = wait_for_page(1);
    assert_int_equal(page_epoch(next), 2);
    assert_int_equal(number_of(next), 1);
    assert_no_more(2);
}

static void
nothing_is_asked_while_held(void **state)
{
    start(add_source(&made[0], "a", "/ok", 1));
    fetcher_hold(fetcher, true);
    assign_all(1, NULL, 0);
    assert_no_more(0);
    fetcher_hold(fetcher, false);
    wait_for_page(0);
}

static void
a_slow_network_delays_no_other(void **state)
{
    settle_at_once = true;
    add_source(&made[0], "a", "/silence", 1);
    add_source(&made[0], "b", "/drip", 1);
    add_source(&made[0], "c", "/endless", 1);
    start(add_source(&made[0], "d", "/ok", 1));
    int64_t start_ms = clock_monotonic_ms();
    assign_all(1, NULL, 0);
    wait_for_page(50);
    /* Waiting for one of them before each page would take 150 s. */
    assert_true(clock_monotonic_ms() - start_ms < 50 * 1000);
}

static void
files_leave_time_for_http(void **state)
{
    char path[] = "/tmp/karool-fetch-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    for (int i = 0; i < 2000; i++)
        assert_int_equal(write(fd, "{\"a\":1}\n", 8), 8);
    close(fd);
    settle_at_once = true;
    char id[16];
    for (int i = 0; i < 50; i++) {
        snprintf(id, sizeof(id), "file%d", i);
        add_source(&made[0], id, path, 0);
    }
    start(add_source(&made[0], "net", "/ok", 1));
    assign_all(1, NULL, 0);
    int64_t limit_ms = clock_monotonic_ms() + 20 * 1000;
    while (peer->requests < 20 && clock_monotonic_ms() < limit_ms &&
           page_total_now() < PAGES_MAX - 1000)
        usleep(1000);
    fetcher_hold(fetcher, true);
    usleep(200 * 1000);
    unlink(path);
    assert_in_range(peer->requests, 20, 10000);
    assert_true(page_total_now() > 100);
}

static void
an_unchanged_source_goes_on_over_a_reload(void **state)
{
    start(add_source(&made[0], "a", "/ok", 1));
    assign_all(1, NULL, 0);
    const struct page *page = wait_for_page(0);
    add_source(&made[1], "b", "/ok", 1);
    assert_true(
        fetcher_configure(fetcher, add_source(&made[1], "a", "/ok", 1), &err));
    assert_int_equal(sources_made, 2);
    assert_string_equal(page_source(wait_for_page(1)), "b");
    fetcher_settled(fetcher, page_ticket(page), true);
    assert_int_equal(number_of(wait_for_page(2)), 2);
}

static void
a_changed_source_begins_from_what_was_committed(void **state)
{
    start(add_source(&made[0], "a", "/ok", 60 * 1000));
    assign_all(1, NULL, 0);
    fetcher_settled(fetcher, page_ticket(wait_for_page(0)), true);
    assert_true(
        fetcher_configure(fetcher, add_source(&made[1], "a", "/ok", 1), &err));
    assert_int_equal(number_of(wait_for_page(1)), 2);
}

static void
a_changed_source_waits_for_the_page_of_the_former(void **state)
{
    start(add_source(&made[0], "a", "/ok", 1));
    assign_all(1, NULL, 0);
    const struct page *page = wait_for_page(0);
    assert_true(
        fetcher_configure(fetcher, add_source(&made[1], "a", "/ok", 2), &err));
    assert_no_more(1);
    fetcher_settled(fetcher, page_ticket(page), true);
    assert_int_equal(number_of(wait_for_page(1)), 2);
}

static void
a_source_that_is_gone_stops(void **state)
{
    start(add_source(&made[0], "a", "/ok", 1));
    assign_all(1, NULL, 0);
    fetcher_settled(fetcher, page_ticket(wait_for_page(0)), true);
    fetcher_settled(fetcher, page_ticket(wait_for_page(1)), true);
    assert_true(fetcher_configure(fetcher, &made[1].config, &err));
    usleep(200 * 1000);
    size_t count = page_total_now();
    assert_no_more(count);
    assert_int_equal(fetcher_reports(fetcher, NULL, 0), 0);
}

static void
a_reload_that_fails_changes_nothing(void **state)
{
    settle_at_once = true;
    start(add_source(&made[0], "a", "/ok", 1));
    assign_all(1, NULL, 0);
    wait_for_page(0);
    refuse_new = true;
    assert_false(
        fetcher_configure(fetcher, add_source(&made[1], "b", "/ok", 1), &err));
    assert_non_null(strstr(err.message, "source b: refused"));
    wait_for_page(page_total_now() + 3);
    struct source_report report;
    assert_int_equal(fetcher_reports(fetcher, &report, 1), 1);
    assert_string_equal(report.id, "a");
}

static void
reports_show_each_source(void **state)
{
    struct source_report reports[4];
    add_source(&made[0], "a", "/busy", 1);
    start(add_source(&made[0], "b", "/ok", 1));
    assert_int_equal(fetcher_reports(fetcher, reports, 4), 2);
    assert_int_equal(reports[0].state, SOURCE_UNASSIGNED);
    settle_at_once = true;
    assign_all(1, NULL, 0);
    wait_for_page(5);
    usleep(300 * 1000);
    assert_int_equal(fetcher_reports(fetcher, reports, 1), 2);
    assert_string_equal(reports[0].id, "a");
    assert_string_equal(reports[0].connector, "counting");
    assert_in_range(reports[0].failures, 1, 100000);
    assert_int_equal(fetcher_reports(fetcher, reports, 4), 2);
    assert_in_range(reports[1].posts, 1, 100000);
}

static void
hundreds_of_sources_are_served(void **state)
{
    char id[16];
    settle_at_once = true;
    for (int i = 0; i < SOURCES_MAX; i++) {
        snprintf(id, sizeof(id), "s%d", i);
        add_source(&made[0], id, "/ok", 1000);
    }
    start(&made[0].config);
    int64_t start_ms = clock_monotonic_ms();
    assign_all(1, NULL, 0);
    wait_for_page(2 * SOURCES_MAX);
    int64_t took_ms = clock_monotonic_ms() - start_ms;
    print_message("%d sources polled twice in %d ms\n", SOURCES_MAX,
                  (int)took_ms);
    assert_true(took_ms < 45 * 1000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_polled_before_it_is_assigned),
        TEST(pages_carry_epoch_and_ticket),
        TEST(the_next_request_waits_for_the_settlement),
        TEST(a_page_that_was_not_committed_is_made_again),
        TEST(only_assigned_partitions_are_polled),
        TEST(a_source_begins_from_its_latest_cursor),
        TEST(a_tombstone_takes_the_cursor_away),
        TEST(a_renamed_source_begins_from_the_former_cursor),
        TEST(a_renamed_source_waits_for_a_cursor_that_others_keep),
        TEST(a_former_cursor_that_is_nowhere_is_waited_for_no_longer),
        TEST(a_renamed_source_with_a_cursor_of_its_own_waits_for_nobody),
        TEST(a_source_that_waits_for_its_former_cursor_can_be_revoked),
        TEST(a_revoked_source_stops),
        TEST(a_request_under_way_is_ended_by_a_revocation),
        TEST(a_settlement_after_a_revocation_changes_nothing),
        TEST(nothing_is_asked_while_held),
        TEST(a_slow_network_delays_no_other),
        TEST(files_leave_time_for_http),
        TEST(an_unchanged_source_goes_on_over_a_reload),
        TEST(a_changed_source_begins_from_what_was_committed),
        TEST(a_changed_source_waits_for_the_page_of_the_former),
        TEST(a_source_that_is_gone_stops),
        TEST(a_reload_that_fails_changes_nothing),
        TEST(reports_show_each_source),
        TEST(hundreds_of_sources_are_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
