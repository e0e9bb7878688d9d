#!/bin/bash
# Refuses an include that points to a higher layer, a file of daemon/ that is
# in no layer or in two, and an outside library in a header.
#
#   tests/check_layers.sh [TREE]
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2

# Prints what is wrong with the tree $1. A header that has no .c file of its
# name belongs to those that begin with its name (json.h: json_read.c …), or
# else to what it is called after (rules_loader.h: rules.c); one that is called
# after nothing (span.h) may be used by all and include only its like.
complaints() {
    (cd "$1" && awk '
    FILENAME == "CMakeLists.txt" {
        if (match($0, /^set\(LAYER_[0-9]_/))
            layer = substr($0, RLENGTH - 1, 1) + 0
        else if (/^\)/)
            layer = ""
        else if (layer != "") {
            name = $1
            if (name in of)
                print "CMakeLists.txt: " name " is in two layers"
            if (before[layer] > name)
                print "CMakeLists.txt: " name " is out of order"
            before[layer] = name
            of[name] = layer
        }
        next
    }
    FNR == 1 {
        name = FILENAME
        sub(/.*\//, "", name)
        source = sub(/\.c$/, "", name)
        if (sub(/\.h$/, "", name))
            headers[name]
        if (source) {
            sources[name]
            if (!(name in of))
                print FILENAME ": in no LAYER_ list of CMakeLists.txt"
        }
    }
    /^#include "/ {
        split($0, part, "\"")
        sub(/\.h$/, "", part[2])
        places[++count] = FILENAME ":" FNR
        from[count] = name
        to[count] = part[2]
    }
    /^#include <.*\// && !source && !/<(sys|arpa|netinet)\// {
        print FILENAME ":" FNR ": a header includes an outside library"
    }
    function layer_of(name, other, least, shorter) {
        if (name in of)
            return of[name]
        least = 9
        for (other in of)
            if (index(other, name "_") == 1 && !(other in headers) &&
                of[other] < least)
                least = of[other]
        if (least < 9)
            return least
        shorter = name
        return sub(/_[^_]*$/, "", shorter) ? layer_of(shorter) : 0
    }
    END {
        for (name in of)
            if (!(name in sources))
                print "CMakeLists.txt: there is no daemon/" name ".c"
        for (i = 1; i <= count; i++)
            if (layer_of(to[i]) > layer_of(from[i]))
                print places[i] ": layer " layer_of(from[i]) " includes " \
                    to[i] ".h of layer " layer_of(to[i])
    }' CMakeLists.txt daemon/*.c include/*.h | sort)
}

# The check finds what it is for, in a tree made for it.
self_test() {
    local tree status=0
    tree=$(mktemp -d) || return 1
    mkdir "$tree/daemon" "$tree/include"
    printf 'set(LAYER_0_ground\n    low\n    twice\n)\nset(LAYER_1_top\n%s' \
        $'    high\n    twice\n    gone\n)\n' >"$tree/CMakeLists.txt"
    echo '#include "high_model.h"' >"$tree/daemon/low.c"
    echo '#include "low.h"' >"$tree/daemon/high.c"
    tee "$tree"/daemon/{twice,stray}.c "$tree/include/high_model.h" <<<"" >/dev/null
    echo '#include <curl/curl.h>' >"$tree/include/low.h"
    for wanted in 'daemon/low.c:1: layer 0 includes high_model.h of layer 1' \
        'daemon/stray.c: in no LAYER_ list of CMakeLists.txt' \
        'include/low.h:1: a header includes an outside library' \
        'CMakeLists.txt: gone is out of order' \
        'CMakeLists.txt: there is no daemon/gone.c' \
        'CMakeLists.txt: twice is in two layers'; do
        complaints "$tree" | grep -qxF "$wanted" || {
            echo "check_layers.sh does not find: $wanted"
            status=1
        }
    done
    [ "$(complaints "$tree" | wc -l)" -eq 6 ] || {
        echo "check_layers.sh finds too much:"
        complaints "$tree"
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
