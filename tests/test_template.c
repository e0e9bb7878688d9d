#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "template.h"

/* var.instance and r:/id have a value, var.empty has none. */
static struct span
lookup(void *context, const struct template_part *part)
{
    if (part->hole == HOLE_VARIABLE && span_is(part->text, "instance"))
        return span_of("https://one.invalid");
    if (part->hole == HOLE_RECORD && span_is(part->text, "/id"))
        return span_of("a/ү&b");
    if (part->hole == HOLE_CURSOR)
        return span_of("${var.instance}");
    return SPAN_NONE;
}

static void
becomes(const char *text, bool encode, const char *expected)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(buffer_done) struct buffer out = {0};
    struct template made;
    assert_true(template_compile(&made, arena, span_of(text),
                                 (struct place){"a.yaml", 1, 1}, diagnostics));
    assert_int_equal(diagnostics_errors(diagnostics), 0);
    bool full = template_expand(&made, &out, encode, lookup, NULL);
    assert_int_equal(full, expected != NULL);
    if (expected)
        assert_string_equal(buffer_text(&out), expected);
}

static void
is_refused(const char *text)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    struct template made;
    bool compiled =
        template_compile(&made, arena, span_of(text),
                         (struct place){"a.yaml", 3, 7}, diagnostics);
    CLEANUP(buffer_done) struct buffer report = {0};
    diagnostics_write(diagnostics, &report, false);
    if (compiled || strncmp(buffer_text(&report), "a.yaml:3:7: error: ", 19))
        fail_msg("'%s' was taken, or not refused at its place: %s", text,
                 buffer_text(&report));
}

static void
holes_are_filled_and_the_rest_stays(void **state)
{
    becomes("${var.instance}/api", false, "https://one.invalid/api");
    becomes("", false, "");
    becomes("$5 {a} $", false, "$5 {a} $");
}

static void
a_filter_or_the_caller_encodes_what_is_filled_in_alone(void **state)
{
    becomes("/x&y/${r:/id|path}", false, "/x&y/a%2F%D2%AF%26b");
    becomes("/x&y/${r:/id|query}", false, "/x&y/a%2F%D2%AF%26b");
    becomes("/x&y/${r:/id}", true, "/x&y/a%2F%D2%AF%26b");
    becomes("/x&y/${r:/id}", false, "/x&y/a/ү&b");
}

static void
an_empty_hole_drops_the_whole(void **state)
{
    becomes("tag=${var.empty}", false, NULL);
    becomes("${var.instance}${lookup.none}", false, NULL);
}

static void
what_a_network_answers_is_no_template(void **state)
{
    becomes("after=${cursor}", false, "after=${var.instance}");
}

static void
what_is_no_hole_is_refused_at_its_place(void **state)
{
    is_refused("${var.}");
    is_refused("${var.a");
    is_refused("${}");
    is_refused("${vars.a}");
    is_refused("${target|html}");
    is_refused("ok ${cursors}");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holes_are_filled_and_the_rest_stays),
        cmocka_unit_test(
            a_filter_or_the_caller_encodes_what_is_filled_in_alone),
        cmocka_unit_test(an_empty_hole_drops_the_whole),
        cmocka_unit_test(what_a_network_answers_is_no_template),
        cmocka_unit_test(what_is_no_hole_is_refused_at_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
