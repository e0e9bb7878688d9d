#include "clock.h"

#include <limits.h>
#include <stdio.h>
#include <time.h>

enum { MS = 1000, DAY_S = 24 * 60 * 60 };

static int64_t
clock_read(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * MS + now.tv_nsec / 1000000;
}

int64_t
clock_monotonic_ms(void)
{
    return clock_read(CLOCK_MONOTONIC);
}

struct timespec
clock_monotonic_after(int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    return until;
}

void
clock_init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

int64_t
clock_wall_ms(void)
{
    return clock_read(CLOCK_REALTIME);
}

void
clock_format(int64_t wall_ms, char out[CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t)(wall_ms / MS);
    int rest_ms = (int)(wall_ms % MS);
    if (rest_ms < 0) {
        seconds--;
        rest_ms += MS;
    }
    struct tm parts;
    if (!gmtime_r(&seconds, &parts)) {
        out[0] = '\0';
        return;
    }
    size_t len = strftime(out, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
    if (rest_ms)
        snprintf(out + len, CLOCK_TEXT_SIZE - len, ".%03dZ", rest_ms);
    else
        snprintf(out + len, CLOCK_TEXT_SIZE - len, "Z");
}

/* A cursor over the text being read; every read_ function moves it only when
 * it succeeds. */
static bool
read_digits(struct span *text, size_t min, size_t max, int *value)
{
    size_t len = 0;
    int number = 0;
    while (len < max && len < text->len && text->at[len] >= '0' &&
           text->at[len] <= '9')
        number = number * 10 + (text->at[len++] - '0');
    if (len < min)
        return false;
    *value = number;
    *text = span_from(*text, len);
    return true;
}

static bool
read_byte(struct span *text, const char *any_of)
{
    if (text->len == 0 || text->at[0] == '\0' || !strchr(any_of, text->at[0]))
        return false;
    *text = span_from(*text, 1);
    return true;
}

static void
read_blanks(struct span *text)
{
    while (read_byte(text, " \t\r\n")) {
    }
}

/* "+06:00", "-0330", "+06"; seconds east of UTC. */
static bool
read_offset(struct span *text, int *offset_s)
{
    struct span rest = *text;
    bool west = rest.len && rest.at[0] == '-';
    int hours, minutes = 0;
    if (!read_byte(&rest, "+-") || !read_digits(&rest, 2, 2, &hours))
        return false;
    bool colon = read_byte(&rest, ":");
    if (!read_digits(&rest, 2, 2, &minutes) && colon)
        return false;
    if (hours > 15 || minutes > 59)
        return false;
    *offset_s = (hours * 60 + minutes) * 60 * (west ? -1 : 1);
    *text = rest;
    return true;
}

/* "14:03", "14:03:07", "14:03:07.123456" */
static bool
read_time(struct span *text, struct tm *parts, int *rest_ms)
{
    *rest_ms = 0;
    if (!read_digits(text, 2, 2, &parts->tm_hour) || !read_byte(text, ":") ||
        !read_digits(text, 2, 2, &parts->tm_min))
        return false;
    if (!read_byte(text, ":"))
        return true;
    if (!read_digits(text, 2, 2, &parts->tm_sec))
        return false;
    if (!read_byte(text, ".,"))
        return true;
    int digit;
    for (int scale = 100; read_digits(text, 1, 1, &digit); scale /= 10)
        *rest_ms += digit * scale;
    return true;
}

static bool
to_wall(struct tm *parts, int offset_s, int rest_ms, int64_t *wall_ms)
{
    static const int month_days[] = {31, 29, 31, 30, 31, 30,
                                     31, 31, 30, 31, 30, 31};
    if (parts->tm_mon < 0 || parts->tm_mon > 11 || parts->tm_mday < 1 ||
        parts->tm_mday > month_days[parts->tm_mon] || parts->tm_hour > 24 ||
        parts->tm_min > 59 || parts->tm_sec > 60)
        return false;
    time_t seconds = timegm(parts);
    *wall_ms = ((int64_t)seconds - offset_s) * MS + rest_ms;
    return true;
}

bool
clock_parse_iso8601(struct span text, int64_t *wall_ms)
{
    struct tm parts = {0};
    int rest_ms = 0, offset_s = 0;

    text = span_trim(text);
    if (!read_digits(&text, 4, 4, &parts.tm_year) || !read_byte(&text, "-") ||
        !read_digits(&text, 2, 2, &parts.tm_mon) || !read_byte(&text, "-") ||
        !read_digits(&text, 2, 2, &parts.tm_mday))
        return false;
    parts.tm_year -= 1900;
    parts.tm_mon--;
    if (text.len) {
        if (!read_byte(&text, "Tt ") || !read_time(&text, &parts, &rest_ms))
            return false;
        read_blanks(&text);
        if (!read_byte(&text, "Zz") && text.len &&
            !read_offset(&text, &offset_s))
            return false;
    }
    return text.len == 0 && to_wall(&parts, offset_s, rest_ms, wall_ms);
}

/* The number of a name in a list of names of three letters. */
static bool
read_name(struct span *text, const char *names, int *number)
{
    if (text->len < 3)
        return false;
    for (int i = 0; names[3 * i]; i++) {
        if (strncasecmp(text->at, names + 3 * i, 3) != 0)
            continue;
        /* The whole word: "September" is fine. */
        while (text->len && ((text->at[0] | 0x20) >= 'a') &&
               ((text->at[0] | 0x20) <= 'z'))
            *text = span_from(*text, 1);
        read_byte(text, ".");
        *number = i;
        return true;
    }
    return false;
}

/* RFC 822 zones and the ones that feeds of the region use; an unknown name
 * counts as UTC (RFC 2822, 4.3). */
static int
read_zone(struct span *text)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
                 {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7},
                 {"MSK", 3},  {"KGT", 6},  {"ALMT", 5}};
    int offset_s;
    if (read_offset(text, &offset_s))
        return offset_s;
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
        if (span_is(*text, zones[i].name))
            return zones[i].hours * 60 * 60;
    return 0;
}

bool
clock_parse_rfc822(struct span text, int64_t *wall_ms)
{
    struct tm parts = {0};
    int rest_ms = 0, weekday;

    text = span_trim(text);
    if (read_name(&text, "SunMonTueWedThuFriSat", &weekday))
        read_byte(&text, ",");
    read_blanks(&text);
    if (!read_digits(&text, 1, 2, &parts.tm_mday))
        return false;
    while (read_byte(&text, " -")) {
    }
    if (!read_name(&text, "JanFebMarAprMayJunJulAugSepOctNovDec",
                   &parts.tm_mon))
        return false;
    while (read_byte(&text, " -")) {
    }
    struct span year = text;
    if (!read_digits(&text, 2, 4, &parts.tm_year))
        return false;
    size_t digits = year.len - text.len;
    if (digits == 2)
        parts.tm_year += parts.tm_year < 50 ? 2000 : 1900;
    parts.tm_year -= 1900;
    read_blanks(&text);
    if (text.len && !read_time(&text, &parts, &rest_ms))
        return false;
    read_blanks(&text);
    return to_wall(&parts, read_zone(&text), rest_ms, wall_ms);
}

bool
clock_parse_duration(struct span text, int64_t *ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1},           {"s", MS},
                 {"m", 60 * MS},      {"min", 60 * MS},
                 {"h", 60 * 60 * MS}, {"d", (int64_t)DAY_S * MS}};
    int number;

    text = span_trim(text);
    if (!read_digits(&text, 1, 9, &number))
        return false;
    read_blanks(&text);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (!span_is(text, units[i].unit))
            continue;
        *ms = number * units[i].ms;
        return true;
    }
    return false;
}

void
clock_format_duration(int64_t ms, char out[CLOCK_TEXT_SIZE])
{
    int64_t seconds = (ms + MS - 1) / MS;
    if (ms <= 0)
        snprintf(out, CLOCK_TEXT_SIZE, "now");
    else if (seconds < 120)
        snprintf(out, CLOCK_TEXT_SIZE, "%d s", (int)seconds);
    else if (seconds < 120 * 60)
        snprintf(out, CLOCK_TEXT_SIZE, "%d min", (int)(seconds / 60));
    else if (seconds < 2 * DAY_S)
        snprintf(out, CLOCK_TEXT_SIZE, "%d h", (int)(seconds / 3600));
    else
        snprintf(out, CLOCK_TEXT_SIZE, "%d d", (int)(seconds / DAY_S));
}
