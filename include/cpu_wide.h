/*
 * cpu_wide.h - can this machine work on 64 bytes at once?
 *
 * Needed are the byte instructions of AVX-512 (VBMI and VBMI2: Intel since Ice
 * Lake, AMD since Zen 4), for which Hyperscan looks too. Whoever has a function
 * for them marks it CPU_WIDE, and has another one that needs no more than what
 * the program was compiled for.
 *
 * Threads: any.
 */
#ifndef KAROOL_CPU_WIDE_H
#define KAROOL_CPU_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define CPU_WIDE                                                               \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,"  \
                          "bmi,bmi2,popcnt")))
#endif

/* The first `count` of 64 bits; all, where there are more. */
static inline uint64_t
cpu_wide_first(size_t count)
{
    return count < 64 ? ((uint64_t)1 << count) - 1 : ~(uint64_t)0;
}

/* Never true where CPU_WIDE is not defined. */
extern bool cpu_is_wide;
/* For tests: as if it was not, until the next call. */
void cpu_wide_hide(bool hide);

#endif
