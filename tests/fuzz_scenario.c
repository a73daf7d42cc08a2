/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/scenario/scenario_read.h"

/* A libFuzzer target (cmake -DLTVSIM_FUZZ=ON with clang): whatever the bytes, the reader gives a
 * scenario whose effective text reads back to the same text, or one sentence. The bytes after a
 * NUL are an override.
 *
 *     fuzz_scenario CORPUS tests/good_scenarios tests/bad_scenarios configs */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses a kilobyte on a quote that is never closed and has many doubled quotes
 * in it. That is not ours to mend, and a command that then ends does not mind. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

static void check_again(const ltv_scenario_file *first)
{
    ltv_scenario_file second;
    ltv_error err = {0};
    if (ltv_scenario_read_text(&second, "/fuzz/effective.yaml", first->effective,
                               strlen(first->effective), 0, NULL, &err) != LTV_OK)
        abort();
    if (strcmp(first->effective, second.effective) != 0 || second.n_assumed != 0)
        abort();
    ltv_scenario_file_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *nul = size == 0 ? NULL : memchr(data, 0, size);
    size_t length = nul == NULL ? size : (size_t)(nul - data);
    char *override = nul == NULL ? NULL : strndup((const char *)nul + 1, size - length - 1);
    const char *overrides[] = {override};
    ltv_scenario_file file;
    ltv_error err = {0};
    ltv_status status = ltv_scenario_read_text(&file, "/fuzz/scenario.yaml", (const char *)data,
                                               length, override == NULL ? 0 : 1, overrides, &err);
    if (status == LTV_OK)
        check_again(&file);
    else if (status != LTV_ERR_BAD_INPUT || err.message[0] == '\0')
        abort();
    ltv_scenario_file_free(&file);
    free(override);
    return 0;
}
