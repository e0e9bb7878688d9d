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
sed "s,/usr/bin/karool,$(realpath "$build")/karool," systemd/karool.service \
    >"$stage/karool.service"
said=$(systemd-analyze verify "$stage/karool.service" 2>&1) ||
    fail "systemd-analyze verify: $said"
[ -z "$(printf '%s' "$said" | grep -F karool.service)" ] ||
    fail "systemd-analyze verify: $said"
said=$(systemd-analyze security --offline=true --no-pager \
    --threshold=$most_exposed "$stage/karool.service" 2>&1) ||
    fail "$(printf '%s\n' "$said" | grep -E '✗|exposure')"
if command -v systemd-sysusers >/dev/null; then
    said=$(systemd-sysusers --dry-run "$PWD/systemd/karool.sysusers" 2>&1) ||
        fail "systemd-sysusers: $said"
fi
exit $status
