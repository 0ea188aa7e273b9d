#!/bin/sh
# Builds one example, or the command autod, once: build.sh NAME. Several may ask at the same moment in a fresh clone; one builds.
set -eu
name=$1
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
case $name in
  autod) module=auto-daemon-cli ;;
  *) module=examples/$name ;;
esac
target=$root/$module/target
mkdir -p "$target"
if command -v flock >/dev/null 2>&1; then
  exec 9>"$target/.building"
  flock 9
fi
[ -e "$target/ready" ] && exit 0
echo "$name: building it with Maven, once; this takes a minute, and up to three where Maven has to download first ..." >&2
echo "$name: what it does is in $target/build.log" >&2
cd "$root"
if ! ./mvnw -q -pl "$module" -am -DskipTests -Dspotless.check.skip -Dmaven.javadoc.skip \
  -Dmaven.compiler.failOnWarning=false package \
  >"$target/build.log" 2>&1 9>&-; then
  cat "$target/build.log" >&2
  echo "$name: the build failed; its output is above and in $target/build.log" >&2
  exit 1
fi
: >"$target/ready"
echo "$name: built" >&2
