#include "reference_text.h"

#include <stdlib.h>

/* Letters that are drawn alike, small and capital: Latin, Cyrillic, Greek. */
static const uint32_t looks[][3] = {
    {'a', U'а', U'α'}, {'b', U'в', U'β'}, {'c', U'с', 0},    {'e', U'е', U'ε'},
    {'h', U'н', 0},    {'i', U'і', 0},    {'k', U'к', U'κ'}, {'m', U'м', 0},
    {'n', U'п', 0},    {'o', U'о', U'ο'}, {'p', U'р', U'ρ'}, {'r', U'г', 0},
    {'t', U'т', U'τ'}, {'u', U'и', 0},    {'w', U'ш', 0},    {'x', U'х', U'χ'},
    {'y', U'у', 0},    {0, U'ө', U'θ'},   {0, U'ү', U'γ'},   {0, U'л', U'λ'},
    {0, U'ф', U'φ'},   {U'ŋ', U'ң', 0},
};

static const struct {
    uint32_t letter, mark, composed;
} compositions[] = {
    {U'и', 0x306, U'й'}, {U'е', 0x308, U'е'}, {U'у', 0x306, U'ў'},
    {U'і', 0x308, U'ї'}, {U'г', 0x301, U'ѓ'}, {U'к', 0x301, U'ќ'},
};

static bool
is_among(uint32_t code_point, const uint32_t *list)
{
    while (*list && *list != code_point)
        list++;
    return *list != 0;
}

static enum reference_script
script_of(uint32_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == U'ŋ' ||
        c == U'Ŋ')
        return REFERENCE_LATIN;
    if ((c >= 0x410 && c <= 0x44F) || is_among(c, U"ЁёҢңӨөҮүІіЇїЎўЃѓЌќ"))
        return REFERENCE_CYRILLIC;
    if (is_among(c, U"αβεκορτχθγλφΑΒΕΚΟΡΤΧΘΓΛΦ"))
        return REFERENCE_GREEK;
    if (c == U'漢' || c == U'字')
        return REFERENCE_HAN;
    if ((c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A) ||
        (c >= 0x1D400 && c <= 0x1D433))
        return REFERENCE_STYLED;
    return REFERENCE_NO_SCRIPT;
}

static enum reference_kind
kind_of(uint32_t c)
{
    if ((c >= '0' && c <= '9') || script_of(c))
        return REFERENCE_LETTER;
    bool control = (c > 0 && c < 0x20) || c == 0x7F;
    if ((c >= 0x300 && c <= 0x36F) || c == 0xE0061 ||
        (control && !is_among(c, U"\t\n\v\f\r")) ||
        is_among(c, U"\u00AD\u200B\u200C\u200D\u200E\u2060\uFEFF\uFE0F"))
        return REFERENCE_INVISIBLE;
    if ((c >= 0x2000 && c <= 0x200A) ||
        is_among(c, U" \t\n\r\u00A0\u202F\u3000"))
        return REFERENCE_BLANK;
    if (c == '-' || (c >= 0x2010 && c <= 0x2013))
        return REFERENCE_HYPHEN;
    if (c < 0x80 || is_among(c, U"«»…—“”😀\uFFFD"))
        return REFERENCE_OTHER;
    return REFERENCE_UNKNOWN;
}

static uint32_t
lower_case(uint32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0x410 && c <= 0x42F) ||
        (c >= 0xFF21 && c <= 0xFF3A) || script_of(c) == REFERENCE_GREEK)
        return (c >= 0x3B1 && c <= 0x3C9) ? c : c + 32;
    static const uint32_t pairs[] = U"ЁеёеҢңӨөҮүІіЇїЎўЃѓЌќŊŋ";
    for (size_t i = 0; pairs[i]; i += 2)
        if (pairs[i] == c)
            return pairs[i + 1];
    return c;
}

static uint32_t
look_of(uint32_t letter)
{
    if (letter >= 0x1D400 && letter <= 0x1D433)
        letter = 'a' + (letter - 0x1D400) % 26;
    if (letter >= 0xFF41 && letter <= 0xFF5A)
        letter = letter - 0xFF41 + 'a';
    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
        for (int j = 0; j < 3; j++)
            if (looks[i][j] == letter)
                return looks[i][1];
    return letter;
}

static uint32_t
composed(uint32_t letter, uint32_t mark)
{
    for (size_t i = 0; i < sizeof(compositions) / sizeof(compositions[0]); i++)
        if (compositions[i].letter == letter && compositions[i].mark == mark)
            return compositions[i].composed;
    return 0;
}

/* Texts of the tests are valid UTF-8. */
static uint32_t
decode(const unsigned char *at, size_t *len)
{
    *len = at[0] < 0x80 ? 1 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    uint32_t code_point = *len == 1 ? at[0] : at[0] & (0x7Fu >> *len);
    for (size_t i = 1; i < *len; i++)
        code_point = code_point << 6 | (at[i] & 0x3Fu);
    return code_point;
}

static void
read_characters(struct reference_text *text)
{
    size_t utf16 = 0;
    for (size_t at = 0, len; at < text->bytes.len; at += len) {
        uint32_t c = decode((const unsigned char *)text->bytes.at + at, &len);
        text->characters[text->character_count++] =
            (struct reference_character){c, kind_of(c), script_of(c), at,
                                         utf16};
        utf16 += c > 0xFFFF ? 2 : 1;
    }
    text->characters[text->character_count] =
        (struct reference_character){.byte = text->bytes.len, .utf16 = utf16};
}

/* The mark that makes another letter of the one at i may stand behind other
 * invisible characters: a reader does not see those. */
static struct reference_letter
letter_at(const struct reference_text *text, size_t i)
{
    const struct reference_character *characters = text->characters;
    uint32_t letter = lower_case(characters[i].code_point);
    struct reference_letter out = {
        .letter = letter,
        .script = characters[i].script,
        .first = i,
        .end = i + 1,
    };
    for (size_t j = i + 1;
         j < text->character_count && characters[j].kind == REFERENCE_INVISIBLE;
         j++) {
        uint32_t whole = composed(letter, characters[j].code_point);
        if (!whole)
            continue;
        out.letter = whole;
        out.end = j + 1;
        out.hidden = j > i + 1;
        break;
    }
    out.look = look_of(out.letter);
    return out;
}

/* A sentence ends in a mark that a blank follows, or in a new line. */
static bool
sentence_ends(const struct reference_text *text, size_t from, size_t to)
{
    bool mark = false;
    for (size_t i = from; i < to; i++) {
        const struct reference_character *c = &text->characters[i];
        if (c->code_point == '\n' || (mark && c->kind == REFERENCE_BLANK))
            return true;
        mark = mark || is_among(c->code_point, U".!?;…");
    }
    return false;
}

static void
read_letters(struct reference_text *text)
{
    size_t behind = 0; /* the last letter */
    for (size_t i = 0; i < text->character_count; i++) {
        if (text->characters[i].kind != REFERENCE_LETTER)
            continue;
        struct reference_letter letter = letter_at(text, i);
        letter.begins_word = text->letter_count == 0;
        for (size_t j = behind; j < i; j++)
            if (text->characters[j].kind != REFERENCE_INVISIBLE)
                letter.begins_word = true;
        letter.begins_sentence =
            text->letter_count > 0 && sentence_ends(text, behind, i);
        behind = letter.end;
        text->letters[text->letter_count++] = letter;
    }
}

static void
read_words(struct reference_text *text)
{
    size_t sentence = 0;
    for (size_t i = 0; i < text->letter_count; i++) {
        if (!text->letters[i].begins_word)
            continue;
        sentence += text->letters[i].begins_sentence;
        text->sentences[text->word_count] = sentence;
        text->words[text->word_count++] = i;
    }
    text->words[text->word_count] = text->letter_count;
}

void
reference_text_read(struct reference_text *text, struct span bytes)
{
    size_t most = bytes.len + 1;
    *text = (struct reference_text){
        .bytes = bytes,
        .characters = calloc(most, sizeof(*text->characters)),
        .letters = calloc(most, sizeof(*text->letters)),
        .words = calloc(most, sizeof(*text->words)),
        .sentences = calloc(most, sizeof(*text->sentences)),
    };
    if (!text->characters || !text->letters || !text->words || !text->sentences)
        abort();
    read_characters(text);
    read_letters(text);
    read_words(text);
}

void
reference_text_done(struct reference_text *text)
{
    free(text->characters);
    free(text->letters);
    free(text->words);
    free(text->sentences);
    *text = (struct reference_text){0};
}

/* Letters that are drawn in the place of another beside the one they are. */
static const uint32_t also[][2] = {{U'γ', U'у'}, {'b', U'ь'}, {'b', U'ъ'},
                                   {'r', U'я'},  {'m', U'т'}, {'g', U'д'}};

bool
reference_looks_like(const struct reference_letter *written,
                     const struct reference_letter *meant)
{
    bool alike = written->look == meant->look;
    for (size_t i = 0; i < sizeof(also) / sizeof(also[0]); i++)
        alike = alike ||
                (written->letter == also[i][0] && meant->letter == also[i][1]);
    return alike;
}

bool
reference_alike(const struct reference_letter *written,
                const struct reference_letter *meant)
{
    return reference_looks_like(written, meant) &&
           (written->script == REFERENCE_STYLED ||
            written->script != meant->script);
}

bool
reference_is_capital(uint32_t code_point)
{
    return lower_case(code_point) != code_point;
}

struct reference_letter
reference_letter_of(uint32_t code_point)
{
    uint32_t letter = lower_case(code_point);
    return (struct reference_letter){.letter = letter,
                                     .look = look_of(letter),
                                     .script = script_of(letter),
                                     .end = 1};
}

bool
reference_gap_divides_words(const struct reference_text *text, size_t from,
                            size_t to)
{
    size_t blanks = 0, hyphens = 0, others = 0;
    for (size_t i = from; i < to; i++) {
        enum reference_kind kind = text->characters[i].kind;
        blanks += kind == REFERENCE_BLANK;
        hyphens += kind == REFERENCE_HYPHEN;
        others += kind == REFERENCE_OTHER;
    }
    return others == 0 && (hyphens == 0 || (hyphens == 1 && blanks == 0));
}

bool
reference_number_follows(const struct reference_text *text, size_t letter,
                         size_t letters)
{
    size_t digits = 0;
    if (letter == 0 || text->letters[letter - 1].letter <= '9')
        return false;
    while (letter + digits < text->letter_count &&
           !text->letters[letter + digits].begins_word)
        if (text->letters[letter + digits].letter < '0' ||
            text->letters[letter + digits++].letter > '9')
            return false;
    return letters >= 3 && digits >= 1 && digits <= 4;
}
