#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What vectors read on an emulated aarch64 is what they read here, to the last bit.
#
#     test_aarch64.sh SOURCE_DIR
#
# Exits with 77 where there is no cross compiler or no emulator.
set -euo pipefail

source_dir=$1
if ! command -v aarch64-linux-gnu-gcc >/dev/null || ! command -v qemu-aarch64 >/dev/null; then
    echo "skipped: aarch64-linux-gnu-gcc and qemu-aarch64 are needed (Debian: gcc-aarch64-linux-gnu," \
        "libc6-dev-arm64-cross, qemu-user)"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -r /usr/include/Random123 "$folder" # and no other header of this machine
options=(-std=c17 -O3 -ffp-contract=off -fno-math-errno -D_GNU_SOURCE -I "$source_dir" -I "$folder"
    '-DLTV_VECTOR_SYMBOL=ltv_vector_plain' '-DLTV_VECTOR_NAME="plain"'
    "$source_dir/tests/vector_checksum.c" "$source_dir/sim/kernel/vector/vector_body.c"
    "$source_dir/sim/kernel/hazards.c")
cc "${options[@]}" -o "$folder/here"
aarch64-linux-gnu-gcc "${options[@]}" -static -o "$folder/there"
here=$("$folder/here")
there=$(qemu-aarch64 "$folder/there")
echo "here $here, aarch64 $there"
[[ $here == "$there" && ${#here} == 16 ]]
