/*
 * cleanup.h - scopes that clean up: CLEANUP owns, TAKE hands on.
 *
 * CLEANUP(function) on a local calls function(&local) when the scope ends;
 * functions of that kind are named x_freep, x_donep or x_unrefp and accept a
 * pointer to NULL. TAKE(pointer) yields the pointer and leaves NULL behind.
 *
 * Needs GCC or Clang (attributes and statement expressions).
 */
#ifndef KAROOL_CLEANUP_H
#define KAROOL_CLEANUP_H

#define CLEANUP(function) __attribute__((cleanup(function)))
#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF(text, first) __attribute__((format(printf, text, first)))
#define UNUSED __attribute__((unused))

#define TAKE(pointer)                                                          \
    __extension__({                                                            \
        __typeof__(pointer) taken_ = (pointer);                                \
        (pointer) = NULL;                                                      \
        taken_;                                                                \
    })

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
