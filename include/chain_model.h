/*
 * chain_model.h - a grammar of suffixes that hang one behind the other: what
 * the files that read and build it share.
 *
 * A suffix is a pattern whose capital letters are sounds that follow what
 * stands before. What is known of that is a context: the last vowel, the class
 * of the last letter, and little more. A place in a word is a slot, a context
 * and a mode; the mode says whether the last letter stands as it is or has
 * been changed for the suffix to come (к to г, а to оо).
 *
 * Threads: one while reading. Ownership: the arena's.
 */
#ifndef KAROOL_CHAIN_MODEL_H
#define KAROOL_CHAIN_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "map.h"
#include "morphology_model.h"

enum {
    CHAIN_ROWS = 24,      /* of a table of sounds */
    CHAIN_CLASSES = 64,   /* of last letters */
    CHAIN_MARKS = 6,      /* signs that change the letter before */
    CHAIN_ALPHABET = 128, /* letters that a grammar knows */
    CHAIN_REALISED = 48,  /* letters of one suffix */
    CHAIN_CONDITIONS = 32,
};

/* How the last letter before a suffix stands. */
enum chain_mode {
    MODE_PLAIN, /* as it is */
    MODE_VOWEL, /* changed, and only a vowel may follow: к as г */
    MODE_FUSED, /* gone into the vowel that follows: й */
    MODE_MARKED /* changed by mark number mode - MODE_MARKED: а as оо */
};
#define CHAIN_MODES (MODE_MARKED + CHAIN_MARKS)

/* "а я: {А: а, Ы: ы}": the letters, and what capitals become after them. */
struct sound_row {
    const uint32_t *letters;
    size_t len;
    uint32_t capitals[16], becomes[16];
    size_t capital_count;
};

/* A letter, or two, and what it becomes. */
struct sound_change {
    uint32_t from[2];
    uint32_t to[4];
    size_t from_len, to_len;
};

struct sound_changes {
    uint32_t sign; /* of a mark */
    struct sound_change *items;
    size_t count, capacity;
};

/* "л+": only behind one of these; "2": of two syllables or more. */
struct sound_condition {
    uint32_t letters[32];
    size_t len;
    bool long_only;
};

struct chain_sounds {
    struct sound_row vowels[CHAIN_ROWS], consonants[CHAIN_ROWS];
    size_t vowel_rows, consonant_rows;
    struct sound_changes before_vowel; /* к: г */
    struct sound_changes spelling;     /* йа: я */
    struct sound_changes folded;       /* ое: оё, of words */
    struct sound_changes marks[CHAIN_MARKS];
    size_t mark_count;
    struct sound_condition conditions[CHAIN_CONDITIONS];
    size_t condition_count;
    /* Letters that no table tells apart are of one class; the letters, and
     * the class of each. The last class is that of all others. */
    uint32_t alphabet[CHAIN_ALPHABET];
    uint8_t classes[CHAIN_ALPHABET];
    size_t alphabet_len;
    uint32_t class_letters[CHAIN_CLASSES]; /* one of each class */
    size_t class_count;
};

/* What suffixes must know of the letters before them. */
struct chain_context {
    uint8_t vowel;    /* row of the last vowel */
    uint8_t last;     /* class of the last letter */
    bool after_vowel; /* the last letter stands behind a vowel … */
    bool several;     /* … and there are two vowels or more, if it matters */
};

/* One place of a pattern. */
enum suffix_use { USE_ALWAYS, USE_AFTER_VOWEL, USE_AFTER_CONSONANT };
struct suffix_place {
    uint32_t letter; /* small: itself; capital: a sound */
    enum suffix_use use;
};

/* "л+Ын", "УУ/°", "(с)Ы". */
struct suffix_pattern {
    const struct sound_condition *condition; /* or NULL */
    struct {
        int mark; /* or -1 */
        struct suffix_place *places;
        size_t len;
    } after_consonant, after_vowel;
    bool has_consonant, has_vowel;
};

/* What a suffix makes of the kind of a form. */
struct chain_label {
    uint8_t kind; /* 0: as before; else enum form_kind */
    bool turns;   /* a negation: of a negative form it makes a positive one */
    bool positive;
};

struct chain_step {
    struct suffix_pattern pattern; /* of `also`: without places */
    bool empty;
    bool ends; /* a word may end here; no slots */
    size_t *slots;
    size_t slot_count;
    struct chain_label label;
    struct place place;
};

struct chain_slot {
    struct span name;
    struct chain_step *steps;
    size_t step_count, capacity;
    struct place place;
    bool used;
};

struct chain {
    struct chain_sounds sounds;
    struct chain_slot *slots;
    size_t slot_count, slot_capacity;
};

/* chain_sounds.c */
void chain_sounds_read(struct grammar_loader *loader,
                       const struct yaml_node *root,
                       struct chain_sounds *sounds);
/* When all patterns are read, which name conditions. */
void chain_sounds_classify(struct chain_sounds *sounds);
bool sound_is_vowel(const struct chain_sounds *sounds, uint32_t letter);
/* A capital in a context; 0: it is none. */
uint32_t sound_of(const struct chain_sounds *sounds, uint32_t capital,
                  unsigned vowel_row, uint32_t last);
/* What becomes of a letter, or of two; NULL: nothing. */
const struct sound_change *sound_changed(const struct sound_changes *changes,
                                         uint32_t first, uint32_t second);
/* The context behind `letters`, which stand behind `before` (NULL: begin the
 * word). */
struct chain_context chain_context_of(const struct chain_sounds *sounds,
                                      const struct chain_context *before,
                                      const uint32_t *letters, size_t len);

/* chain_suffix.c: one pattern; false: an error has been added. */
MUST_USE bool suffix_read(struct grammar_loader *loader,
                          struct chain_sounds *sounds, struct span text,
                          struct place place, struct suffix_pattern *pattern);
/* The letters of a suffix in a context and a mode; SIZE_MAX: it does not stand
 * there. */
size_t suffix_realise(const struct chain_sounds *sounds,
                      const struct suffix_pattern *pattern,
                      struct chain_context context, enum chain_mode mode,
                      uint32_t out[CHAIN_REALISED]);

/* A text with its last letter changed for a mode; its length, or SIZE_MAX when
 * the mode is not for it. `out` has room for len + 4. `after` is the context
 * behind the text, and becomes that behind the changed one. */
size_t chain_change(const struct chain_sounds *sounds, enum chain_mode mode,
                    const uint32_t *letters, size_t len, uint32_t *out,
                    struct chain_context *after);

/* chain_slots.c */
void chain_slots_read(struct grammar_loader *loader,
                      const struct yaml_node *root, struct chain *chain);
/* The number of a slot, or SIZE_MAX. */
size_t chain_slot_find(const struct chain *chain, struct span name);
/* An error: there is none of that name. */
void chain_no_slot(struct grammar_loader *loader, const struct chain *chain,
                   struct span name, struct place place);

/* chain_net.c: the points of a chain, made as they are asked for. */
struct chain_builder {
    struct grammar_loader *loader;
    const struct chain *chain;
    struct map *points; /* of places */
    uint64_t *waiting;  /* places that have no joins yet */
    size_t waiting_count, waiting_capacity;
};
uint32_t chain_point(struct chain_builder *builder, size_t slot,
                     struct chain_context context, enum chain_mode mode);
/* Joins all points asked for, and those they lead to. */
void chain_join_all(struct chain_builder *builder);

#endif
