/*
 * yaml_problem.h - a parser's complaint in words that a linguist understands.
 *
 * Threads: any.
 */
#ifndef KAROOL_YAML_PROBLEM_H
#define KAROOL_YAML_PROBLEM_H

#include <stdbool.h>

/* What to do about what libyaml 0.2.5 says (context may be NULL), or NULL when
 * it is not known. */
const char *yaml_problem_advice(const char *problem, const char *context);

#endif
