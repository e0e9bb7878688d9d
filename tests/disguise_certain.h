/*
 * disguise_certain.h - is a word in disguise beyond what the matcher judges?
 *
 * What may as well be two words, a name, or a word of another language it may
 * leave alone; the rest it has to find.
 */
#ifndef KAROOL_DISGUISE_CERTAIN_H
#define KAROOL_DISGUISE_CERTAIN_H

#include "reference_written.h"

/* On a word: what is undone by whoever reads it. */
struct disguise_put_on {
    unsigned through;
    bool weak; /* letters are behind a sign that ordinary text has, too */
    size_t words;
    bool beside_latin; /* another word of the text is in Latin letters */
};

bool disguise_is_certain(const struct reference_written *text, size_t first,
                         size_t end, const struct disguise_put_on *put_on);

#endif
