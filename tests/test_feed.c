#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "clock.h"
#include "feed.h"
#include "file.h"

static struct arena *arena;
static struct error err;

static int
setup(void **state)
{
    arena = arena_new();
    return arena ? 0 : -1;
}

static int
teardown(void **state)
{
    arena_free(arena);
    return 0;
}

static struct json *
parse(struct span body, const char *content_type)
{
    err = (struct error){0};
    return feed_parse(arena, body, span_of(content_type),
                      span_of("https://news.example/feed"), &err);
}

static struct json *
load_as(const char *name, const char *content_type)
{
    CLEANUP(buffer_done) struct buffer path = {0};
    CLEANUP(buffer_done) struct buffer body = {0};
    buffer_printf(&path, SOURCE_FOLDER "/tests/data/feeds/%s", name);
    assert_true(file_load(&body, buffer_text(&path), 1 << 20, &err));
    return parse(buffer_span(&body), content_type);
}

static const struct json *
load(const char *name)
{
    struct json *feed = load_as(name, NULL);
    if (!feed)
        fail_msg("%s: %s", name, err.message);
    return feed;
}

/* The value at a JSON pointer; NULL: there must be none. */
static void
assert_at(const struct json *feed, const char *pointer, const char *expected)
{
    const struct json *value = json_at(feed, span_of(pointer));
    if (!expected) {
        assert_null(value);
        return;
    }
    if (!value)
        fail_msg("nothing at %s", pointer);
    struct span text = json_text(value);
    if (!span_is(text, expected))
        fail_msg("%s: %.*s", pointer, SPAN_ARGS(text));
}

static void
assert_refused(const char *body, const char *reason)
{
    assert_null(parse(span_of(body), NULL));
    assert_int_equal(err.kind, ERROR_RECORD);
    if (!strstr(err.message, reason))
        fail_msg("%s", err.message);
}

static void
rss_2_items_have_all_their_members(void **state)
{
    const struct json *feed = load("rss2.xml");
    assert_at(feed, "/title", "Айыл жаңылыктары & кабарлар");
    assert_at(feed, "/ttl", "30");
    assert_int_equal(json_member(feed, "items")->count, 3);
    assert_at(feed, "/items/0/id", "tag:news.example,2026:1");
    assert_at(feed, "/items/0/title", "Базар & жарманке");
    assert_at(feed, "/items/0/link", "https://news.example/a?x=1&y=2");
    assert_at(feed, "/items/0/html", "<p>Толук&nbsp;текст</p>");
    assert_at(feed, "/items/0/author", "Айгүл");
    assert_at(feed, "/items/0/date", "Mon, 23 Nov 2026 16:00:00 +0600");
    assert_at(feed, "/items/0/lang", "ky");
    assert_at(feed, "/items/0/categories/1", "Базар");
    assert_at(feed, "/items/0/updated", NULL);
}

static void
what_rss_leaves_out_is_found_elsewhere(void **state)
{
    const struct json *feed = load("rss2.xml");
    assert_at(feed, "/items/1/link", "https://news.example/b");
    assert_at(feed, "/items/1/html", "<p>Сүйлөм&nbsp;бир</p>");
    assert_at(feed, "/items/1/date", "2026-11-23T09:00:00+06:00");
    assert_at(feed, "/items/1/lang", "ru");
    assert_at(feed, "/items/1/categories", NULL);
}

static void
missing_ids_and_dates_are_left_out(void **state)
{
    const struct json *feed = load("rss2.xml");
    assert_at(feed, "/items/2/id", NULL);
    assert_at(feed, "/items/2/date", NULL);
    assert_at(feed, "/items/2/title", NULL);
}

static void
entities_of_html_and_bare_ampersands_are_understood(void **state)
{
    const struct json *feed = load("rss2.xml");
    assert_at(feed, "/items/2/html",
              "Күнү да, аты да жок\u00a0— «мындай» &foo; &copy");
    assert_at(feed, "/items/2/link", "https://news.example/c?a=1&b=2");
}

static void
rss_1_items_stand_beside_the_channel(void **state)
{
    const struct json *feed = load("rss1.rdf");
    assert_at(feed, "/title", "Старая лента");
    assert_int_equal(json_member(feed, "items")->count, 1);
    assert_at(feed, "/items/0/title", "Первая");
    assert_at(feed, "/items/0/link", "https://old.example/1");
    assert_at(feed, "/items/0/date", "2026-11-22");
    assert_at(feed, "/items/0/lang", "ru");
    assert_at(feed, "/items/0/categories/0", "тема");
}

static void
atom_entries_have_all_their_members(void **state)
{
    const struct json *feed = load("atom.xml");
    assert_int_equal(json_member(feed, "items")->count, 2);
    assert_at(feed, "/items/0/id", "urn:uuid:2");
    assert_at(feed, "/items/0/title", "<b>Калың</b> тамга");
    assert_at(feed, "/items/0/link", "https://blog.example/post/2");
    assert_at(feed, "/items/0/author", "Бакыт");
    assert_at(feed, "/items/0/date", "2026-11-23T09:00:00Z");
    assert_at(feed, "/items/0/updated", "2026-11-23T10:00:00Z");
    assert_at(feed, "/items/0/lang", "ky");
    assert_at(feed, "/items/0/categories/1", "эки");
    const struct json *html = json_at(feed, span_of("/items/0/html"));
    assert_non_null(html);
    assert_non_null(strstr(html->text.at, "<p>Абзац <em>бир</em></p>"));
}

static void
plain_text_of_atom_becomes_markup_that_means_it(void **state)
{
    const struct json *feed = load("atom.xml");
    assert_at(feed, "/items/1/title", "1 &lt; 2 &amp; 3");
    assert_at(feed, "/items/1/html", "a &lt;b&gt; c");
    assert_at(feed, "/items/1/date", "2026-11-22T10:00:00Z");
    assert_at(feed, "/items/1/author", "Анна");
    assert_at(feed, "/items/1/lang", "ru");
}

static void
declared_encodings_are_read(void **state)
{
    static const char *const names[] = {"windows-1251.xml", "koi8-r.xml",
                                        "utf-16.xml"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct json *feed = load(names[i]);
        assert_at(feed, "/title", "Вести");
        assert_at(feed, "/items/0/html",
                  "Съешь ещё этих мягких французских булок");
    }
}

static void
the_header_comes_before_the_declaration(void **state)
{
    const char *body = "<?xml version='1.0' encoding='utf-8'?><rss><channel>"
                       "<title>\xC2\xE5\xF1\xF2\xE8</title></channel></rss>";
    const struct json *feed =
        parse(span_of(body), "application/rss+xml; charset=\"windows-1251\"");
    assert_non_null(feed);
    assert_at(feed, "/title", "Вести");
}

static void
a_header_that_lies_about_utf_8_loses(void **state)
{
    struct json *feed = load_as("windows-1251.xml", "text/xml; charset=utf-8");
    assert_non_null(feed);
    assert_at(feed, "/title", "Вести");
}

static void
an_unknown_encoding_of_the_header_is_passed_over(void **state)
{
    struct json *feed = load_as("koi8-r.xml", "text/xml; charset=klingon");
    assert_non_null(feed);
    assert_at(feed, "/title", "Вести");
    assert_refused("<?xml version='1.0' encoding='klingon'?><rss/>", "");
}

static void
a_byte_order_mark_comes_before_all(void **state)
{
    const struct json *feed =
        parse(span_of("\xEF\xBB\xBF<?xml version='1.0' encoding='koi8-r'?>"
                      "<rss><channel><title>Вести</title></channel></rss>"),
              "text/xml; charset=windows-1251");
    assert_non_null(feed);
    assert_at(feed, "/title", "Вести");
}

static void
broken_bytes_and_control_characters_are_repaired(void **state)
{
    const struct json *feed =
        parse(span_of("<rss><channel><title>a\xFF\x01z&#0;&#xD800;&#1;"
                      "</title></channel></rss>"),
              NULL);
    assert_non_null(feed);
    assert_at(feed, "/title",
              "a\xEF\xBF\xBD z\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void
a_feed_without_items_is_a_feed(void **state)
{
    const struct json *feed =
        parse(span_of("<rss version='2.0'><channel/></rss>"), NULL);
    assert_non_null(feed);
    assert_int_equal(json_member(feed, "items")->count, 0);
}

static void
entity_bombs_are_refused(void **state)
{
    assert_refused("<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'ha'>"
                   "<!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]>"
                   "<rss><channel><title>&c;</title></channel></rss>",
                   "entities of its own");
    assert_refused("<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
                   "<rss><channel><title>&x;</title></channel></rss>",
                   "entities of its own");
    assert_refused("<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/'>"
                   "%p;]><rss/>",
                   "entities of its own");
}

static void
a_document_type_is_never_loaded(void **state)
{
    const struct json *feed =
        parse(span_of("<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' "
                      "'http://127.0.0.1:1/rss.dtd'>"
                      "<rss><channel><title>t</title></channel></rss>"),
              NULL);
    assert_non_null(feed);
    assert_at(feed, "/title", "t");
}

static void
something_else_says_what_it_is(void **state)
{
    assert_null(load_as("page.html", "text/html"));
    assert_non_null(strstr(err.message, "web page"));
    assert_refused("<html xmlns='x'><body/></html>", "web page");
    assert_refused("<!-- hi --><html></html>", "web page");
    assert_refused("", "empty");
    assert_refused("  \n", "empty");
    assert_refused("<opml/>", "<opml>");
    assert_refused("<rss/>", "neither");
    assert_refused("{\"a\":1}", "line 1");
}

static void
half_a_document_names_the_line(void **state)
{
    assert_refused("<rss>\n<channel>\n<item><title>a</title>", "line 3");
}

static void
huge_and_deep_documents_are_refused_quickly(void **state)
{
    int64_t start_ms = clock_monotonic_ms();
    CLEANUP(buffer_done) struct buffer body = {0};
    buffer_append_text(&body, "<rss><channel>");
    for (int i = 0; i < 300; i++)
        buffer_append_text(&body, "<a>");
    assert_refused(buffer_text(&body), "depth");

    buffer_clear(&body);
    buffer_append_text(&body, "<rss><channel>");
    for (int i = 0; i < 300 * 1000; i++)
        buffer_append_text(&body, "<a/>");
    buffer_append_text(&body, "</channel></rss>");
    assert_refused(buffer_text(&body), "200000 elements");

    buffer_clear(&body);
    buffer_append_text(&body, "<rss");
    for (int i = 0; i < 300 * 1000; i++)
        buffer_printf(&body, " a%d=''", i);
    assert_refused(buffer_text(&body), "attributes");

    for (int i = 0; i < 1000 * 1000; i++)
        buffer_append_text(&body, "12345678");
    assert_refused(buffer_text(&body), "8000000");
    assert_true(clock_monotonic_ms() - start_ms < 20 * 1000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rss_2_items_have_all_their_members),
        TEST(what_rss_leaves_out_is_found_elsewhere),
        TEST(missing_ids_and_dates_are_left_out),
        TEST(entities_of_html_and_bare_ampersands_are_understood),
        TEST(rss_1_items_stand_beside_the_channel),
        TEST(atom_entries_have_all_their_members),
        TEST(plain_text_of_atom_becomes_markup_that_means_it),
        TEST(declared_encodings_are_read),
        TEST(the_header_comes_before_the_declaration),
        TEST(a_header_that_lies_about_utf_8_loses),
        TEST(an_unknown_encoding_of_the_header_is_passed_over),
        TEST(a_byte_order_mark_comes_before_all),
        TEST(broken_bytes_and_control_characters_are_repaired),
        TEST(a_feed_without_items_is_a_feed),
        TEST(entity_bombs_are_refused),
        TEST(a_document_type_is_never_loaded),
        TEST(something_else_says_what_it_is),
        TEST(half_a_document_names_the_line),
        TEST(huge_and_deep_documents_are_refused_quickly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
