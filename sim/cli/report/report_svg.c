/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/report/report_page.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/io/results/atomic_file.h"
#include "sim/io/results/make_folders.h"

#ifdef LTV_REPORT_BUNDLE
#include "sim/cli/report/embed.h"
LTV_EMBED(svg_script, LTV_REPORT_BUNDLE "/svg.js");
#else
static const char svg_script[1];
static const char *const svg_script_end = svg_script;
#endif

extern char **environ;

/* ---- The charts --------------------------------------------------------------------------- */

static json_t *chart_to_draw(const json_t *block)
{
    json_t *notes = json_array();
    json_t *spread = json_object_get(block, "spread");
    if (spread != NULL)
        json_array_append(notes, spread);
    json_array_append(notes, json_object_get(block, "footer"));
    return json_pack("{s:O, s:O, s:O, s:o}", "id", json_object_get(block, "id"), "title",
                     json_object_get(block, "title"), "spec", json_object_get(block, "spec"),
                     "notes", notes);
}

/* All charts of the reports; NULL without memory. */
static json_t *charts_of(const ltv_report *reports, size_t n)
{
    size_t s, b;
    json_t *section, *block, *charts = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_foreach(reports[i].sections, s, section) json_array_foreach(
            json_object_get(section, "blocks"), b,
            block) if (strcmp(json_string_value(json_object_get(block, "type")), "chart") == 0 &&
                       json_array_append_new(charts, chart_to_draw(block)) != 0)
        {
            json_decref(charts);
            return NULL;
        }
    return charts;
}

/* ---- node --------------------------------------------------------------------------------- */

/* A stream of the file, which stays open when it is closed; NULL without memory. */
static FILE *stream_of(int file, const char *mode)
{
    int copy = dup(file);
    FILE *stream = copy >= 0 ? fdopen(copy, mode) : NULL;
    if (stream == NULL && copy >= 0)
        close(copy);
    return stream;
}

/* The script and a call with the charts, as a file that node can read from its beginning; -1 where
 * there is no memory. */
static int script_for(const json_t *charts)
{
    char *text = json_dumps(charts, JSON_COMPACT);
    int file = memfd_create("ltvsim-svg", 0);
    FILE *out = text != NULL && file >= 0 ? stream_of(file, "w") : NULL;
    bool written = out != NULL;
    if (out != NULL) {
        fwrite(svg_script, 1, (size_t)(svg_script_end - svg_script), out);
        fprintf(out, "\nltvsimDraw(%s);\n", text);
        written = fclose(out) == 0 && lseek(file, 0, SEEK_SET) == 0;
    }
    free(text);
    if (!written && file >= 0)
        close(file);
    return written ? file : -1;
}

/* Runs node on the script; what it prints goes to `output`. */
static ltv_status run_node(int script, int output, ltv_error *err)
{
    char program[] = "node", from_input[] = "-";
    char *const arguments[] = {program, from_input, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child;
    int state = 0;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
    posix_spawn_file_actions_adddup2(&actions, script, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    int failed = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0)
        return ltv_fail(err, LTV_ERR_NOT_FOUND,
                        "--svg needs the program node, which could not be run: %s (Debian: apt-get "
                        "install nodejs)",
                        strerror(failed));
    while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(state) || WEXITSTATUS(state) != 0)
        return ltv_fail(err, LTV_ERR_WRITE_FAILED, "node could not draw the charts");
    return LTV_OK;
}

/* What node printed as JSON: {id: svg}. NULL where it is not that. */
static json_t *read_drawn(int output)
{
    json_t *drawn = NULL;
    FILE *in = lseek(output, 0, SEEK_SET) == 0 ? stream_of(output, "r") : NULL;
    if (in != NULL) {
        drawn = json_loadf(in, 0, NULL);
        fclose(in);
    }
    return drawn;
}

static ltv_status draw(json_t **drawn, const json_t *charts, ltv_error *err)
{
    int script = script_for(charts), output = memfd_create("ltvsim-svg-drawn", 0);
    ltv_status status = script < 0 || output < 0 ? ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory")
                                                 : run_node(script, output, err);
    *drawn = status == LTV_OK ? read_drawn(output) : NULL;
    if (status == LTV_OK && *drawn == NULL)
        status = ltv_fail(err, LTV_ERR_WRITE_FAILED, "node could not draw the charts");
    if (script >= 0)
        close(script);
    if (output >= 0)
        close(output);
    return status;
}

/* ---- Files -------------------------------------------------------------------------------- */

static ltv_status write_file(const char *folder, const char *id, const json_t *svg, ltv_error *err)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s.svg", folder, id);
    if (length < 0 || (size_t)length >= sizeof path)
        return ltv_fail(err, LTV_ERR_WRITE_FAILED, "the name of the folder is too long: %s",
                        folder);
    return ltv_atomic_write(path, json_string_value(svg), json_string_length(svg), err);
}

ltv_status ltv_report_svg(const char *folder, ltv_report *reports, size_t n_reports,
                          size_t *n_files, ltv_error *err)
{
    const char *id;
    json_t *drawn = NULL, *svg, *charts = charts_of(reports, n_reports);
    *n_files = 0;
    ltv_status status = charts == NULL ? ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory") : LTV_OK;
    if (status == LTV_OK)
        status = ltv_make_folders(folder, err);
    if (status == LTV_OK)
        status = draw(&drawn, charts, err);
    json_decref(charts);
    json_object_foreach(drawn, id, svg)
    {
        if (status == LTV_OK)
            status = write_file(folder, id, svg, err);
        *n_files += status == LTV_OK;
    }
    json_decref(drawn);
    return status;
}
