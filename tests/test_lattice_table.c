#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "lattice_table.h"

static const char *
meant_by(const char *written)
{
    for (size_t i = 0; i < lattice_sound_count; i++)
        if (strcmp(lattice_sounds[i].written, written) == 0)
            return lattice_sounds[i].meant;
    return NULL;
}

static void
every_latin_letter_stands_for_a_sound(void **state)
{
    for (char letter = 'a'; letter <= 'z'; letter++) {
        const char written[2] = {letter, '\0'};
        if (!meant_by(written))
            fail_msg("nothing is written with '%s'", written);
    }
}

static void
every_cyrillic_letter_can_be_spelt_in_latin(void **state)
{
    static const char *const letters[] = {
        "а", "б", "в", "г", "д", "е", "ж", "з", "и", "й", "к", "л",
        "м", "н", "ң", "о", "ө", "п", "р", "с", "т", "у", "ү", "ф",
        "х", "ц", "ч", "ш", "щ", "ъ", "ы", "ь", "э", "ю", "я"};
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        bool found = false;
        for (size_t j = 0; j < lattice_sound_count; j++)
            found = found || strstr(lattice_sounds[j].meant, letters[i]);
        if (!found)
            fail_msg("no spelling of %s", letters[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_latin_letter_stands_for_a_sound),
        cmocka_unit_test(every_cyrillic_letter_can_be_spelt_in_latin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
