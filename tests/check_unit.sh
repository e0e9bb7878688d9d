#!/bin/bash
# What systemd says of the unit: that it is well-formed, and how exposed it
# leaves the machine. Also that each credential it names is one of the sample's.
#
#   KAROOL_BUILD=build/release tests/check_unit.sh
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
build=${KAROOL_BUILD:-$(ls -td build/*/karool 2>/dev/null | head -1)}
build=${build%/karool}
[ -x "$build/karool" ] || {
    echo "build karool first: cmake --build build/debug"
    exit 2
}
most_exposed=15 # of 100: network and loopback are what is left
stage=$(mktemp -d) || exit 2
trap 'rm -rf "$stage"' EXIT
status=0

fail() {
    printf '%s\n' "$*"
    status=1
}

for secret in $(sed -n 's/^#.*LoadCredential[A-Za-z]*=\([a-z_]*\):.*/\1/p' \
    systemd/karool.service); do
    grep -q "{secret: $secret}" config/karool.yaml ||
        fail "karool.service: config/karool.yaml has no {secret: $secret}"
done

if ! command -v systemd-analyze >/dev/null; then
    echo "systemd-analyze is missing (apt-get install systemd): not checked"
    exit $status
fi
# The program is not installed here: its place in the build stands in.
check_unit() {
    local unit=$1 most_exposed=$2 said
    sed "s,/usr/bin/karool ,$(realpath "$build")/karool ," "systemd/$unit" \
        >"$stage/$unit"
    said=$(systemd-analyze verify "$stage/$unit" 2>&1) ||
        fail "systemd-analyze verify: $said"
    [ -z "$(printf '%s' "$said" | grep -F "$unit")" ] ||
        fail "systemd-analyze verify: $said"
    said=$(systemd-analyze security --offline=true --no-pager \
        --threshold="$most_exposed" "$stage/$unit" 2>&1) ||
        fail "$(printf '%s\n' "$said" | grep -E '✗|exposure')"
}
check_unit karool.service $most_exposed
if [ -x /usr/bin/java ]; then
    check_unit karool-kafka.service $most_exposed
else
    echo "java is missing (apt-get install openjdk-17-jre-headless): not checked"
fi
if command -v systemd-sysusers >/dev/null; then
    for file in systemd/*.sysusers; do
        said=$(systemd-sysusers --dry-run "$PWD/$file" 2>&1) ||
            fail "systemd-sysusers: $said"
    done
fi
exit $status
