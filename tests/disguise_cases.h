/*
 * disguise_cases.h - the matcher against the reference of disguises: texts of
 * invented words in disguise, among ordinary ones.
 *
 * Whatever the matcher flags the reference must be able to read so
 * (disguise_explained.h). And a word in disguise that is within the limits of
 * rules/README.md and far from every known word must be flagged, as a form of
 * the same kinds, with no more undone than was put on it.
 */
#ifndef KAROOL_DISGUISE_CASES_H
#define KAROOL_DISGUISE_CASES_H

#include "disguise_explained.h"
#include "disguise_maker.h"

struct disguise_cases;
/* Words with more disguises than `most` need not be found, for who mixes all of
 * them well enough may hide from a walk of so many steps; nor those with one of
 * `judged`. Aborts when its dictionary cannot be compiled. */
struct disguise_cases *disguise_cases_new(unsigned most, unsigned judged);
void disguise_cases_free(struct disguise_cases *cases);
/* A text as the choices make it. false: they differ; it is printed how. */
bool disguise_cases_compare(struct disguise_cases *cases,
                            const struct chooser *chooser,
                            struct disguise_tally *tally);
/* The same text with some of its characters changed, so that nobody knows what
 * there is to find: is what is found explained? */
bool disguise_cases_explain_changed(struct disguise_cases *cases,
                                    const struct chooser *chooser,
                                    struct disguise_tally *tally);

#endif
