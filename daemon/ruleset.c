#include "ruleset.h"

#include <pthread.h>
#include <stdlib.h>

#include "examples.h"
#include "frequent_terms.h"

struct ruleset {
    pthread_mutex_t lock;
    struct matcher *in_force; /* guarded by lock */
    uint64_t generation;      /* guarded by lock */
};

/* --- Compiling --- */

static void
report_example(void *context, const struct example_result *result)
{
    static const char *const expected[] = {
        [EXAMPLE_FLAG] = "be flagged by it",
        [EXAMPLE_PASS] = "pass it",
        [EXAMPLE_CLEAN] = "not be flagged at all",
    };
    struct diagnostics *diagnostics = context;
    if (result->passed)
        return;
    diagnostics_error(diagnostics, result->example->place,
                      "%s%sthis example should %s; got: %s",
                      result->entry ? result->entry : "",
                      result->entry ? ": " : "",
                      expected[result->example->kind], result->got);
}

static bool
broken(const struct diagnostics *diagnostics, const char *folder,
       struct error *err)
{
    size_t count = diagnostics_errors(diagnostics);
    if (count == 0)
        return false;
    error_set(err, ERROR_CONFIG, "%s: %zu error%s in the rules", folder, count,
              count == 1 ? "" : "s");
    return true;
}

struct matcher *
ruleset_build(const char *folder, struct diagnostics *diagnostics,
              struct error *err)
{
    CLEANUP(rules_unrefp)
    struct rules *rules = rules_load(folder, diagnostics);
    if (broken(diagnostics, folder, err))
        return NULL;
    if (!rules) {
        error_no_memory(err);
        return NULL;
    }
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = matcher_new(rules, diagnostics, err);
    if (!matcher) {
        error_wrap(err, "%s", folder);
        return NULL;
    }
    if (!frequent_terms_check(matcher, diagnostics, err))
        return NULL;
    return broken(diagnostics, folder, err) ? NULL : TAKE(matcher);
}

struct matcher *
ruleset_compile(const char *folder, struct diagnostics *diagnostics,
                struct error *err)
{
    CLEANUP(matcher_unrefp)
    struct matcher *matcher = ruleset_build(folder, diagnostics, err);
    if (!matcher)
        return NULL;
    size_t failed = 0;
    if (!examples_run(matcher, report_example, diagnostics, &failed, err)) {
        error_wrap(err, "%s: the examples", folder);
        return NULL;
    }
    return broken(diagnostics, folder, err) ? NULL : TAKE(matcher);
}

/* --- Holding --- */

struct ruleset *
ruleset_new(struct matcher *matcher, struct error *err)
{
    struct ruleset *ruleset = calloc(1, sizeof(*ruleset));
    if (!ruleset || pthread_mutex_init(&ruleset->lock, NULL)) {
        free(ruleset);
        matcher_unref(matcher);
        error_no_memory(err);
        return NULL;
    }
    ruleset->in_force = matcher;
    ruleset->generation = 1;
    return ruleset;
}

void
ruleset_free(struct ruleset *ruleset)
{
    if (!ruleset)
        return;
    matcher_unref(ruleset->in_force);
    pthread_mutex_destroy(&ruleset->lock);
    free(ruleset);
}

void
ruleset_freep(struct ruleset **ruleset)
{
    ruleset_free(*ruleset);
    *ruleset = NULL;
}

struct matcher *
ruleset_get(struct ruleset *ruleset)
{
    pthread_mutex_lock(&ruleset->lock);
    struct matcher *matcher = matcher_ref(ruleset->in_force);
    pthread_mutex_unlock(&ruleset->lock);
    return matcher;
}

uint64_t
ruleset_swap(struct ruleset *ruleset, struct matcher *next)
{
    pthread_mutex_lock(&ruleset->lock);
    struct matcher *former = ruleset->in_force;
    ruleset->in_force = next;
    uint64_t generation = ++ruleset->generation;
    pthread_mutex_unlock(&ruleset->lock);
    /* Freed, if at all, outside of the lock. */
    matcher_unref(former);
    return generation;
}

uint64_t
ruleset_generation(struct ruleset *ruleset)
{
    pthread_mutex_lock(&ruleset->lock);
    uint64_t generation = ruleset->generation;
    pthread_mutex_unlock(&ruleset->lock);
    return generation;
}
