#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "buffer.h"
#include "clock.h"
#include "fake_wall.h"
#include "file.h"
#include "file_reader.h"
#include "json.h"
#include "map.h"
#include "redact.h"
#include "source.h"

/*
 * Sources against fake networks that keep the ledger of all they published.
 * `world` is a Kafka of sorts: what was committed, by topic. A crash throws the
 * source away and makes a new one from the committed cursor records alone.
 */

struct world {
    struct config *config;
    struct pseudonym *pseudonym;
    struct source *source;
    struct file_reader *reader; /* of archives */
    struct map *posts;          /* id and version to how often */
    struct map *cursors;        /* key to value, the newest */
    struct fake_wall wall;
    int64_t now_ms;
    unsigned twice, rejected;
    char folder[64];
};

static struct world world;

static void
write_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", world.folder, name);
    struct error err = {0};
    if (!file_replace(path, span_of(text), 0600, &err))
        fail_msg("%s", err.message);
}

static void
configure(const char *source_yaml)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    buffer_printf(&text,
                  "karool: config/1\ncampaign: test\nbrokers: embedded\n"
                  "connectors: " SOURCE_FOLDER "/config/connectors\n"
                  "state_directory: %s\nsources:\n  - %s\n",
                  world.folder, source_yaml);
    write_file("karool.yaml", buffer_text(&text));
    write_file("vk_token", "very-secret-token");
    char path[256];
    snprintf(path, sizeof(path), "%s/karool.yaml", world.folder);
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    source_free(world.source);
    world.source = NULL;
    config_unref(world.config);
    world.config = config_load(path, &(struct config_options){.secrets = true},
                               diagnostics);
    CLEANUP(buffer_done) struct buffer report = {0};
    diagnostics_write(diagnostics, &report, false);
    if (!world.config)
        fail_msg("%s", buffer_text(&report));
}

static void
start_world(const char *source_yaml)
{
    memset(&world, 0, sizeof(world));
    snprintf(world.folder, sizeof(world.folder), "/tmp/karool-source-XXXXXX");
    assert_non_null(mkdtemp(world.folder));
    configure(source_yaml);
    struct error err = {0};
    world.pseudonym = pseudonym_new(world.config, &err);
    assert_non_null(world.pseudonym);
    world.posts = map_new();
    world.cursors = map_new();
    world.now_ms = 1800000000000;
}

static void
end_world(void)
{
    char command[128];
    source_free(world.source);
    file_reader_free(world.reader);
    struct span key;
    void *value;
    for (size_t i = 0; map_next(world.cursors, &i, &key, &value);)
        free(value);
    map_free(world.cursors);
    map_free(world.posts);
    fake_wall_done(&world.wall);
    pseudonym_free(world.pseudonym);
    config_unref(world.config);
    snprintf(command, sizeof(command), "rm -r %s", world.folder);
    assert_int_equal(system(command), 0);
}

/* Hands in the records under an id. */
static void
restore(const char *id)
{
    struct error err = {0};
    struct span key;
    void *value;
    for (size_t i = 0; map_next(world.cursors, &i, &key, &value);) {
        if (!span_starts(key, id) || key.at[strlen(id)] != '/')
            continue;
        if (!source_restore(world.source, key, span_of(value), &err))
            fail_msg("%s", err.message);
    }
}

/* A process starts: cursors come back from the topic. */
static void
start_source(void)
{
    struct error err = {0};
    const struct source_config *settings = &world.config->sources[0];
    source_free(world.source);
    world.source = source_new(world.config, settings, world.pseudonym, &err);
    if (!world.source)
        fail_msg("%s", err.message);
    restore(settings->id);
    if (settings->renamed_from && source_incomplete(world.source))
        restore(settings->renamed_from);
    source_begin(world.source, world.now_ms);
}

static void
commit(const struct page *page)
{
    for (size_t i = 0; i < page_count(page); i++) {
        const struct page_record *record = page_record(page, i);
        if (record->topic == PAGE_REJECTED) {
            world.rejected++;
        } else if (record->topic == PAGE_POSTS) {
            CLEANUP(arena_freep) struct arena *arena = arena_new();
            struct json *post = json_parse(arena, record->value, NULL, NULL);
            assert_non_null(post);
            struct span version = json_text(json_member(post, "version"));
            CLEANUP(buffer_done) struct buffer key = {0};
            buffer_printf(&key, "%.*s@%.*s", SPAN_ARGS(record->key),
                          SPAN_ARGS(version));
            world.twice += map_has(world.posts, buffer_span(&key));
            assert_true(map_set(world.posts, buffer_span(&key), &world));
        } else {
            char *old = map_get(world.cursors, record->key);
            char *copy = record->value.at
                             ? strndup(record->value.at, record->value.len)
                             : NULL;
            free(old);
            if (copy)
                assert_true(map_set(world.cursors, record->key, copy));
            else
                map_remove(world.cursors, record->key);
        }
    }
}

enum fate { FATE_COMMIT, FATE_ABORT, FATE_CRASH_BEFORE, FATE_CRASH_AFTER };

/* One request and what becomes of its page; false: nothing is due soon. */
static bool
turn(void (*answer)(struct fake_wall *, const struct request *,
                    struct response *),
     enum fate fate)
{
    int64_t due_ms = source_due_ms(world.source);
    if (due_ms == INT64_MAX)
        fail_msg("the source waits for ever");
    if (due_ms > world.now_ms)
        world.now_ms = due_ms;
    struct request request;
    struct response response = {.status = 200};
    struct error err = {0};
    CLEANUP(page_freep) struct page *page = NULL;
    assert_true(source_ask(world.source, world.now_ms, &request, &err));
    answer(&world.wall, &request, &response);
    response.received_at_ms = world.now_ms;
    assert_true(
        source_answer(world.source, &response, world.now_ms, &page, &err));
    if (fate == FATE_CRASH_BEFORE) {
        start_source();
        return true;
    }
    if (page && fate != FATE_ABORT)
        commit(page);
    if (fate == FATE_CRASH_AFTER) {
        start_source();
        return true;
    }
    if (page)
        source_settled(world.source, fate == FATE_COMMIT, world.now_ms);
    return true;
}

static void
expect_ledger(const char *prefix)
{
    unsigned lost = 0;
    for (size_t i = 0; i < world.wall.published; i++) {
        char key[96];
        if (world.wall.posts[i].before_start || world.wall.posts[i].deleted)
            continue;
        snprintf(key, sizeof(key), "%s%s@", prefix, world.wall.posts[i].id);
        lost += !map_has(world.posts, span_of(key));
    }
    if (lost || world.twice)
        fail_msg("%u of %zu lost, %u twice", lost, world.wall.published,
                 world.twice);
}

#define VK                                                                     \
    "{id: vk-wall, connector: vk, communities: [test], every: 60s, start: "    \
    "beginning, token: {secret: vk_token}}"
#define MASTODON                                                               \
    "{id: fedi, connector: mastodon, instance: 'https://fedi.example', tags: " \
    "[test], every: 30s, start: beginning}"

static void
run(void (*answer)(struct fake_wall *, const struct request *,
                   struct response *),
    unsigned turns, bool arrivals, unsigned seed, bool crashes)
{
    srand(seed);
    start_source();
    for (unsigned i = 0; i < turns; i++) {
        if (arrivals && rand() % 3 == 0)
            fake_wall_publish(&world.wall, (size_t)(rand() % 9));
        if (arrivals && rand() % 11 == 0)
            fake_wall_delete(&world.wall, (size_t)rand());
        int dice = crashes ? rand() % 8 : 7;
        turn(answer, dice == 0   ? FATE_CRASH_BEFORE
                     : dice == 1 ? FATE_CRASH_AFTER
                     : dice == 2 ? FATE_ABORT
                                 : FATE_COMMIT);
    }
    /* Then all is quiet until nothing new is found. */
    for (unsigned i = 0; i < 60; i++)
        turn(answer, FATE_COMMIT);
}

static void
a_wall_by_offset_loses_nothing_and_repeats_nothing(void **state)
{
    for (unsigned seed = 1; seed <= 5; seed++) {
        start_world(VK);
        fake_wall_publish(&world.wall, 250);
        world.wall.pinned = 3;
        world.wall.fault_every = 4;
        run(fake_wall_vk, 120, true, seed, false);
        expect_ledger("vk:wall-1_");
        end_world();
    }
}

static void
a_wall_survives_crashes_at_every_point(void **state)
{
    for (unsigned seed = 1; seed <= 5; seed++) {
        start_world(VK);
        fake_wall_publish(&world.wall, 550);
        world.wall.pinned = 3;
        run(fake_wall_vk, 150, true, seed, true);
        expect_ledger("vk:wall-1_");
        end_world();
    }
}

static void
quiet_turns(unsigned turns)
{
    for (unsigned i = 0; i < turns; i++)
        turn(fake_wall_vk, FATE_COMMIT);
}

/* It stands first in every walk, however many posts have come since. */
static void
a_pinned_post_is_never_new_again(void **state)
{
    start_world(VK);
    fake_wall_publish(&world.wall, 50);
    world.wall.pinned = 1;
    run(fake_wall_vk, 20, false, 1, false);
    while (world.wall.published < 13000) {
        fake_wall_publish(&world.wall, 70);
        quiet_turns(4);
        if (world.wall.published % 1000 < 70)
            start_source();
    }
    quiet_turns(20);
    expect_ledger("vk:wall-1_");
    end_world();
}

/* More than a walk can remember: what is left out is told, and what was taken
 * is known to the next walk, though processes died meanwhile. */
static void
a_wall_longer_than_memory_repeats_nothing(void **state)
{
    for (unsigned seed = 1; seed <= 3; seed++) {
        start_world(VK);
        fake_wall_publish(&world.wall, 9000);
        run(fake_wall_vk, 150, seed > 1, seed, seed > 1);
        struct source_report report;
        source_report(world.source, &report);
        assert_int_equal(world.twice, 0);
        for (size_t i = world.wall.published - 2500; i < world.wall.published;
             i++) {
            char key[96];
            snprintf(key, sizeof(key), "vk:wall-1_%s@", world.wall.posts[i].id);
            if (!world.wall.posts[i].deleted &&
                !map_has(world.posts, span_of(key)))
                fail_msg("post %zu of %zu is lost", i, world.wall.published);
        }
        if (seed == 1)
            assert_int_equal(report.gaps, 1);
        end_world();
    }
}

static void
a_timeline_whose_ids_do_not_sort_loses_nothing(void **state)
{
    for (unsigned seed = 1; seed <= 5; seed++) {
        start_world(MASTODON);
        world.wall.hash_ids = seed % 2;
        fake_wall_publish(&world.wall, 90);
        run(fake_wall_mastodon, 200, true, seed, true);
        expect_ledger("mastodon:https://fedi.example/p/");
        end_world();
    }
}

static void
a_post_under_two_tags_of_a_source_is_stored_once(void **state)
{
    for (unsigned seed = 1; seed <= 5; seed++) {
        start_world("{id: fedi, connector: mastodon, instance: "
                    "'https://fedi.example', tags: [one, two], every: 30s, "
                    "start: beginning}");
        fake_wall_publish(&world.wall, 90);
        run(fake_wall_mastodon, 200, true, seed, true);
        expect_ledger("mastodon:https://fedi.example/p/");
        end_world();
    }
}

static void
a_long_absence_leaves_nothing_out_above_the_cursor(void **state)
{
    start_world(MASTODON);
    fake_wall_publish(&world.wall, 60);
    run(fake_wall_mastodon, 20, false, 1, false);
    fake_wall_publish(&world.wall, 2600); /* more than one walk may take */
    run(fake_wall_mastodon, 100, false, 1, false);
    expect_ledger("mastodon:https://fedi.example/p/");
    end_world();
}

static void
a_clock_that_is_set_back_delays_nothing(void **state)
{
    start_world(VK);
    fake_wall_publish(&world.wall, 3);
    run(fake_wall_vk, 5, false, 1, false);
    int64_t wait_ms = source_due_ms(world.source) - world.now_ms;
    source_clock_set(world.source, -86400000);
    world.now_ms -= 86400000;
    assert_int_equal(source_due_ms(world.source) - world.now_ms, wait_ms);
    end_world();
}

static void
an_edit_is_a_new_version_of_the_same_post(void **state)
{
    start_world(VK);
    fake_wall_publish(&world.wall, 3);
    run(fake_wall_vk, 5, false, 1, false);
    size_t before = map_count(world.posts);
    world.wall.posts[1].edited = 1800000123;
    run(fake_wall_vk, 5, false, 1, false);
    assert_int_equal(map_count(world.posts), before + 1);
    assert_true(map_has(world.posts, span_of("vk:wall-1_2@1800000123")));
    end_world();
}

static void
latest_takes_the_newest_page_and_what_comes_after(void **state)
{
    start_world("{id: vk-wall, connector: vk, communities: [test], token: "
                "{secret: vk_token}}");
    fake_wall_publish(&world.wall, 300);
    run(fake_wall_vk, 3, false, 1, false);
    assert_int_equal(map_count(world.posts), 100);
    fake_wall_publish(&world.wall, 250);
    run(fake_wall_vk, 10, false, 1, false);
    assert_int_equal(map_count(world.posts), 350);
    assert_int_equal(world.twice, 0);
    end_world();
}

static void
answer_with(struct response *response, unsigned status, const char *body)
{
    response->status = status;
    response->body = span_of(body);
}

static const char *made_body;
static unsigned made_status;

static void
made_up(struct fake_wall *wall, const struct request *request,
        struct response *response)
{
    answer_with(response, made_status, made_body);
}

static void
backs_off(const char *source, unsigned status, const char *body,
          enum source_state expected, const char *reason)
{
    start_world(source);
    start_source();
    made_status = status;
    made_body = body;
    turn(made_up, FATE_COMMIT);
    struct source_report report;
    source_report(world.source, &report);
    if (report.state != expected || !strstr(report.reason, reason))
        fail_msg("%s: %s", source_state_name(report.state), report.reason);
    assert_true(report.next_ms > world.now_ms);
    assert_int_equal(map_count(world.cursors), 0);
    end_world();
}

static void
an_answer_that_is_none_backs_off_with_a_reason(void **state)
{
    backs_off(VK, 200, "<!DOCTYPE html><p>maintenance", SOURCE_BACKING_OFF,
              "a web page (HTML)");
    backs_off(VK, 200, "{\"response\":{\"items\":[{\"id\"", SOURCE_BACKING_OFF,
              "cannot be read");
    backs_off(VK, 200, "{\"response\":{}}", SOURCE_BACKING_OFF,
              "no list of records");
    backs_off(VK, 502, "", SOURCE_BACKING_OFF, "HTTP 502");
    backs_off(VK, 200,
              "{\"error\":{\"error_code\":5,\"error_msg\":\"bad token\"}}",
              SOURCE_STOPPED, "VK refused the token: bad token");
    backs_off(VK, 200, "{\"error\":{\"error_code\":6}}", SOURCE_BACKING_OFF,
              "too many requests");
    backs_off(MASTODON, 429, "{}", SOURCE_BACKING_OFF, "too many requests");
    backs_off(MASTODON, 401, "{\"error\":\"This method requires login\"}",
              SOURCE_STOPPED, "This method requires login");
}

static void
a_token_that_the_network_repeats_is_left_out_of_the_reason(void **state)
{
    redact_add(span_of("planted-7c1f"));
    backs_off(VK, 200,
              "{\"error\":{\"error_code\":5,\"error_msg\":"
              "\"bad planted-7c1f given\"}}",
              SOURCE_STOPPED, "VK refused the token: bad *** given");
}

static void
waits_for(const char *name, const char *value, int64_t least_s, int64_t most_s)
{
    start_world(MASTODON);
    start_source();
    struct request request;
    struct header headers[] = {
        {span_of(name), span_of(value)},
        {span_of("date"), span_of("Fri, 15 Jan 2027 08:00:00 GMT")}};
    struct response response = {.status = 429,
                                .headers = headers,
                                .header_count = 2,
                                .body = span_of("{}")};
    CLEANUP(page_freep) struct page *page = NULL;
    assert_true(source_ask(world.source, world.now_ms, &request, NULL));
    assert_true(
        source_answer(world.source, &response, world.now_ms, &page, NULL));
    int64_t wait_s = (source_due_ms(world.source) - world.now_ms) / 1000;
    if (wait_s < least_s || wait_s > most_s)
        fail_msg("%s: %s: waits %lld s", name, value, (long long)wait_s);
    end_world();
}

static void
waiting_is_as_long_as_the_network_asks(void **state)
{
    /* 1800000000 is 2027-01-15T08:00:00Z */
    waits_for("retry-after", "120", 120, 125);
    waits_for("retry-after", "Fri, 15 Jan 2027 08:02:00 GMT", 120, 125);
    waits_for("x-ratelimit-reset", "2027-01-15T08:03:00.000000Z", 180, 185);
    waits_for("x-ratelimit-reset", "1800000240", 240, 245);
    waits_for("x-ratelimit-reset", "300", 300, 305);
    waits_for("x-nothing", "1", 4, 7);
}

static void
one_bad_record_does_not_stop_the_page(void **state)
{
    start_world(VK);
    start_source();
    made_status = 200;
    made_body = "{\"response\":{\"items\":[{\"id\":2,\"owner_id\":-1,\"text\":"
                "\"a\"},{\"id\":1,\"owner_id\":-1},7]}}";
    turn(made_up, FATE_COMMIT);
    assert_int_equal(map_count(world.posts), 1);
    assert_int_equal(world.rejected, 2);
    end_world();
}

static void
a_bad_record_is_told_once_though_it_stays_in_sight(void **state)
{
    start_world(VK);
    start_source();
    made_status = 200;
    made_body =
        "{\"response\":{\"items\":[{\"id\":2,\"owner_id\":-1,\"text\":"
        "\"a\"},{\"id\":1,\"owner_id\":-1,\"likes\":{\"count\":1}},7]}}";
    for (int i = 0; i < 5; i++)
        turn(made_up, FATE_COMMIT);
    start_source();
    made_body =
        "{\"response\":{\"items\":[{\"id\":2,\"owner_id\":-1,\"text\":"
        "\"a\"},{\"id\":1,\"owner_id\":-1,\"likes\":{\"count\":2}},7]}}";
    for (int i = 0; i < 5; i++)
        turn(made_up, FATE_COMMIT);
    assert_int_equal(world.rejected, 2);
    assert_int_equal(map_count(world.posts), 1);
    end_world();
}

static void
another_instance_under_the_same_id_begins_anew(void **state)
{
    start_world(MASTODON);
    fake_wall_publish(&world.wall, 5);
    run(fake_wall_mastodon, 5, false, 1, false);
    struct source_report report;
    source_report(world.source, &report);
    assert_int_equal(report.gaps, 0);
    /* the same records, another address */
    configure("{id: fedi, connector: mastodon, instance: "
              "'https://else.example', tags: [test], every: 30s, start: "
              "beginning}");
    start_source();
    source_report(world.source, &report);
    assert_int_equal(report.gaps, 1);
    end_world();
}

static void
a_cursor_of_a_newer_version_stops_the_source(void **state)
{
    start_world(MASTODON);
    struct error err = {0};
    world.source = source_new(world.config, &world.config->sources[0],
                              world.pseudonym, &err);
    assert_false(source_restore(world.source, span_of("fedi/tag/test"),
                                span_of("{\"schema\":\"karool.cursor/2\"}"),
                                &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    source_begin(world.source, world.now_ms);
    struct source_report report;
    source_report(world.source, &report);
    assert_int_equal(report.state, SOURCE_STOPPED);
    end_world();
}

/* --- another name --- */

#define NAMED(names)                                                           \
    "{" names ", connector: vk, communities: [test], every: 60s, start: "      \
    "beginning, token: {secret: vk_token}}"

static void
rename_to(const char *source_yaml)
{
    configure(source_yaml);
    start_source();
}

static void
stopped_with(const char *words)
{
    struct source_report report;
    source_report(world.source, &report);
    if (report.state != SOURCE_STOPPED || !strstr(report.reason, words))
        fail_msg("%s: %s", source_state_name(report.state), report.reason);
    assert_true(source_due_ms(world.source) == INT64_MAX);
}

static void
a_renamed_source_still_knows_all_it_stored_after_a_restart(void **state)
{
    start_world(VK);
    fake_wall_publish(&world.wall, 550);
    world.wall.pinned = 3;
    run(fake_wall_vk, 20, false, 1, false);
    rename_to(NAMED("id: new, renamed_from: vk-wall"));
    fake_wall_publish(&world.wall, 5);
    quiet_turns(1);
    for (int i = 0; i < 5; i++) {
        start_source();
        fake_wall_publish(&world.wall, 30);
        quiet_turns(5);
    }
    expect_ledger("vk:wall-1_");
    assert_int_equal(map_count(world.posts), 705);
    end_world();
}

/* Nothing is stored twice by a process with the former configuration, even one
 * that starts anew when the cursor has gone on under the new name. */
static void
who_goes_by_the_former_name_stops_and_says_where_its_cursor_went(void **state)
{
    start_world(VK);
    fake_wall_publish(&world.wall, 150);
    run(fake_wall_vk, 20, false, 1, false);
    rename_to(NAMED("id: new, renamed_from: vk-wall"));
    quiet_turns(3);
    rename_to(VK);
    stopped_with("its cursor went to 'new'");
    stopped_with("renamed_from: new");
    /* With a former name of its own too, whose cursor came here once. */
    rename_to(NAMED("id: vk-wall, renamed_from: older"));
    stopped_with("its cursor went to 'new'");
    /* Nor can two go on from it. */
    rename_to(NAMED("id: other, renamed_from: vk-wall"));
    stopped_with("its cursor went to 'new'");
    /* Who took it over goes on, whatever stands there. */
    rename_to(NAMED("id: new, renamed_from: vk-wall"));
    fake_wall_publish(&world.wall, 30);
    quiet_turns(10);
    expect_ledger("vk:wall-1_");
    end_world();
}

static void
a_source_can_be_renamed_to_and_fro(void **state)
{
    start_world(VK);
    fake_wall_publish(&world.wall, 150);
    run(fake_wall_vk, 20, false, 1, false);
    for (int i = 0; i < 3; i++) {
        rename_to(NAMED("id: new, renamed_from: vk-wall"));
        fake_wall_publish(&world.wall, 30);
        quiet_turns(5);
        start_source();
        quiet_turns(5);
        rename_to(NAMED("id: vk-wall, renamed_from: new"));
        fake_wall_publish(&world.wall, 30);
        quiet_turns(5);
        start_source();
        quiet_turns(5);
    }
    expect_ledger("vk:wall-1_");
    assert_int_equal(map_count(world.posts), 330);
    end_world();
}

static void
another_source_may_have_the_former_name(void **state)
{
    start_world(MASTODON);
    fake_wall_publish(&world.wall, 5);
    run(fake_wall_mastodon, 5, false, 1, false);
    rename_to("{id: new, renamed_from: fedi, connector: mastodon, instance: "
              "'https://fedi.example', tags: [test], start: beginning}");
    turn(fake_wall_mastodon, FATE_COMMIT);
    rename_to("{id: fedi, connector: mastodon, instance: "
              "'https://else.example', tags: [test], start: beginning}");
    struct source_report report;
    source_report(world.source, &report);
    assert_int_equal(report.state, SOURCE_WAITING);
    end_world();
}

/* --- files --- */

static void
write_lines(const char *name, unsigned first, unsigned last, const char *mode)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", world.folder, name);
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    for (unsigned i = first; i <= last; i++)
        fprintf(file, "{\"id\":\"p%u\",\"text\":\"flower %u\"}\n", i, i);
    assert_int_equal(fclose(file), 0);
}

static void
read_archive(struct fake_wall *wall, const struct request *request,
             struct response *response)
{
    struct error err = {0};
    if (!world.reader)
        world.reader = file_reader_new(&err);
    assert_non_null(world.reader);
    file_reader_read(world.reader, request, response);
    assert_int_equal(response->failure, 0);
}

#define ARCHIVE(files)                                                         \
    "{id: files, connector: archive, files: " files ", follow: 'true', "       \
    "every: 1s, start: beginning}"

static void
read_on(unsigned turns, bool crashes)
{
    for (unsigned i = 0; i < turns; i++)
        turn(read_archive, crashes && i % 7 == 3   ? FATE_CRASH_AFTER
                           : crashes && i % 7 == 5 ? FATE_CRASH_BEFORE
                                                   : FATE_COMMIT);
}

static void
copies_in_a_file_are_stored_once_however_far_apart(void **state)
{
    for (int crashes = 0; crashes < 2; crashes++) {
        start_world(ARCHIVE("[a.ndjson]"));
        write_lines("a.ndjson", 1, 12000, "w");
        write_lines("a.ndjson", 1, 12000, "a");
        write_lines("a.ndjson", 500, 12500, "a");
        start_source();
        read_on(150, crashes);
        assert_int_equal(map_count(world.posts), 12500);
        assert_int_equal(world.twice, 0);
        /* Nor does an export that is made anew store anything again. */
        write_lines("a.ndjson", 100, 13000, "w");
        start_source();
        read_on(60, crashes);
        assert_int_equal(map_count(world.posts), 13000);
        assert_int_equal(world.twice, 0);
        end_world();
    }
}

static void
a_line_of_another_file_of_the_source_is_stored_once(void **state)
{
    start_world(ARCHIVE("[a.ndjson, b.ndjson]"));
    write_lines("a.ndjson", 1, 10, "w");
    write_lines("b.ndjson", 5, 20, "w");
    start_source();
    read_on(4, false);
    assert_int_equal(map_count(world.posts), 20);
    write_lines("a.ndjson", 11, 30, "a");
    write_lines("b.ndjson", 21, 40, "a");
    read_on(8, false);
    assert_int_equal(map_count(world.posts), 40);
    assert_int_equal(world.twice, 0);
    end_world();
}

static void
a_target_with_a_number_sign_is_no_part_of_another(void **state)
{
    start_world(ARCHIVE("[a.ndjson, 'a.ndjson#1']"));
    write_lines("a.ndjson", 1, 250, "w");
    write_lines("a.ndjson#1", 251, 500, "w");
    start_source();
    read_on(4, false);
    write_lines("a.ndjson", 101, 250, "a");
    write_lines("a.ndjson", 501, 510, "a");
    write_lines("a.ndjson#1", 511, 520, "a");
    start_source();
    read_on(4, false);
    assert_int_equal(map_count(world.posts), 520);
    assert_int_equal(world.twice, 0);
    end_world();
}

/* What went for one target went not for all. */
static void
a_renamed_source_killed_in_its_first_round_forgets_no_target(void **state)
{
    start_world(ARCHIVE("[a.ndjson, b.ndjson]"));
    write_lines("a.ndjson", 1, 10, "w");
    write_lines("b.ndjson", 11, 20, "w");
    start_source();
    read_on(4, false);
    rename_to("{id: new, renamed_from: files, connector: archive, files: "
              "[a.ndjson, b.ndjson], follow: 'true', every: 1s, start: "
              "beginning}");
    turn(read_archive, FATE_CRASH_AFTER);
    write_lines("a.ndjson", 21, 30, "a");
    write_lines("b.ndjson", 31, 40, "a");
    read_on(6, false);
    start_source();
    read_on(6, false);
    assert_int_equal(map_count(world.posts), 40);
    assert_int_equal(world.twice, 0);
    end_world();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wall_by_offset_loses_nothing_and_repeats_nothing),
        cmocka_unit_test(a_wall_survives_crashes_at_every_point),
        cmocka_unit_test(a_pinned_post_is_never_new_again),
        cmocka_unit_test(a_wall_longer_than_memory_repeats_nothing),
        cmocka_unit_test(a_timeline_whose_ids_do_not_sort_loses_nothing),
        cmocka_unit_test(a_post_under_two_tags_of_a_source_is_stored_once),
        cmocka_unit_test(a_long_absence_leaves_nothing_out_above_the_cursor),
        cmocka_unit_test(a_clock_that_is_set_back_delays_nothing),
        cmocka_unit_test(an_edit_is_a_new_version_of_the_same_post),
        cmocka_unit_test(latest_takes_the_newest_page_and_what_comes_after),
        cmocka_unit_test(an_answer_that_is_none_backs_off_with_a_reason),
        cmocka_unit_test(
            a_token_that_the_network_repeats_is_left_out_of_the_reason),
        cmocka_unit_test(waiting_is_as_long_as_the_network_asks),
        cmocka_unit_test(one_bad_record_does_not_stop_the_page),
        cmocka_unit_test(a_bad_record_is_told_once_though_it_stays_in_sight),
        cmocka_unit_test(another_instance_under_the_same_id_begins_anew),
        cmocka_unit_test(a_cursor_of_a_newer_version_stops_the_source),
        cmocka_unit_test(
            a_renamed_source_still_knows_all_it_stored_after_a_restart),
        cmocka_unit_test(
            who_goes_by_the_former_name_stops_and_says_where_its_cursor_went),
        cmocka_unit_test(a_source_can_be_renamed_to_and_fro),
        cmocka_unit_test(another_source_may_have_the_former_name),
        cmocka_unit_test(copies_in_a_file_are_stored_once_however_far_apart),
        cmocka_unit_test(a_line_of_another_file_of_the_source_is_stored_once),
        cmocka_unit_test(a_target_with_a_number_sign_is_no_part_of_another),
        cmocka_unit_test(
            a_renamed_source_killed_in_its_first_round_forgets_no_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
