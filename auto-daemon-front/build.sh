#!/usr/bin/env bash
# Builds the front, with musl and static, for x86_64 and aarch64, into the resources of auto-daemon. The files are the same to
# the byte in every folder.
#
#   build.sh                          builds both
#   build.sh --check                  builds what can be built here, and compares
#   build.sh --sanitize OUT [FLAG]... one for tests, with the sanitizers of gcc
#
# Wants gcc, musl-tools and gcc-aarch64-linux-gnu of Debian 12. The C library for aarch64 is Debian's musl-dev:arm64, which is
# downloaded, or lies unpacked in the directory $MUSL_AARCH64.
set -euo pipefail
self=$(realpath "$0")
cd "$(dirname "$self")/src/main/c"

committed=$(cd ../../../../auto-daemon/src/main && pwd)/resources/io/github/autodaemon/internal/front
version=12  # of gcc: others make other bytes
warnings=(-std=c11 -Wall -Wextra -Werror)
flags=("${warnings[@]}" -Os -fno-pie -fno-asynchronous-unwind-tables -fno-ident -ffunction-sections -fdata-sections)
links=(-static -no-pie -s -Wl,--build-id=none -Wl,--gc-sections -Wl,-z,noseparate-code -Wl,-z,norelro)

x86_64() {
  command -v musl-gcc >/dev/null && [ "$(uname -m)" = x86_64 ] && [ "$(musl-gcc -dumpversion)" = $version ] || return 9
  musl-gcc "${flags[@]}" "${links[@]}" -o "$1" front.c
}

aarch64() {
  local gcc=aarch64-linux-gnu-gcc root=${MUSL_AARCH64-} lib
  command -v $gcc >/dev/null && [ "$($gcc -dumpversion)" = $version ] || return 9
  if [ -z "$root" ]; then
    root=$work/musl
    command -v apt-get dpkg-deb >/dev/null || return 9
    (cd "$work" && apt-get -q download musl-dev:arm64 >/dev/null 2>&1 && dpkg-deb -x musl-dev_*_arm64.deb musl) || return 9
  fi
  lib=$root/usr/lib/aarch64-linux-musl
  [ -f "$lib/libc.a" ] || return 9
  $gcc "${flags[@]}" -mno-outline-atomics "${links[@]}" -nostdinc -isystem "$root/usr/include/aarch64-linux-musl" \
    -isystem "$($gcc -print-file-name=include)" -nostdlib -o "$1" "$lib/crt1.o" "$lib/crti.o" front.c "$lib/libc.a" \
    "$($gcc -print-libgcc-file-name)" "$lib/crtn.o"
}

if [ "${1-}" = --sanitize ]; then
  exec gcc "${warnings[@]}" -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -o "$2" "${@:3}" front.c
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# It takes its time, and changes nothing of what is built.
[ "${1-}" = --check ] || flags+=(-fanalyzer)
built=()
for target in x86_64 aarch64; do
  code=0
  $target "$work/front-$target" || code=$?
  case $code in
    0) built+=("front-$target") ;;
    9) echo "front-$target cannot be built here" ;;
    *) exit 1 ;;
  esac
done
case ${1-} in
  --check)
    (cd "$committed" && sha256sum --quiet -c front.sums)
    for file in "${built[@]}"; do
      cmp "$work/$file" "$committed/$file"
      echo "$file is as committed"
    done
    ;;
  '')
    [ ${#built[@]} = 2 ] || exit 1
    mkdir -p "$committed"
    (cd "$work" && sha256sum "${built[@]}" >front.sums)
    install -m 644 "${built[@]/#/$work/}" "$work/front.sums" "$committed"
    (cd "$committed" && wc -c "${built[@]}")
    ;;
  *)
    sed -n '2,${/^#/!q;s/^# \{0,1\}//p}' "$self" >&2
    exit 2
    ;;
esac
