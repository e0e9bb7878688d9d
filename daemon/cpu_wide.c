#include "cpu_wide.h"

bool cpu_is_wide;

static bool
has_all(void)
{
#ifdef CPU_WIDE
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
#else
    return false;
#endif
}

/* Before main(): asked for each block of text, it has to be cheap. */
__attribute__((constructor)) static void
look(void)
{
    cpu_is_wide = has_all();
}

void
cpu_wide_hide(bool hide)
{
    cpu_is_wide = !hide && has_all();
}
