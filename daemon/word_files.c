#include "word_files.h"

/* The assembler reads the files: a compiler takes seconds for as many bytes. */
#define WORDS(language)                                                        \
    __asm__(".section .rodata\n"                                               \
            ".global words_" #language "\n"                                    \
            ".global words_" #language "_end\n"                                \
            "words_" #language ": .incbin \"" WORDS_FOLDER "/" #language       \
            ".txt\"\n"                                                         \
            "words_" #language "_end: .byte 0\n"                               \
            ".text\n");                                                        \
    extern const char words_##language[], words_##language##_end[]

WORDS(ky);
WORDS(ru);
WORDS(en);
WORDS(tr);
WORDS(uz);

const struct word_file word_files[] = {
    [WORDS_KYRGYZ] = {"ky", words_ky, words_ky_end},
    [WORDS_RUSSIAN] = {"ru", words_ru, words_ru_end},
    [WORDS_ENGLISH] = {"en", words_en, words_en_end},
    [WORDS_TURKISH] = {"tr", words_tr, words_tr_end},
    [WORDS_UZBEK] = {"uz", words_uz, words_uz_end},
};
