#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the compiler made of core/: it calls nothing that allocates, reads a clock, a file or the environment, and has no
# variable of its own that outlives a call.
#
#   purity.sh LIBCORE
set -euo pipefail
library=$1
failed=0
forbidden='malloc|calloc|realloc|free|strdup|time|gmtime(_r)?|localtime(_r)?|mktime|clock_gettime|gettimeofday|getenv|s?rand(om)?'
forbidden+='|f?open(64)?|fopen64|read|write|fread|fwrite|printf|puts|putchar|setlocale|strtok|atoi|atol|atof|exit|signal|pthread_.*'
if calls=$(nm --undefined-only "$library" | awk '{ print $2 }' | sort -u | grep -xE "$forbidden"); then
    echo "FAIL: core calls:" $calls
    failed=1
fi
# Sections .data and .bss hold what can change; sanitizers put marks of their own there.
if variables=$(objdump -t "$library" | awk '$0 ~ / O \.(data|bss)(\.[A-Za-z0-9_.]+)?\t/ && $0 !~ /\.data\.rel\.ro/ { print $NF }' |
    grep -vE '^__(odr_)?asan|^\.L|^__'); then
    echo "FAIL: core has variables that outlive a call:" $variables
    failed=1
fi
((failed == 0)) && echo "core is pure"
