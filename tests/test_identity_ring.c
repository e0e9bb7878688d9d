#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "identity_ring.h"

#define CAPACITY ((uint64_t)RING_SLOTS * RING_SLOT_IDENTITIES)

static struct identity_ring *ring;

static int
setup(void **state)
{
    ring = ring_new(RING_SLOTS);
    return ring ? 0 : -1;
}

static int
teardown(void **state)
{
    ring_free(ring);
    return 0;
}

static void
add_all(uint64_t first, uint64_t last, uint32_t walk)
{
    for (uint64_t i = first; i <= last; i++)
        assert_true(ring_add(ring, i, walk));
}

static size_t
count_changed(void)
{
    size_t count = 0;
    unsigned slot;
    for (size_t i = 0; ring_changed(ring, &i, &slot);)
        count++;
    return count;
}

static void
an_identity_depends_on_id_and_version(void **state)
{
    uint64_t one = identity_of(span_of("a"), span_of("bc"));
    assert_true(one == identity_of(span_of("a"), span_of("bc")));
    assert_true(one != identity_of(span_of("ab"), span_of("c")));
    assert_true(one != identity_of(span_of("a"), SPAN_NONE));
}

static void
what_was_added_is_known_by_its_first_walk(void **state)
{
    assert_true(ring_empty(ring));
    assert_int_equal(ring_walk_of(ring, 7), 0);
    add_all(7, 7, 3);
    add_all(7, 7, 5);
    assert_int_equal(ring_walk_of(ring, 7), 3);
    assert_false(ring_empty(ring));
}

static void
the_oldest_slot_is_forgotten_when_the_ring_is_full(void **state)
{
    for (uint64_t i = 0; i < 2 * CAPACITY; i += 50) {
        add_all(i + 1, i + 50, 1);
        ring_commit(ring);
    }
    assert_int_equal(ring_walk_of(ring, 2 * CAPACITY), 1);
    assert_int_equal(ring_walk_of(ring, CAPACITY + 1), 1);
    assert_int_equal(ring_walk_of(ring, CAPACITY), 0);
}

static void
what_is_renewed_in_time_is_never_forgotten(void **state)
{
    add_all(1, 1, 7);
    ring_commit(ring);
    for (uint64_t i = 1; i < 3 * CAPACITY; i += 50) {
        add_all(i + 1, i + 50, 9);
        ring_renew(ring, 1);
        ring_renew(ring, 4 * CAPACITY); /* is not known and stays so */
        ring_commit(ring);
        assert_int_equal(ring_walk_of(ring, 1), 7);
    }
    assert_int_equal(ring_walk_of(ring, 4 * CAPACITY), 0);
    /* The others still have their room. */
    size_t known = ring_count_after(ring, 7);
    assert_true(known > CAPACITY - 2 * RING_SLOT_IDENTITIES &&
                known < CAPACITY);
    assert_true(ring_count_after(ring, 6) - known < 5);
    assert_int_equal(ring_count_after(ring, 9), 0);
}

static void
a_commit_writes_only_the_slots_that_changed(void **state)
{
    add_all(1, 150, 1);
    assert_int_equal(count_changed(), 2);
    ring_commit(ring);
    assert_int_equal(count_changed(), 0);
    add_all(151, 152, 1);
    assert_int_equal(count_changed(), 1);
}

static void
a_page_that_needs_too_many_slots_is_refused(void **state)
{
    size_t added = 0;
    while (added < CAPACITY && ring_add(ring, added + 1, 1))
        added++;
    assert_true(added >= 800 && added < CAPACITY);
    ring_abort(ring);
    assert_int_equal(ring_walk_of(ring, 1), 0);
    assert_true(ring_empty(ring));
}

/* The ring as its records tell it, read into a new one in any order. */
static struct identity_ring *
reread(void)
{
    struct identity_ring *again = ring_new(RING_SLOTS);
    assert_non_null(again);
    for (unsigned i = 0; i < RING_SLOTS; i++) {
        unsigned slot = i * 7 % RING_SLOTS;
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        CLEANUP(buffer_done) struct buffer text = {0};
        CLEANUP(json_writer_freep)
        struct json_writer *writer = json_writer_new(&text);
        json_open_object(writer);
        ring_write(ring, slot, writer);
        json_close_object(writer);
        struct json *record = json_parse(arena, buffer_span(&text), NULL, NULL);
        assert_non_null(record);
        /* A slot that was never begun has no record. */
        bool begun = json_member(record, "identities")->count > 0;
        assert_int_equal(ring_read(again, slot, record, NULL), begun);
    }
    return again;
}

/* Random pages, committed or aborted, against a plain list. */
static void
the_ring_knows_what_was_committed_and_nothing_else(void **state)
{
    static uint8_t known[3 * CAPACITY];
    uint64_t random = 5, next = 1;
    for (int i = 0; i < 400; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        uint64_t count = (random >> 33) % 250;
        bool commit = (random >> 50) % 3 != 0;
        if (next + count >= COUNT_OF(known))
            break;
        add_all(next, next + count - 1, 1);
        for (uint64_t j = next; j < next + count; j++)
            known[j] = commit;
        if (commit)
            ring_commit(ring);
        else
            ring_abort(ring);
        next += count;
        if (i % 40)
            continue;
        struct identity_ring *again = reread();
        uint64_t seen = 0;
        for (uint64_t j = next; j-- > 1;) {
            /* The newest 39 slots are full of what is newest. */
            seen += known[j];
            if (seen > CAPACITY - RING_SLOT_IDENTITIES)
                break;
            assert_int_equal(ring_walk_of(ring, j), known[j]);
            assert_int_equal(ring_walk_of(again, j), known[j]);
        }
        ring_free(again);
    }
    assert_true(next > 2 * CAPACITY);
}

static void
a_record_that_is_none_is_refused(void **state)
{
    static const char *const records[] = {
        "{}",
        "[]",
        "{\"number\":1}",
        "{\"number\":0,\"identities\":[]}",
        "{\"number\":1,\"identities\":[null]}",
        "{\"number\":1,\"identities\":[\"x\"]}",
        "{\"number\":1,\"identities\":[\"12\"]}",
        "{\"number\":1,\"identities\":[\"00000000000000000000000000000000.1\"]"
        "}",
    };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        struct error err = {0};
        struct json *record =
            json_parse(arena, span_of(records[i]), NULL, NULL);
        assert_false(ring_read(ring, 1, record, &err));
        assert_int_equal(err.kind, ERROR_RECORD);
    }
    struct json *good = json_parse(
        arena, span_of("{\"number\":1,\"identities\":[\"0f.2\"]}"), NULL, NULL);
    assert_true(ring_read(ring, 1, good, NULL));
    assert_int_equal(ring_walk_of(ring, 15), 2);
    assert_false(ring_read(ring, RING_SLOTS, good, NULL));
}

/* Beyond any count that a look at each one would bear. */
static void
a_ring_of_a_file_knows_a_million(void **state)
{
    uint64_t most = (uint64_t)RING_FILE_SLOTS * RING_SLOT_IDENTITIES;
    uint64_t odd = 0x9e3779b97f4a7c15; /* spreads numbers as a hash does */
    struct identity_ring *file = ring_new(RING_FILE_SLOTS);
    assert_non_null(file);
    for (uint64_t i = 1; i <= most + 1000; i++) {
        assert_true(ring_add(file, i * odd, 1));
        if (i % 500 == 0 && i % 1500)
            ring_commit(file);
        else if (i % 1500 == 0) {
            ring_abort(file); /* and the same page again */
            for (uint64_t j = i - 499; j <= i; j++)
                assert_true(ring_add(file, j * odd, 1));
            ring_commit(file);
        }
    }
    ring_commit(file);
    for (uint64_t i = 1001; i <= most + 1000; i++)
        if (ring_walk_of(file, i * odd) != 1)
            fail_msg("%llu is not known", (unsigned long long)i);
    for (uint64_t i = 1; i <= 900; i++)
        assert_int_equal(ring_walk_of(file, i * odd), 0);
    size_t used = 0;
    unsigned slot;
    for (size_t i = 0; ring_used(file, &i, &slot);)
        used++;
    assert_int_equal(used, RING_FILE_SLOTS);
    ring_clear(file);
    assert_true(ring_empty(file));
    assert_false(ring_used(file, &(size_t){0}, &slot));
    ring_free(file);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_identity_depends_on_id_and_version),
        TEST(what_was_added_is_known_by_its_first_walk),
        TEST(the_oldest_slot_is_forgotten_when_the_ring_is_full),
        TEST(what_is_renewed_in_time_is_never_forgotten),
        TEST(a_commit_writes_only_the_slots_that_changed),
        TEST(a_page_that_needs_too_many_slots_is_refused),
        TEST(the_ring_knows_what_was_committed_and_nothing_else),
        TEST(a_record_that_is_none_is_refused),
        TEST(a_ring_of_a_file_knows_a_million),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
