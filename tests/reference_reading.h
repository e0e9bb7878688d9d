/*
 * reference_reading.h - every way to read a piece of text as a form of a term,
 * with all eight disguises, by trying them.
 *
 * It walks the letters of each form and at each character takes every way to
 * spend a disguise; what it has tried it does not try again. What is likelier
 * ordinary text it does not ask: reference_limits.h does.
 */
#ifndef KAROOL_REFERENCE_READING_H
#define KAROOL_REFERENCE_READING_H

#include "reference_dictionary.h"
#include "reference_written.h"

struct reference_reading {
    uint32_t first, end; /* characters */
    uint32_t through;
    uint32_t kinds;       /* enum form_kind */
    uint32_t letters;     /* meant, of all words */
    uint32_t masked;      /* of them that cannot be read */
    uint32_t stem;        /* letters of stems */
    uint32_t stem_masked; /* of them that cannot be read */
    uint32_t leet;        /* digits and signs for letters */
    uint32_t gaps;        /* inside words */
    uint32_t repeats;     /* runs of a letter written again */
    uint32_t longest;     /* of them */
    uint32_t brackets;    /* around letters, or quotation marks */
    uint32_t weak;        /* 1: hidden by signs that ordinary text has, too */
    uint32_t begins;      /* 1: the first letter is hidden */
};

struct reference_question {
    const struct reference_dictionary *dictionary;
    const struct term *term;
    struct reference_written *text;
    size_t first;     /* character at which it begins */
    size_t end;       /* at which it ends; SIZE_MAX: anywhere */
    unsigned allowed; /* disguises */
    bool (*found)(void *context, const struct reference_reading *reading);
    void *context;
};

/* Shows each reading once, until `found` returns false. Returns false when
 * there are so many ways that not all were tried. */
bool reference_read(const struct reference_question *question);

#endif
