#include "known_words.h"

#include <stddef.h>
#include <stdint.h>

#include "utf8.h"

enum { HASHES = 8, LETTERS_LEAST = 4 };

/* The files as they are: see word_files.c. */
#define SET(script)                                                            \
    __asm__(".section .rodata\n"                                               \
            ".global known_" #script "\n"                                      \
            ".global known_" #script "_end\n"                                  \
            "known_" #script ": .incbin \"" WORDS_FOLDER "/" #script           \
            ".known\"\n"                                                       \
            "known_" #script "_end: .byte 0\n"                                 \
            ".text\n");                                                        \
    extern const unsigned char known_##script[], known_##script##_end[]

SET(cyrillic);
SET(latin);

static bool
is_in(uint64_t hash, const unsigned char *set, const unsigned char *end)
{
    uint64_t bits = (uint64_t)(end - set) * 8, step = hash >> 32 | 1;
    for (uint64_t i = 0; i < HASHES; i++) {
        uint64_t bit = (hash + i * step) % bits;
        if (!(set[bit / 8] >> bit % 8 & 1))
            return false;
    }
    return true;
}

bool
known_word(struct span word)
{
    uint64_t hash = 0xCBF29CE484222325u; /* FNV-1a, of the folded letters */
    size_t letters = 0;
    bool cyrillic = false;
    for (size_t offset = 0; offset < word.len; letters++) {
        char bytes[4];
        bool valid;
        uint32_t letter = utf8_fold(utf8_next(word, &offset, &valid));
        size_t len = utf8_encode(letter, bytes);
        cyrillic = cyrillic || letter >= 0x0400;
        for (size_t i = 0; i < len; i++)
            hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001B3u;
    }
    return letters >= LETTERS_LEAST &&
           (cyrillic ? is_in(hash, known_cyrillic, known_cyrillic_end)
                     : is_in(hash, known_latin, known_latin_end));
}
