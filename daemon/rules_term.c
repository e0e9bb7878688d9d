#include "rules_loader.h"

const char *const rules_term_keys[] = {
    "id",        "term",      "category", "role",       "severity",
    "gloss",     "variants",  "except",   "forms",      "stem",
    "disguises", "only_lang", "lang",     "source",     "review",
    "flag",      "pass",      "clean",    "morphology", NULL};

/* The one text of a field that is no list. */
static struct span
single(struct rules_loader *loader, const struct rules_field *field)
{
    if (field->count > 1)
        diagnostics_error(loader->diagnostics, field->values[1].place,
                          "'%.*s' takes one value, this is a second one",
                          SPAN_ARGS(field->name));
    return field->count ? span_trim(field->values[0].text) : SPAN_NONE;
}

static void
read_roles(struct rules_loader *loader, struct term *term,
           const struct rules_field *field)
{
    for (size_t i = 0; i < field->count; i++) {
        struct span role = span_trim(field->values[i].text);
        unsigned bit = rules_role(loader, role, field->values[i].place);
        if (bit < RULES_ROLES_MAX)
            term->roles |= (uint64_t)1 << bit;
        if (!map_set(loader->role_terms, role, term))
            loader->no_memory = true;
    }
}

static void
read_review(struct rules_loader *loader, const struct rules_field *field,
            const char **review)
{
    struct span text = single(loader, field);
    *review = span_is(text, "confirmed") ? "confirmed" : "draft";
    if (!span_is(text, "confirmed") && !span_is(text, "draft"))
        diagnostics_error(loader->diagnostics, field->values[0].place,
                          "review is 'draft' or, once a native speaker said "
                          "yes, 'confirmed'");
}

/* Fields whose value is a word or a list of words. */
static bool
read_words(struct rules_loader *loader, struct term *term,
           const struct rules_field *field)
{
    const struct {
        const char *name;
        struct text_list *list;
        void (*check)(struct rules_loader *, struct span, struct place);
    } lists[] = {{"variants", &term->variants, rules_check_spelling},
                 {"except", &term->except, rules_check_exception},
                 {"forms", &term->forms, rules_check_spelling},
                 {"only_lang", &term->only_lang, NULL}};
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        if (!span_is(field->name, lists[i].name))
            continue;
        *lists[i].list = rules_texts(loader, field);
        for (size_t j = 0; j < field->count; j++) {
            const struct rules_value *value = &field->values[j];
            rules_check_alphabet(loader, value->text, value->place);
            if (lists[i].check)
                lists[i].check(loader, value->text, value->place);
        }
        return true;
    }
    const struct {
        const char *name;
        enum example_kind kind;
    } kinds[] = {{"flag", EXAMPLE_FLAG},
                 {"pass", EXAMPLE_PASS},
                 {"clean", EXAMPLE_CLEAN}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (!span_is(field->name, kinds[i].name))
            continue;
        rules_add_examples(loader, &term->examples, &term->example_count, field,
                           kinds[i].kind);
        return true;
    }
    return false;
}

static bool
read_texts(struct rules_loader *loader, struct term *term,
           const struct rules_field *field)
{
    const struct {
        const char *name;
        const char **text;
    } texts[] = {{"id", &term->id},
                 {"lang", &term->lang},
                 {"gloss", &term->gloss},
                 {"source", &term->source}};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (!span_is(field->name, texts[i].name))
            continue;
        *texts[i].text = rules_copy(loader, single(loader, field));
        return true;
    }
    if (!span_is(field->name, "term") && !span_is(field->name, "stem"))
        return false;
    struct span text = single(loader, field);
    struct span copy = {rules_copy(loader, text), text.len};
    struct place place = field->values[0].place;
    if (span_is(field->name, "term")) {
        term->text = copy;
        term->text_place = place;
    } else {
        term->stem = copy;
    }
    rules_check_alphabet(loader, text, place);
    rules_check_spelling(loader, text, place);
    return true;
}

static void
read_field(struct rules_loader *loader, struct term *term,
           const struct rules_field *field)
{
    if (field->count == 0)
        return; /* an empty cell, or a key without a value */
    const struct rules_value *first = &field->values[0];
    if (read_words(loader, term, field) || read_texts(loader, term, field))
        return;
    if (span_is(field->name, "role")) {
        read_roles(loader, term, field);
    } else if (span_is(field->name, "disguises")) {
        term->disguises = rules_disguises(loader, field);
    } else if (span_is(field->name, "review")) {
        read_review(loader, field, &term->review);
    } else if (span_is(field->name, "category")) {
        single(loader, field);
        if (!rules_category_of(loader, first, &term->category))
            term->category = RULES_NONE;
    } else if (span_is(field->name, "severity")) {
        single(loader, field);
        if (!rules_severity(loader, first, &term->severity))
            term->severity = RULES_SEVERITY_LOWEST;
    } else if (span_is(field->name, "morphology")) {
        single(loader, field);
        if (!rules_morphology(loader, first, &term->morphology))
            term->morphology = GRAMMAR_EXACT;
    } else {
        rules_unknown_key(loader, field->name, field->place, rules_term_keys);
    }
}

/* Marks that mean something elsewhere: `*` in a search, `,` between words. */
static void
check_marks(struct rules_loader *loader, const struct term *term,
            const struct rules_field *field)
{
    bool several =
        span_is(field->name, "variants") || span_is(field->name, "forms");
    if (!several && !span_is(field->name, "term") &&
        !span_is(field->name, "stem"))
        return;
    for (size_t i = 0; i < field->count; i++) {
        const struct rules_value *value = &field->values[i];
        struct span text = value->text;
        for (const char *sign = "*#@%?"; *sign; sign++)
            if (memchr(text.at, *sign, text.len))
                diagnostics_warning(
                    loader->diagnostics, value->place,
                    "the '%c' in '%.*s' counts for nothing, letters and "
                    "digits alone do (any ending is taken by 'morphology: "
                    "prefix')",
                    *sign, SPAN_ARGS(text));
        if (several && memchr(text.at, ',', text.len) &&
            !memchr(term->text.at, ',', term->text.len))
            diagnostics_warning(
                loader->diagnostics, value->place,
                "'%.*s' is taken as one, comma and all: several are divided "
                "by | in a table, and written ['…', '…'] in YAML",
                SPAN_ARGS(text));
    }
}

static void
check_term(struct rules_loader *loader, struct term *term, bool severity_given,
           bool category_given)
{
    struct diagnostics *diagnostics = loader->diagnostics;
    if (!term->id || !term->id[0])
        diagnostics_error(diagnostics, term->place,
                          "this term has no id: give it one, such as "
                          "ky-eth-004");
    if (term->text.len == 0)
        diagnostics_error(diagnostics, term->place,
                          "this term has no 'term': if it begins with one of "
                          "# @ %% * & !, put it in single quotes");
    if (term->category == RULES_NONE && !category_given && term->roles == 0)
        diagnostics_error(diagnostics, term->place,
                          "this term has neither a category nor a role: it "
                          "would never do anything");
    if (term->category != RULES_NONE && term->severity == 0)
        diagnostics_error(diagnostics, term->place,
                          "this term has a category but no severity: add a "
                          "digit from 1 to 5");
    if (term->category == RULES_NONE && severity_given && !category_given)
        diagnostics_warning(diagnostics, term->place,
                            "the severity counts for nothing without a "
                            "category");
    if (term->category == RULES_NONE)
        term->severity = 0;
}

void
rules_term_read(struct rules_loader *loader, const struct rules_field *fields,
                size_t count, struct place place)
{
    struct rules *rules = loader->rules;
    struct term *terms =
        rules_grow(loader, rules->terms, rules->term_count,
                   &loader->term_capacity, sizeof(*rules->terms));
    if (!terms)
        return;
    rules->terms = terms;
    struct term *term = &terms[rules->term_count++];
    *term = (struct term){
        .lang = loader->defaults.lang,
        .gloss = "",
        .source = loader->defaults.source,
        .review = loader->defaults.review,
        .category = RULES_NONE,
        .severity = loader->defaults.severity,
        .morphology = loader->defaults.morphology,
        .disguises = loader->defaults.disguises,
        .place = place,
        .text_place = place,
    };
    bool severity = false, category = false, role = false;
    for (size_t i = 0; i < count; i++) {
        bool filled = fields[i].count > 0;
        severity = severity || (filled && span_is(fields[i].name, "severity"));
        category = category || (filled && span_is(fields[i].name, "category"));
        role = role || (filled && span_is(fields[i].name, "role"));
        read_field(loader, term, &fields[i]);
        if (filled && span_is(fields[i].name, "id"))
            rules_note_id(loader, span_of(term->id), fields[i].values[0].place);
    }
    for (size_t i = 0; term->text.len && i < count; i++)
        check_marks(loader, term, &fields[i]);
    /* A default category is for terms that say nothing, not for helpers. */
    if (!category && !role)
        term->category = loader->defaults.category;
    check_term(loader, term, severity, category);
}
