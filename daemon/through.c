#include "alphabet.h"
#include "matcher_model.h"
#include "utf8.h"

bool
gap_is_plain(struct span gap)
{
    static const uint32_t hyphens[] = {'-', 0x2010, 0x2011, 0x2012, 0x2013};
    size_t blanks = 0, hyphen_count = 0;
    for (size_t offset = 0; offset < gap.len;) {
        bool valid;
        uint32_t code_point = utf8_next(gap, &offset, &valid);
        bool hyphen = false;
        for (size_t i = 0; i < COUNT_OF(hyphens); i++)
            hyphen = hyphen || code_point == hyphens[i];
        bool blank = alphabet_is_blank(code_point);
        if (!hyphen && !blank && alphabet_class(code_point) != LETTER_SKIPPED)
            return false;
        hyphen_count += hyphen;
        blanks += blank;
    }
    return hyphen_count == 0 || (hyphen_count == 1 && blanks == 0);
}

bool
through_between(struct span text, const struct reading *reading, uint32_t start,
                const struct spelling *spelling, struct through *out)
{
    *out = (struct through){0};
    size_t behind = reading->origins[start]; /* the letter before */
    for (size_t i = 0; i < spelling->len; i++) {
        size_t at = reading->origins[start + i];
        uint32_t meant = spelling->letters[i];
        if (meant == ' ' || meant == MARKED_GAP) {
            size_t next = reading->origins[start + i + 1];
            struct span gap = {text.at + behind, next - behind};
            out->gap_refused =
                out->gap_refused || (meant == ' ' && !gap_is_plain(gap));
            behind = next;
            continue;
        }
        if (at > behind)
            out->disguises |= DISGUISE_INVISIBLE;
        struct written_letter written = written_letter_at(text, at);
        behind = written.end;
        if (written.hidden)
            out->disguises |= DISGUISE_INVISIBLE;
        if (written.code_point == meant)
            continue;
        if (!alphabet_alike(written.code_point, meant))
            return false;
        out->disguises |= DISGUISE_HOMOGLYPH;
    }
    out->end = behind;
    return true;
}
