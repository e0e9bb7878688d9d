/*
 * Any text against a dictionary with all that a term can have: each slice
 * holds, and the reference can read what is found, under all disguises; and
 * where the slow matcher of reference_matcher.h knows the letters it finds the
 * same under the two that it knows.
 *
 * A text that begins with an even byte is read as UTF-8; else each byte stands
 * for a character that matters here, so that the fuzzer meets them often. From
 * 0xF0 on the bytes are choices, of which words in disguise are made
 * (disguise_cases.h). How much of a word must be left is not asked here: where
 * that ends is a matter of judgement, and nothing for chance to find.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <uchar.h>

#include "disguise_cases.h"
#include "matcher.h"
#include "reference_matcher.h"
#include "utf8.h"

static const char head[] = "karool: rules/1\n";
/* Those that the slow matcher undoes. */
static const char two[] = "defaults: {disguises: [homoglyph, invisible]}\n";
static const char inflected[] =
    "  - {id: h, term: кызыл алмурт, category: c0, severity: 1,"
    " morphology: ky-noun, except: [кызыл алмуртка]}\n"
    "  - {id: i, term: ромашка, category: c1, severity: 2,"
    " morphology: ru-noun}\n";
static const char dictionary[] =
    "  - {id: a, term: алма, category: c0, severity: 2, role: r0,"
    " except: [кызыл алма, алма бак], variants: [alma]}\n"
    "  - {id: b, term: алмур, category: c1, severity: 1, role: [r1, r0],"
    " morphology: prefix, except: [алмур суу]}\n"
    "  - {id: c, term: кызыл алма, category: c0, severity: 3, forms: [ал ма]}\n"
    "  - {id: d, term: ёй, stem: өү, category: c1, severity: 1, role: r2}\n"
    "  - {id: e, term: суң, role: [r1, r2], disguises: [homoglyph]}\n"
    "  - {id: f, term: cop, role: r2, disguises: [invisible]}\n"
    "  - {id: g, term: эмес, role: r3}\n"
    "rules:\n"
    "  - {id: u, category: c1, severity: 5, within: 4,"
    " when: [{role: r0}, {role: r1}, {role: r2}],"
    " unless: [{role: r3, within: 1}]}\n"
    "  - {id: v, category: c0, severity: 2, within: 2, order: as_written,"
    " same_sentence: true, when: [{role: r1}, {role: r0}],"
    " unless: [{role: r3}]}\n"
    "  - {id: w, raise: 4, within: 2,"
    " when: [{category: c0, severity: [2, 3]}, {role: r2}]}\n";

static const char32_t characters[] =
    U"   алмаурбкызысуңөүёйгеcopлa\u0301\u0306\u0308\u200B\u00ADαοＡ𝐚-.!\n,@/"
    U"АЛМУРСЙҢэмесэмес1漢iuyхx»\u00A0\u2011😀\uFFFDalma*#$0347_|()<…?";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool truth)
{
    if (!truth)
        abort();
}

static struct matcher *
compile(const char *defaults, const char *terms)
{
    CLEANUP(buffer_done) struct buffer rules_text = {0};
    buffer_printf(&rules_text, "%s%sterms:\n%s%s", head, defaults, terms,
                  dictionary);
    const struct rules_text texts[] = {
        {"categories.yaml", span_of("karool: categories/1\ncategories:\n"
                                    "  - {id: c0}\n  - {id: c1}\n")},
        {"a.yaml", buffer_span(&rules_text)}};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(rules_unrefp)
    struct rules *rules = rules_load_texts(texts, 2, diagnostics);
    require(rules);
    struct matcher *matcher = matcher_new(rules, diagnostics, NULL);
    require(matcher);
    return matcher;
}

static void
read_text(struct buffer *out, const uint8_t *data, size_t size)
{
    if (size == 0)
        return;
    if (data[0] % 2 == 0) {
        utf8_repair(out, (struct span){(const char *)data + 1, size - 1});
        return;
    }
    for (size_t i = 1; i < size; i++)
        utf8_append(out, characters[data[i] % (COUNT_OF(characters) - 1)]);
}

/* Bytes that choose; when they are used up, the first of all choices. */
struct tape {
    const uint8_t *at;
    size_t left;
};

static unsigned
choose(void *context, unsigned below)
{
    struct tape *tape = context;
    unsigned number = 0;
    for (unsigned reach = 1; reach < below && tape->left > 0; reach *= 256) {
        number = number * 256 + *tape->at++;
        tape->left--;
    }
    return number % below;
}

static void
compare_made(const uint8_t *data, size_t size)
{
    static struct disguise_cases *cases;
    static struct disguise_tally tally = {.lenient = true};
    struct tape tape = {data, size};
    const struct chooser chooser = {choose, &tape};
    if (!cases)
        cases = disguise_cases_new(1, DISGUISE_TRANSLIT | DISGUISE_MASK);
    if (chosen(&chooser, 2))
        require(disguise_cases_compare(cases, &chooser, &tally));
    else
        require(disguise_cases_explain_changed(cases, &chooser, &tally));
}

static void
explain(const struct matcher *all, const struct match_list *list,
        struct span text)
{
    static struct reference_dictionary *read;
    static struct disguise_tally tally = {.lenient = true};
    struct reference_written written;
    if (!read)
        read = reference_dictionary_new(matcher_rules(all));
    reference_written_read(&written, text);
    require(disguise_explains(read, &written, list, false, &tally));
    reference_written_done(&written);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct matcher *matcher, *all;
    static struct scanner *scanner;
    if (!matcher) {
        matcher = compile(two, inflected);
        all = compile("", inflected);
        scanner = scanner_new(NULL);
        require(scanner);
    }
    if (size > 0 && data[0] >= 0xF0) {
        compare_made(data + 1, size - 1);
        return 0;
    }
    CLEANUP(buffer_done) struct buffer text = {0};
    CLEANUP(buffer_done) struct buffer found = {0};
    CLEANUP(buffer_done) struct buffer expected = {0};
    read_text(&text, data, size);
    struct matcher_input input = {.fields = {buffer_span(&text)}};
    struct match_list list;
    require(matcher_scan(all, scanner, &input, &list, NULL));
    require(reference_slices_hold(&list, &input));
    if (text.len <= 200)
        explain(all, &list, buffer_span(&text));
    require(matcher_scan(matcher, scanner, &input, &list, NULL));
    require(reference_slices_hold(&list, &input));
    /* Every choice of words is tried: only where they are few. */
    if (text.len > 400 || !reference_knows(buffer_span(&text)))
        return 0;
    reference_write(&list, &found);
    reference_scan(matcher_rules(matcher), &input, &expected);
    if (!span_equal(buffer_span(&found), buffer_span(&expected))) {
        fprintf(stderr, "%s\nfound:\n%sexpected:\n%s", buffer_text(&text),
                buffer_text(&found), buffer_text(&expected));
        abort();
    }
    return 0;
}
