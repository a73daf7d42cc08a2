/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/progress.h"

#include <math.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "sim/cli/format.h"
#include "sim/cli/text.h"

static const double first_line_s = 0.5; /* a shorter run needs no line */
static const double every_s = 0.1;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void ltv_progress_init(ltv_progress *progress, FILE *stream, bool quiet)
{
    bool shows = !quiet && isatty(fileno(stream));
    *progress = (ltv_progress){
        .stream = shows ? stream : NULL,
        .terminal = ltv_terminal_detect(stream),
        .started_s = now_s(),
    };
}

/* "12 s", "3 min 05 s", "2 h 07 min" */
static void duration(char *buffer, size_t size, double seconds)
{
    if (!(seconds < 1e7)) {
        snprintf(buffer, size, "a long time");
        return;
    }
    long s = lround(ceil(seconds));
    if (s < 60)
        snprintf(buffer, size, "%ld s", s);
    else if (s < 3600)
        snprintf(buffer, size, "%ld min %02ld s", s / 60, s % 60);
    else
        snprintf(buffer, size, "%ld h %02ld min", s / 3600, s % 3600 / 60);
}

void ltv_progress_wait(ltv_progress *progress, const char *figure, double half_width,
                       double allowed)
{
    bool utf8 = progress->terminal.utf8;
    const char *plus_minus = ltv_glyph(&progress->terminal, "±", "+-");
    if (isnan(half_width))
        snprintf(progress->target, sizeof progress->target, "%.100s unknown", figure);
    else
        snprintf(progress->target, sizeof progress->target, "%.100s %s%.16s of %.16s", figure,
                 plus_minus, ltv_format_significant(half_width, 2, utf8).text,
                 ltv_format_significant(allowed, 2, utf8).text);
}

void ltv_progress_line(char *buffer, size_t size, uint64_t done, uint64_t all, double elapsed_s,
                       const char *target, const ltv_terminal *terminal)
{
    char left[32];
    double share = all > 0 ? (double)done / (double)all : 1;
    double rate = elapsed_s > 0 ? (double)done / elapsed_s : 0;
    const char *dot = ltv_glyph(terminal, "·", "-");
    duration(left, sizeof left, rate > 0 ? (double)(all - done) / rate : INFINITY);
    snprintf(buffer, size, "%3.0f %% of %s customers %s %s%s%s%s%s a second %s %s left",
             floor(100 * share), ltv_format_count((int64_t)all).text, dot, target,
             target[0] != '\0' ? " " : "", target[0] != '\0' ? dot : "",
             target[0] != '\0' ? " " : "",
             ltv_format_count((int64_t)ltv_round_significant(rate, 2)).text, dot, left);
}

/* Columns of the terminal, less one: a line that fills it would wrap and could not be removed. */
static int room(FILE *stream)
{
    struct winsize window;
    if (ioctl(fileno(stream), TIOCGWINSZ, &window) != 0 || window.ws_col < 2)
        return LTV_PAGE_COLUMNS - 1;
    return window.ws_col - 1;
}

void ltv_progress_update(ltv_progress *progress, uint64_t done, uint64_t all)
{
    double now = now_s();
    double since = progress->shown_s > 0 ? now - progress->shown_s : INFINITY;
    if (progress->stream == NULL || now - progress->started_s < first_line_s || since < every_s)
        return;
    char line[256], shown[256];
    ltv_progress_line(line, sizeof line, done, all, now - progress->started_s, progress->target,
                      &progress->terminal);
    ltv_text_clip(shown, sizeof shown, line, room(progress->stream), progress->terminal.utf8);
    fprintf(progress->stream, "\r\033[K%s", shown);
    fflush(progress->stream);
    progress->shown_s = now;
}

void ltv_progress_clear(ltv_progress *progress)
{
    if (progress->stream == NULL || progress->shown_s <= 0)
        return;
    fputs("\r\033[K", progress->stream);
    fflush(progress->stream);
    progress->shown_s = 0;
}
