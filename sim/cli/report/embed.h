/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_EMBED_H
#define LTV_SIM_CLI_REPORT_EMBED_H

/* Puts the bytes of a file into the program: `name` is their first, `name`_end the one after their
 * last. The build system must know that the object depends on the file. */
#define LTV_EMBED(name, path)                                                                      \
    __asm__(".pushsection .rodata\n" #name ":\n"                                                   \
            ".incbin \"" path "\"\n" #name "_end:\n"                                               \
            ".byte 0\n"                                                                            \
            ".popsection\n");                                                                      \
    extern const char name[] __attribute__((visibility("hidden")));                                \
    extern const char name##_end[] __attribute__((visibility("hidden")))

#endif
