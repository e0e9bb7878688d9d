#include "lattice_table.h"

#include "cleanup.h"

/* Latin spellings of Cyrillic letters. Kyrgyz: BGN/PCGN, the letters of the
 * Common Turkic alphabet, and those of telephones without Cyrillic. Russian:
 * GOST 7.79, passports, ISO 9, German habits, and chats. Several meanings are
 * divided by blanks; two letters without one are meant together. Behind a bar
 * stand those that few people mean: what is read so may be another word, read
 * as most do. */
const struct lattice_row lattice_sounds[] = {
    {"a", "а | я"},
    {"b", "б"},
    {"c", "ц | к с ж ч"}, /* ж: Turkic */
    {"ch", "ч | х"},
    {"cz", "ц"}, /* GOST 7.79 B */
    {"ck", "к"},
    {"d", "д"},
    {"dj", "ж дж"},
    {"dzh", "ж дж"},
    {"dž", "ж"},
    {"e", "е э"},
    {"ee", "| и"},
    {"eh", "э"},
    {"f", "ф"},
    {"g", "г | ғ"},
    {"gh", "г | ғ"},
    {"h", "х | һ г"},
    {"i", "и й | ы і"},
    {"ij", "ий"},
    {"iy", "ий"},
    {"iu", "ю"},
    {"ia", "я"},
    {"j", "ж й"},
    {"ja", "я"},
    {"je", "е э"},
    {"jo", "е йо жо"}, /* ё is е */
    {"ju", "ю"},
    {"k", "к | қ"},
    {"kh", "х"},
    {"ks", "кс"},
    {"l", "л | ль"},
    {"m", "м"},
    {"n", "н ң | нь"},
    {"n'", "ң нь"},
    {"ng", "ң"},
    {"nh", "ң"},
    {"o", "о ө"},
    {"oe", "ө"},
    {"oo", "| у"},
    {"o'", "ө ў"},
    {"p", "п"},
    {"ph", "ф"},
    {"q", "к | қ"},
    {"r", "р"},
    {"s", "с | з ш"},
    {"s'", "ш"},
    {"sc", "щ"},
    {"sch", "ш щ"},
    {"sh", "ш щ"},
    {"shch", "щ"},
    {"shh", "щ"}, /* GOST 7.79 B */
    {"t", "т | ть"},
    {"tch", "ч"},
    {"ts", "ц"},
    {"tz", "ц"},
    {"u", "у ү | ю"},
    {"ue", "ү"},
    {"u'", "ү"},
    {"v", "в"},
    {"w", "в ш"},
    {"x", "х кс"},
    {"y", "й ы | у ү ый ий"},
    {"y'", "ы"},
    {"ya", "я"},
    {"ye", "е э"},
    {"yi", "| ы ый"},
    {"yj", "ый"},
    {"yo", "е йо"},
    {"yu", "ю | йу йү"},
    {"yy", "ый"},
    {"z", "з | ж ц"},
    {"zh", "ж"},
    {"zj", "ж"},
    {"à", "а"},
    {"ä", "э ә а"},
    {"â", "я"}, /* ISO 9 */
    {"á", "а"},
    {"ç", "ч"},
    {"è", "э"},
    {"é", "э е"},
    {"ê", "е"},
    {"ë", "е"},
    {"í", "ы и"},
    {"î", "ы"},
    {"ï", "и"},
    {"ñ", "ң"},
    {"ó", "о ө"},
    {"ô", "о ө"},
    {"ö", "ө"},
    {"ø", "ө"},
    {"û", "ю ү"},
    {"ú", "у ү"},
    {"ü", "ү ю"},
    {"ý", "ы й"},
    {"č", "ч"},
    {"ć", "ч"},
    {"ě", "е"},
    {"ğ", "г ғ"},
    {"ĝ", "щ"},
    {"ı", "ы"},
    {"ń", "ң нь"},
    {"ň", "ң нь"},
    {"ŋ", "ң"},
    {"ō", "ө"},
    {"ő", "ө"},
    {"ŝ", "щ"},
    {"ş", "ш"},
    {"š", "ш"},
    {"ű", "ү"},
    {"ū", "ү"},
    {"ź", "ж зь"},
    {"ż", "ж"},
    {"ž", "ж"},
    {"'", "ь ъ"},
    {"`", "ь ъ"},
    {"\u2019", "ь ъ"},
    {"\u02BC", "ь ъ"},
};
const size_t lattice_sound_count = COUNT_OF(lattice_sounds);

/* Digits, signs and shapes for letters, as seen in chats and games. Latin
 * letters are meant too, in terms of Latin letters. */
const struct lattice_row lattice_shapes[] = {
    {"0", "о ө o"},      {"1", "и л ль ы і i l"},
    {"2", "г"},          {"3", "з э е e"},
    {"4", "ч а a"},      {"5", "с s"},
    {"6", "б ш ь b"},    {"7", "т г t"},
    {"8", "в b"},        {"9", "я д g"},
    {"10", "ю"},         {"11", "п"},
    {"ьl", "ы"},         {"ь1", "ы"},
    {"ьi", "ы"},         {"ь|", "ы"},
    {"bl", "ы"},         {"b1", "ы"},
    {"bi", "ы"},         {"b|", "ы"},
    {"6l", "ы"},         {"61", "ы"},
    {"6i", "ы"},         {"6|", "ы"},
    {"b", "ь ъ"},        {"r", "я"},
    {"m", "т"},          {"g", "д"},
    {"@", "а о a"},      {"$", "с s"},
    {"!", "и і i l"},    {"|", "л и i l"},
    {"(", "с c"},        {"<", "с c"},
    {"\u20AC", "е э e"}, /* € */
    {"\u00A2", "с c"},   /* ¢ */
    {"\u00A3", "л l"},   /* £ */
    {"\u00A5", "у y"},   /* ¥ */
    {"\u20BD", "р"},     /* ₽ */
    {"\u00A9", "с c"},   /* © */
    {"\u00AE", "я r"},   /* ® */
    {"\u00A7", "с s"},   /* § */
    {"+", "т t"},        {"&", "и"},
    {"/\\", "л а a"},    {"/-\\", "а a"},
    {"|\\|", "н n"},     {"|-|", "н h"},
    {"|<", "к k"},       {"|(", "к k"},
    {"|{", "к k"},       {"|3", "в b"},
    {"|o", "ю"},         {"|0", "ю"},
    {"|-o", "ю"},        {"|-0", "ю"},
    {"|>", "р p"},       {"()", "о o"},
    {"[]", "о o"},       {"><", "х x"},
    {")(", "х x"},       {"}{", "х x"},
    {">|<", "ж"},        {"}|{", "ж"},
    {")|(", "ж"},        {"/|", "и"},
    {"|/|", "и"},        {"\\/", "у v"},
    {"|_|", "ц u"},
};
const size_t lattice_shape_count = COUNT_OF(lattice_shapes);

static bool
is_among(uint32_t sign, const uint32_t *list)
{
    while (*list && *list != sign)
        list++;
    return *list != 0;
}

bool
lattice_sets_apart(uint32_t sign)
{
    static const uint32_t signs[] = {
        '.',    '-',    '_',    '*',    '/',    '\\',   '|',    '~',
        '+',    '=',    ',',    '\'',   '`',    '^',    ':',    ';',
        '#',    '!',    0x00B7, 0x2022, 0x2010, 0x2011, 0x2012, 0x2013,
        0x2014, 0x2026, 0x2219, 0x22C5, 0x25CF, 0x2027, 0x30FB, 0};
    return is_among(sign, signs);
}

bool
lattice_masks(uint32_t sign)
{
    static const uint32_t signs[] = {
        '*',    '#',    '@',    '%',    '$',    '?',    '.',    '_',
        '-',    '!',    '&',    '+',    '=',    '~',    '^',    '|',
        0x2026, 0x00D7, 0x2022, 0x00B7, 0x2217, 0x2731, 0x2605, 0x2606,
        0x25CF, 0x25A0, 0x2588, 0x2013, 0x2014, 0xFF0A, 0};
    return is_among(sign, signs);
}

bool
lattice_masks_weakly(uint32_t sign)
{
    static const uint32_t signs[] = {'.',    '-',    '!',    '&',    '+', '=',
                                     0x2026, 0x00B7, 0x2013, 0x2014, 0};
    return is_among(sign, signs);
}

bool
lattice_is_picture(uint32_t sign)
{
    return (sign >= 0x1F300 && sign <= 0x1FAFF) ||
           (sign >= 0x2600 && sign <= 0x27BF);
}

bool
lattice_hides(uint32_t sign)
{
    return lattice_masks(sign) || lattice_is_picture(sign);
}

bool
lattice_hide_alike(uint32_t a, uint32_t b)
{
    return lattice_masks_weakly(a) == lattice_masks_weakly(b) &&
           (!lattice_masks(a) || lattice_trails(a)) ==
               (!lattice_masks(b) || lattice_trails(b));
}

bool
lattice_trails(uint32_t sign)
{
    static const uint32_t signs[] = {'?', '_', '~', '^', '|', 0};
    return lattice_masks_weakly(sign) || is_among(sign, signs);
}

bool
lattice_is_bracket(uint32_t sign)
{
    static const uint32_t signs[] = {
        '(',    ')',    '[',    ']',    '{',    '}',    '<',    '>',
        '"',    '\'',   '`',    0x00AB, 0x00BB, 0x2018, 0x2019, 0x201A,
        0x201C, 0x201D, 0x201E, 0x2039, 0x203A, 0};
    return is_among(sign, signs);
}
