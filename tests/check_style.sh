#!/bin/bash
# The limits that no compiler knows: sizes, comments, owners of libraries,
# layout, and what may stand at the top level.
#
#   tests/check_style.sh [TREE]
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
export LC_ALL=C.UTF-8

top_level='\.ci|\.clang-format|\.clang-tidy|\.editorconfig|\.git|\.gitignore|
\.venv|\.pytest_cache|build|CMakeLists\.txt|CMakePresets\.json|LICENSE|NOTICE|
README\.md|config|daemon|include|rules|systemd|tests'

# Each outside library and the files that may include it.
owners='librdkafka/ (broker|kafka)(_.*)?
curl/ http_.*
yajl/ json_.*|post_members
hs.h matcher_database
yaml.h yaml_tree
libxml/ feed(_.*)?|html_text
openssl/ sha256
systemd/ service
zlib.h byte_file
unicode/ alphabet(_.*)?|letter_(names|variants)|utf8'

# Files too long, functions too long, `//`, goto and exit() outside texts and
# comments. A function's name stands in column one, as does its last brace.
check_code() {
    awk '
    FNR == 1 {
        comment = 0
        begun = 0
        main = FILENAME ~ /daemon\/main\.c$/
    }
    FNR == 401 { print FILENAME ":401: longer than 400 lines" }
    /^[a-z_][a-z0-9_]*\(/ { begun = FNR }
    /^}/ {
        if (begun && FNR - begun >= 60)
            print FILENAME ":" begun ": a function of " FNR - begun + 1 " lines"
        begun = 0
    }
    {
        line = $0
        gsub(/\\./, "", line)
        gsub(/\047[^\047]*\047/, "", line)
        gsub(/"[^"]*"/, "", line)
        if (comment && sub(/^.*\*\//, "", line))
            comment = 0
        gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "", line)
        if (comment)
            line = ""
        if (sub(/\/\*.*/, "", line))
            comment = 1
        if (line ~ /\/\//)
            print FILENAME ":" FNR ": a // comment"
        if (line ~ /(^|[^a-z_])goto[^a-z_]/)
            print FILENAME ":" FNR ": goto"
        if (!main && line ~ /(^|[^a-z_>.])exit *\(/)
            print FILENAME ":" FNR ": exit() outside main.c"
    }' "$@"
}

# Where clang-format puts the backslash of a macro is its own affair.
check_columns() {
    grep -nHE '^.{80}.*[^ \\]' "$@" | sed -E 's/^([^:]*:[0-9]+):.*/\1: over 80 columns/'
    grep -nHP '\t' "$@" | sed -E 's/^([^:]*:[0-9]+):.*/\1: a tab/'
}

check_owners() {
    local file name header files
    grep -HoE '^#include <[^>]+>' "$@" | tr -d '<>' |
        while IFS=': ' read -r file _ header; do
            name=$(basename "$file" .c)
            files=$(awk -v header="$header" \
                'index(header, $1) == 1 { print $2 }' <<<"$owners")
            case $header in
            sys/* | arpa/* | netinet/*) continue ;;
            */*) ;;
            *) [ -n "$files" ] || continue ;;
            esac
            [[ $name =~ ^(${files:-nobody})$ ]] ||
                echo "$file: includes <$header>, which is another file's"
        done
}

check_top_level() {
    ls -A | grep -vxE "$(tr -d '\n' <<<"$top_level")" |
        sed 's/$/: does not belong at the top level/'
}

# Prints what is wrong with the tree $1.
complaints() {
    (
        cd "$1" || exit
        check_code daemon/*.c include/*.h
        find daemon include tests -name '*.[ch]' -print0 |
            xargs -0 bash -c 'check_columns "$@"' check
        check_owners daemon/*.c
        check_top_level
        find daemon include tests -name '*.[ch]' -print0 |
            xargs -0 clang-format --dry-run 2>&1 |
            sed -nE 's/: (warning|error): .*/: clang-format differs/p'
    )
}
export -f check_columns

# The check finds what it is for, in a tree made for it.
self_test() {
    local tree status=0 line
    tree=$(mktemp -d) || return 1
    mkdir "$tree"/{daemon,include,tests}
    cp .clang-format "$tree"
    tee "$tree/notes.txt" "$tree/include/none.h" <<<"" >/dev/null
    {
        printf '#include <curl/curl.h>\n\n/* goto // exit() */\n'
        printf 'static int\nfaulty(int number)\n{\n'
        printf '    const char *text = "// goto exit()"; // why\n'
        printf '    if (number)\n        goto out;\n    exit(1);\nout:\n'
        printf '    number = %s;\n' 1234567890{,,,}{,} | tr '\n' ' '
        printf '\n\treturn 0;\n'
        for line in {1..390}; do echo "    number++;"; done
        printf '}\n'
    } >"$tree/daemon/faulty.c"
    for line in '7: a // comment' '9: goto' '10: exit() outside main.c' \
        '401: longer than 400 lines' '5: a function of 400 lines' \
        '12: over 80 columns' '13: a tab' \
        " includes <curl/curl.h>, which is another file's"; do
        complaints "$tree" | grep -qxF "daemon/faulty.c:$line" || {
            echo "check_style.sh does not find: $line"
            status=1
        }
    done
    complaints "$tree" | grep -q '^daemon/faulty.c:.*clang-format differs' &&
        complaints "$tree" | grep -qxF \
            'notes.txt: does not belong at the top level' || {
        echo 'check_style.sh does not find what clang-format or ls shows'
        status=1
    }
    [ "$(complaints "$tree" | grep -c 'goto\|//\|exit')" -eq 3 ] || {
        echo 'check_style.sh takes texts or comments for code'
        status=1
    }
    rm -rf "$tree"
    return $status
}

self_test || exit 1
found=$(complaints "${1:-.}")
[ -z "$found" ] || {
    printf '%s\n' "$found"
    exit 1
}
