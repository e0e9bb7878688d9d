#!/bin/bash
# What `cmake --install` puts where, that it works there, and that it leaves
# an operator's files alone.
#
#   KAROOL_BUILD=build/release tests/check_install.sh
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
build=${KAROOL_BUILD:-$(ls -td build/*/karool 2>/dev/null | head -1)}
build=${build%/karool}
[ -x "$build/karool" ] || {
    echo "build karool first: cmake --build build/debug"
    exit 2
}
stage=$(mktemp -d) || exit 2
trap 'rm -rf "$stage"' EXIT
status=0

fail() {
    printf '%s\n' "$*"
    status=1
}

install_to() {
    DESTDIR=$stage cmake --install "$build" --prefix "$1" \
        >"$stage/log" 2>&1 || {
        cat "$stage/log"
        exit 1
    }
}

install_to /usr
etc=$stage/etc/karool
share=$stage/usr/share/karool

# Every file of the tree that belongs to a user is somewhere.
wanted="$stage/usr/bin/karool"
for file in config/connectors/*.yaml; do
    wanted+=" $etc/connectors/${file##*/} $share/connectors/${file##*/}"
done
for file in include/schema/*.json; do
    wanted+=" $share/schema/${file##*/}"
done
for file in config/*.yaml; do
    [ -e "$file" ] && wanted+=" $etc/${file##*/}"
done
for file in rules/*; do
    [ -f "$file" ] && wanted+=" $etc/rules/${file##*/}"
done
for file in rules/morphology/*.yaml; do
    [ -e "$file" ] && wanted+=" $share/morphology/${file##*/}"
done
for file in systemd/*.service; do
    [ -e "$file" ] && wanted+=" $stage/usr/lib/systemd/system/${file##*/}"
done
for file in systemd/*.sysusers; do
    name=${file##*/}
    [ -e "$file" ] &&
        wanted+=" $stage/usr/lib/sysusers.d/${name%.sysusers}.conf"
done
wanted+=" $stage/usr/sbin/karool-kafka-setup"
for file in systemd/karool-kafka.{jars,properties}; do
    wanted+=" $share/kafka/${file##*/}"
done
for file in README.md LICENSE; do
    [ -e "$file" ] && wanted+=" $stage/usr/share/doc/karool/$file"
done
for file in $wanted; do
    [ -s "$file" ] || fail "not installed: ${file#"$stage"}"
done
[ -z "$(find "$stage" -type f -perm /022)" ] ||
    fail "others may write to: $(find "$stage" -type f -perm /022)"

# The demo flags something soon after its start, and Ctrl-C ends it with 0.
demo_runs() {
    HOME=$stage RUNTIME_DIRECTORY= STATE_DIRECTORY= XDG_RUNTIME_DIR= \
        "$1" run --offline -c "$2" >/dev/null 2>"$stage/run" &
    local process=$! tries=0
    until grep -q ' flagged: ' "$stage/run" || [ $((tries += 1)) -gt 300 ]; do
        sleep 0.2
    done
    kill -INT "$process" && wait "$process" && grep -q ' flagged: ' "$stage/run"
}

# The installed program finds the demo's rules beside it, from any folder, and
# takes the installed configuration.
karool=$stage/usr/bin/karool
if [ -d "$share/demo" ]; then
    (cd / && "$karool" check -c "$share/demo/karool.yaml") >"$stage/log" 2>&1 ||
        fail "the installed demo has errors: $(cat "$stage/log")"
    demo_runs "$karool" "$share/demo/karool.yaml" ||
        fail "the installed demo does not run: $(cat "$stage/run")"
    (cd / && echo '…' | "$karool" explain -) >"$stage/log" 2>&1 ||
        fail "explain: $(cat "$stage/log")"
    [ -e /etc/karool/karool.yaml ] ||
        grep -qF "$share/demo/rules;" "$stage/log" ||
        fail "explain does not take the demo's rules: $(cat "$stage/log")"
fi
if [ -e "$etc/karool.yaml" ]; then
    "$karool" check -c "$etc/karool.yaml" >"$stage/log" 2>&1 ||
        fail "the installed configuration has errors: $(cat "$stage/log")"
elif [ -d "$etc/rules" ]; then
    "$karool" check -r "$etc/rules" >"$stage/log" 2>&1 ||
        fail "the installed rules have errors: $(cat "$stage/log")"
fi

# Another time: what was edited stays, and the new file lies beside it.
edited=$etc/connectors/feed.yaml
echo '# ours' >>"$edited"
install_to /usr
tail -n 1 "$edited" | grep -qx '# ours' ||
    fail "a changed connector was overwritten"
cmp -s "$edited.new" config/connectors/feed.yaml ||
    fail "the new connector is not beside the changed one"
[ "$(find "$etc" -name '*.new' | wc -l)" -eq 1 ] ||
    fail "unchanged files were put down twice: $(find "$etc" -name '*.new')"

# The unit starts the program where this prefix has it.
install_to /opt/karool
unit=$stage/opt/karool/lib/systemd/system/karool.service
if [ -e "$unit" ]; then
    grep -q '^ExecStart=/opt/karool/bin/karool ' "$unit" ||
        fail "the unit starts: $(grep ^ExecStart= "$unit")"
    ! grep -qF /usr/bin/karool "$unit" ||
        fail "the unit names /usr/bin/karool under another prefix"
fi
exit $status
