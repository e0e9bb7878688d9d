#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "clock.h"
#include "html_text.h"
#include "utf8.h"

static void
assert_text(const char *html, const char *expected)
{
    struct error err = {0};
    CLEANUP(buffer_done) struct buffer out = {0};
    assert_true(html_text(&out, span_of(html), &err));
    assert_string_equal(buffer_text(&out), expected);
}

static void
bare_text_stays_as_it_is(void **state)
{
    assert_text("", "");
    assert_text("Бишкек шаары", "Бишкек шаары");
    assert_text("1 > 0", "1 > 0");
    assert_text("a & b &amp; c", "a & b & c");
}

static void
white_space_is_folded_and_trimmed(void **state)
{
    assert_text("  бир\n\t эки  ", "бир эки");
    assert_text("<p> бир </p>\n\n<p> эки </p>", "бир\nэки");
    assert_text("бир<b> эки</b> үч", "бир эки үч");
    assert_text("бир<b>эки</b>", "бирэки");
}

static void
paragraphs_items_and_breaks_become_newlines(void **state)
{
    assert_text("<p>бир</p><p>эки<br>үч</p>", "бир\nэки\nүч");
    assert_text("<p>бир<br><br><br>эки</p>", "бир\n\nэки");
    assert_text("<ul><li>бир</li><li>эки</li></ul>соңу", "бир\nэки\nсоңу");
    assert_text("<h1>Башы</h1>текст<div>соңу</div>", "Башы\nтекст\nсоңу");
    assert_text("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr>"
                "</table>",
                "1 2\n3");
    assert_text("<pre>бир\nэки</pre>", "бир\nэки");
}

static void
a_break_alone_is_no_text(void **state)
{
    assert_text("<br>", "");
    assert_text("<p></p>", "");
    assert_text("&nbsp;", "\xC2\xA0");
}

static void
entities_are_resolved_once(void **state)
{
    assert_text("&lt;b&gt; &#1050;&#x43E; &laquo;т&raquo;", "<b> Ко «т»");
    assert_text("&amp;lt;", "&lt;");
    assert_text("&kul; &#0; &#xD800;.", "&kul; .");
}

static void
script_and_style_are_dropped(void **state)
{
    assert_text("бир<script>alert('<b>')</script> эки", "бир эки");
    assert_text("<style>p{color:red}</style><p>бир</p>", "бир");
    assert_text("бир<!-- эки -->үч", "бирүч");
}

static void
unclosed_tags_lose_nothing(void **state)
{
    assert_text("<p>бир<p>эки<b>үч", "бир\nэкиүч");
    assert_text("бир</div></p>эки", "бир\nэки");
    assert_text("5 < 6 бир", "5 < 6 бир");
    assert_text("<i>бир</b>эки", "бирэки");
}

static void
hidden_parts_of_mastodon_links_are_left_out(void **state)
{
    assert_text(
        "<p>Окуңуз <a href=\"https://example.org/long/path\" rel=\"nofollow\">"
        "<span class=\"invisible\">https://</span>"
        "<span class=\"ellipsis\">example.org/lo</span>"
        "<span class=\"invisible\">ng/path</span></a> бүгүн</p>",
        "Окуңуз example.org/lo… бүгүн");
    assert_text("<a href=x><span class='mention invisible'>a</span>b</a>", "b");
    assert_text("<a href=x><span class='invisibles'>a</span>b</a>", "ab");
}

static void
text_cannot_hide_outside_of_a_link(void **state)
{
    assert_text("<p><span class=\"invisible\">сөз</span></p>", "сөз");
}

static void
mentions_and_tags_keep_their_text(void **state)
{
    assert_text("<p><span class=\"h-card\"><a class=\"u-url mention\">@<span>"
                "aida</span></a></span> <a>#<span>шайлоо</span></a></p>",
                "@aida #шайлоо");
}

static void
emoji_images_give_their_alternative_text(void **state)
{
    assert_text("бир <img class=\"emoji\" alt=\":от:\" src=x> эки",
                "бир :от: эки");
    assert_text("бир <img alt=\"сүрөт\" src=x> эки", "бир эки");
}

static void
broken_bytes_and_nul_are_repaired(void **state)
{
    struct error err = {0};
    CLEANUP(buffer_done) struct buffer out = {0};
    assert_true(html_text(&out, (struct span){"<b>a\0b\xff</b>", 11}, &err));
    assert_string_equal(buffer_text(&out), "a\xEF\xBF\xBD"
                                           "b\xEF\xBF\xBD");
}

static void
the_encoding_that_markup_claims_is_ignored(void **state)
{
    assert_text("<meta http-equiv=\"Content-Type\" "
                "content=\"text/html; charset=windows-1251\"><p>сөз</p>",
                "сөз");
}

static void
appends_after_what_is_there(void **state)
{
    struct error err = {0};
    CLEANUP(buffer_done) struct buffer out = {0};
    buffer_append_text(&out, "title:");
    assert_true(html_text(&out, span_of("<p>бир</p>"), &err));
    assert_string_equal(buffer_text(&out), "title:бир");
}

/* `count` times `piece`, then `end`: read within a second, and `end` found. */
static void
assert_quick(const char *piece, size_t count, const char *end)
{
    CLEANUP(buffer_done) struct buffer html = {0};
    CLEANUP(buffer_done) struct buffer out = {0};
    for (size_t i = 0; i < count; i++)
        buffer_append_text(&html, piece);
    buffer_append_text(&html, end);
    int64_t start_ms = clock_monotonic_ms();
    struct error err = {0};
    assert_true(html_text(&out, buffer_span(&html), &err));
    assert_true(clock_monotonic_ms() - start_ms < 10 * 1000);
    assert_non_null(strstr(buffer_text(&out), "сөз"));
    assert_true(utf8_clean(buffer_span(&out)));
}

static void
text_below_any_depth_is_found(void **state)
{
    assert_quick("<b>", 300, "сөз");
    assert_quick("<b class=\"x\">", 100 * 1000, "сөз");
    assert_quick("<div>", 100 * 1000, "<p>сөз");
    assert_quick("<b></i>", 100 * 1000, "сөз");
}

static void
text_after_endless_attributes_is_found(void **state)
{
    CLEANUP(buffer_done) struct buffer tag = {0};
    buffer_append_text(&tag, "<p");
    for (int i = 0; i < 100 * 1000; i++)
        buffer_printf(&tag, " a%d", i);
    assert_quick(buffer_text(&tag), 1, " сөз");
    assert_quick(buffer_text(&tag), 1, ">сөз");
}

static void
markup_over_the_limit_is_refused(void **state)
{
    CLEANUP(buffer_done) struct buffer html = {0};
    for (int i = 0; i < 250 * 1000; i++)
        buffer_append_text(&html, "<p>abcdef");
    struct error err = {0};
    CLEANUP(buffer_done) struct buffer out = {0};
    assert_false(html_text(&out, buffer_span(&html), &err));
    assert_int_equal(err.kind, ERROR_RECORD);
    assert_non_null(strstr(err.message, "2250000"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bare_text_stays_as_it_is),
        cmocka_unit_test(white_space_is_folded_and_trimmed),
        cmocka_unit_test(paragraphs_items_and_breaks_become_newlines),
        cmocka_unit_test(a_break_alone_is_no_text),
        cmocka_unit_test(entities_are_resolved_once),
        cmocka_unit_test(script_and_style_are_dropped),
        cmocka_unit_test(unclosed_tags_lose_nothing),
        cmocka_unit_test(hidden_parts_of_mastodon_links_are_left_out),
        cmocka_unit_test(text_cannot_hide_outside_of_a_link),
        cmocka_unit_test(mentions_and_tags_keep_their_text),
        cmocka_unit_test(emoji_images_give_their_alternative_text),
        cmocka_unit_test(broken_bytes_and_nul_are_repaired),
        cmocka_unit_test(the_encoding_that_markup_claims_is_ignored),
        cmocka_unit_test(appends_after_what_is_there),
        cmocka_unit_test(text_below_any_depth_is_found),
        cmocka_unit_test(text_after_endless_attributes_is_found),
        cmocka_unit_test(markup_over_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
