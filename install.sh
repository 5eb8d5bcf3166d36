#!/bin/sh
# Installs exo-dl for the current user, from this folder's source or from an unpacked archive; see usage().
set -eu

usage() {
  cat <<'END'
Usage: ./install.sh [--native | --jvm] [--prefix DIR] [--demo]
       ./install.sh --uninstall [--prefix DIR]

Installs exo-dl as ~/.local/bin/exo-dl, with its completions for bash, zsh and fish and its man page.
No root needed. Either the native binary, one file that starts at once, or the JVM bundle, which brings
a Java runtime of its own. Without --native or --jvm: the native binary where it can be had, else the
JVM bundle; which, and why, is said. Beside an unpacked archive's bin/exo-dl nothing is built.

  --native      the native binary, or fail
  --jvm         the JVM bundle
  --prefix DIR  install as DIR/bin/exo-dl, the other files below DIR/share and DIR/lib/exo-dl
                (without it: ~/.local/bin/exo-dl, below ~/.local/share and ~/.local/share/exo-dl)
  --demo        then run `exo-dl demo`, which shows a whole download on this machine
  --uninstall   remove what this script installed; downloaded models stay
  -h, --help    show this text

Building needs a JDK 25 or newer and any Maven; the native binary also gcc, some libraries' headers and
7 GB of memory. What is missing is installed with apt-get when you are root on Debian or Ubuntu, and
named first; otherwise it is only named.

EXO_DL_BUILD_MEMORY=MIB says how much memory there is for building, where that is measured wrongly.
END
}

say() {
  printf 'install: %s\n' "$*" >&2
}

fail() {
  say "$@"
  exit 1
}

wrong() {
  say "$* (see ./install.sh --help)"
  exit 2
}

prefix=
kind=
demo=false
uninstall=false
while [ $# -gt 0 ]; do
  case $1 in
    --prefix)
      [ -n "${2:-}" ] || wrong "--prefix needs a folder"
      prefix=$2
      shift
      ;;
    --prefix=?*) prefix=${1#--prefix=} ;;
    --prefix=) wrong "--prefix needs a folder" ;;
    --native | --jvm)
      [ -z "$kind" ] || [ "$kind" = "${1#--}" ] || wrong "--native and --jvm exclude each other"
      kind=${1#--}
      ;;
    --demo) demo=true ;;
    --uninstall) uninstall=true ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) wrong "unknown option '$1'" ;;
  esac
  shift
done
! $uninstall || ! $demo || wrong "--uninstall and --demo exclude each other"
! $uninstall || [ -z "$kind" ] || wrong "--uninstall removes either kind: leave --$kind out"

case ${EXO_DL_BUILD_MEMORY:-} in
  *[!0-9]*) wrong "EXO_DL_BUILD_MEMORY is a number of MiB, not '$EXO_DL_BUILD_MEMORY'" ;;
esac

project=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

# ---- places ----

# The folder's real path when it exists, so that links and the manifest's names compare equal.
real() {
  if [ -d "$1" ]; then (CDPATH='' cd -- "$1" && pwd -P); else printf '%s\n' "$1"; fi
}

if [ -n "$prefix" ]; then
  case $prefix in
    /*) ;;
    *) prefix=$PWD/$prefix ;;
  esac
  prefix=$(real "$prefix")
  bin=$prefix/bin
  versions=$prefix/lib/exo-dl
  share=$prefix/share
  data=$share
else
  [ -n "${HOME:-}" ] || fail "HOME is not set: set it, or say where to install with --prefix DIR"
  bin=$HOME/.local/bin
  versions=$HOME/.local/share/exo-dl
  # Where man and zsh look follows from ~/.local/bin; bash and fish go by XDG's variable, which counts when absolute.
  share=$HOME/.local/share
  case ${XDG_DATA_HOME:-} in
    /*) data=$XDG_DATA_HOME ;;
    *) data=$share ;;
  esac
fi
case $bin$data in
  *'
'*) wrong "the name of a folder to install to holds a line break" ;;
esac
bin=$(real "$bin")
versions=$(real "$versions")
program=$bin/exo-dl
# What this script installed, a line each: "CRC SIZE PATH", as cksum tells them, or "folder PATH/".
manifest=$versions/manifest
made= # folders made by this run

make_folder() {
  [ ! -d "$1" ] || return 0
  make_folder "$(dirname -- "$1")" || return 1
  mkdir -- "$1" 2>/dev/null || return 1
  made="${made}folder $(real "$1")/
"
}

# ---- what is ours ----

sum_of() {
  cksum <"$1"
}

there() {
  [ -e "$1" ] || [ -L "$1" ]
}

# Whether a file is one that this script installed, and still what it was.
is_listed() {
  [ -f "$1" ] && [ ! -L "$1" ] && [ -f "$manifest" ] && grep -qxF -e "$(sum_of "$1") $1" "$manifest"
}

# Whether the program is a link that this script made to a bundle.
is_link() {
  case $(readlink "$program" 2>/dev/null) in
    "$versions"/*/bin/exo-dl) return 0 ;;
    *) return 1 ;;
  esac
}

is_ours() {
  is_link || is_listed "$program"
}

# Only what this script made is ever removed: a folder with our launcher and our program.
is_bundle() {
  [ -f "$1/bin/exo-dl" ] && [ -f "$1/app/quarkus-run.jar" ] && [ -d "$1/runtime" ]
}

# A running exo-dl still reads its jars. Where there is no /proc, nobody can tell.
in_use() {
  for exe in /proc/[0-9]*/exe; do
    case $(readlink "$exe" 2>/dev/null) in
      "$1"/runtime/*) return 0 ;;
    esac
  done
  return 1
}

# Calls a function with the path of each file of the manifest.
each_listed() {
  [ -f "$manifest" ] || return 0
  while read -r crc _ path; do
    [ "$crc" = folder ] || "$1" "$path"
  done <"$manifest"
}

remove_listed() {
  [ "$1" != "$program" ] || return 0
  if is_listed "$1"; then
    rm -f -- "$1" 2>/dev/null || say "could not remove $1"
  elif there "$1"; then
    say "left $1 alone: it was changed after the installation"
  fi
}

remove_program() {
  if is_ours; then
    rm -f -- "$program"
    say "removed $program"
  elif there "$program"; then
    say "left $program alone: it was not installed by this script"
  else
    say "nothing to remove at $program"
  fi
  each_listed remove_listed
  for old in "$versions"/*; do
    ! is_bundle "$old" || rm -rf -- "$old"
  done
  # Deepest first: a folder's name is the beginning of the names in it.
  folders=
  [ ! -f "$manifest" ] || folders=$(sed -n 's/^folder //p' "$manifest" | LC_ALL=C sort -r)
  rm -f -- "$manifest" "$manifest.new"
  if [ -d "$versions" ]; then
    rmdir -- "$versions" 2>/dev/null || say "left $versions: it holds files that are not exo-dl's"
  fi
  [ -z "$folders" ] || printf '%s\n' "$folders" | while IFS= read -r folder; do
    rmdir -- "$folder" 2>/dev/null || true
  done
}

# Says what is in the way before the minutes that a build takes.
check_place() {
  { make_folder "$bin" && make_folder "$versions" && [ -w "$bin" ] && [ -w "$versions" ]; } \
    || fail "cannot write to $bin and $versions: choose another place with --prefix DIR"
  bin=$(real "$bin")
  versions=$(real "$versions")
  program=$bin/exo-dl
  manifest=$versions/manifest
  if there "$program" && ! is_ours; then
    fail "$program is there already and was not installed by this script: move it away first"
  fi
}

# ---- building ----

# Makes sure that there is a JDK; mvnw sees to Maven.
need_jdk() {
  # A GraalVM is a JDK too.
  if [ -z "${JAVA_HOME:-}" ] && [ -n "${GRAALVM_HOME:-}" ]; then
    JAVA_HOME=$GRAALVM_HOME
    export JAVA_HOME
  fi
  ! "$project/.mvn/find-jdk" >/dev/null 2>&1 || return 0
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq >/dev/null 2>&1 || true
    for package in openjdk-25-jdk-headless temurin-25-jdk; do
      # shown by apt-cache only when a configured source offers it
      if [ -n "$(apt-cache madison "$package" 2>/dev/null)" ]; then
        say "no JDK 25 here: installing the package $package"
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null \
          || fail "apt-get could not install $package"
        break
      fi
    done
  fi
  "$project/.mvn/find-jdk" >/dev/null || exit 1
}

# Memory that an image build could take, in MiB; nothing where it cannot be told.
memory() {
  if [ -n "${EXO_DL_BUILD_MEMORY:-}" ]; then
    printf '%s\n' "$EXO_DL_BUILD_MEMORY"
    return 0
  fi
  [ -r /proc/meminfo ] || return 0
  # Limits of control groups, version 2 and version 1: our own group's; in a container that often is the top one.
  two=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup 2>/dev/null || true)
  one=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup 2>/dev/null || true)
  {
    sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo
    for limit in "$two/memory.max" /sys/fs/cgroup/memory.max \
      "$one/memory.limit_in_bytes" /sys/fs/cgroup/memory/memory.limit_in_bytes; do
      # "max", and version 1's enormous number, are no limits
      [ ! -r "$limit" ] || sed -n 's/^\([0-9]\{4,17\}\)$/\1/p' "$limit" | awk '{ printf "%d\n", $1 / 1024 }'
    done
  } | sort -n | awk 'NR == 1 { printf "%d\n", $1 / 1024 }'
}

# Whether this machine is large enough for an image build; otherwise `why` says what it lacks.
is_large_enough() {
  have=$(memory)
  if [ -n "$have" ] && [ "$have" -lt 7000 ]; then
    why="building the native binary takes 7 GB of memory, and $have MiB are available"
    return 1
  fi
  free=$(df -Pk "$project" 2>/dev/null | awk 'NR == 2 { print $4 }')
  if [ -n "$free" ] && [ "$free" -lt 2000000 ]; then
    why="building the native binary takes 2 GB of disk, and $((free / 1024)) MiB are free in $project"
    return 1
  fi
}

# Gets a GraalVM and builds the image with it. When that fails, `why` says so; the tools have said what it was.
build_native() {
  # The toolchain's folder when there is no home for it.
  if [ -z "${HOME:-}${XDG_CACHE_HOME:-}${EXO_DL_TOOLCHAIN_CACHE:-}" ]; then
    EXO_DL_TOOLCHAIN_CACHE=$project/target/toolchain
    export EXO_DL_TOOLCHAIN_CACHE
    mkdir -p "$project/target"
  fi
  code=0
  "$project/native/toolchain/graalvm-home" >/dev/null || code=$?
  if [ "$code" = 3 ]; then
    why="this machine has no GraalVM and cannot assemble one (see above)"
    return 1
  elif [ "$code" != 0 ]; then
    why="no GraalVM could be assembled (see above)"
    return 1
  fi
  say "the native binary, since this machine can build it: Maven fetches what it needs, then 5 to 10 minutes of compiling"
  rm -rf "$project/target/exo-dl-native"
  (cd "$project" && ./mvnw -B -q -Dmaven.test.skip=true -Pnative package >&2) || {
    why="building the native binary failed (see above)"
    return 1
  }
  [ -f "$project/target/exo-dl-native/bin/exo-dl" ] || {
    why="the build made no native binary"
    return 1
  }
}

build_bundle() {
  say "building (the first time takes some minutes: Maven fetches what it needs)"
  (cd "$project" && ./mvnw -B -q -Dmaven.test.skip=true package >&2) \
    || fail "the build failed (see above)"
}

# ---- installing ----

# Lists a file in the manifest before it appears: whenever this script is stopped, what it installed is known.
list() {
  line="$(sum_of "$1") $2"
  printf '%s\n' "$line" >>"$manifest"
  printf '%s\n' "$line" >>"$manifest.new"
}

# Completions and man page: put FILE FOLDER NAME. exo-dl works without them, so what is in the way stays.
put() {
  if ! make_folder "$2" || [ ! -w "$2" ]; then
    say "left out $2/$3: cannot write there"
    folder=$(real "$2")
    ! is_listed "$folder/$3" || printf '%s\n' "$(sum_of "$folder/$3") $folder/$3" >>"$manifest.new"
    return 0
  fi
  folder=$(real "$2")
  if there "$folder/$3" && ! is_listed "$folder/$3"; then
    say "left $folder/$3 alone: it was not installed by this script"
    return 0
  fi
  cp -- "$1" "$folder/.$3.$$" || {
    rm -f -- "$folder/.$3.$$"
    fail "could not copy $1 to $folder"
  }
  chmod 644 "$folder/.$3.$$"
  list "$folder/.$3.$$" "$folder/$3"
  mv -f -- "$folder/.$3.$$" "$folder/$3"
}

# In an unpacked archive these files lie as they are installed; in the source they do not.
put_shared() {
  if [ -d "$project/share" ]; then
    put "$project/share/bash-completion/completions/exo-dl" "$data/bash-completion/completions" exo-dl
    put "$project/share/zsh/site-functions/_exo-dl" "$share/zsh/site-functions" _exo-dl
    put "$project/share/fish/vendor_completions.d/exo-dl.fish" "$data/fish/vendor_completions.d" exo-dl.fish
    put "$project/share/man/man1/exo-dl.1" "$share/man/man1" exo-dl.1
  else
    put "$project/completions/exo-dl.bash" "$data/bash-completion/completions" exo-dl
    put "$project/completions/_exo-dl" "$share/zsh/site-functions" _exo-dl
    put "$project/completions/exo-dl.fish" "$data/fish/vendor_completions.d" exo-dl.fish
    put "$project/docs/man/exo-dl.1" "$share/man/man1" exo-dl.1
  fi
}

remove_unlisted() {
  if is_listed "$1" && ! sed 's/^[0-9]* [0-9]* //' "$manifest.new" | grep -qxF -e "$1"; then
    rm -f -- "$1" || true
  fi
}

# Removes what an earlier installation left: files no longer installed, and bundles but $1 that nobody runs.
finish() {
  [ ! -f "$manifest" ] || sed -n '/^folder /p' "$manifest" >>"$manifest.new"
  printf %s "$made" >>"$manifest.new"
  each_listed remove_unlisted
  LC_ALL=C sort -u -o "$manifest.new" "$manifest.new"
  mv -f -- "$manifest.new" "$manifest"
  trap - EXIT INT TERM
  for old in "$versions"/*; do
    if [ "$old" != "${1:-}" ] && is_bundle "$old" && ! in_use "$old"; then
      rm -rf -- "$old"
    fi
  done
}

begin() {
  new=
  trap 'rm -rf -- ${new:+"$new"}; rm -f -- "$bin/.exo-dl.$$" "$manifest.new"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  : >"$manifest.new"
}

# Puts a binary beside the program and runs it there; `why` says what it said when it does not start.
stage() {
  begin
  { cp -- "$1" "$bin/.exo-dl.$$" && chmod 755 "$bin/.exo-dl.$$"; } || fail "could not copy $1 to $bin"
  said=$("$bin/.exo-dl.$$" --version 2>&1) && return 0
  why="$1 does not start here: $(printf '%s\n' "$said" | head -n 1)"
  rm -f -- "$bin/.exo-dl.$$"
  return 1
}

install_native() {
  put_shared
  list "$bin/.exo-dl.$$" "$program"
  # One step; an older binary that is running goes on.
  mv -f -- "$bin/.exo-dl.$$" "$program"
  finish
}

# Puts the bundle beside older versions, then moves the program's link over to it in one step.
install_bundle() {
  begin
  new=$versions/$(date -u +%Y%m%dT%H%M%SZ).$$
  # -p: the AOT cache knows the files by their times
  cp -pR "$project/target/exo-dl-bundle" "$new" || fail "could not copy the program to $versions"
  if ! EXO_DL_JAVA_OPTS=-XX:AOTMode=on "$new/bin/exo-dl" --version >/dev/null 2>&1; then
    say "making the AOT cache anew"
    "$new/bin/train" || say "no AOT cache: exo-dl works, but starts slower"
  fi
  "$new/bin/exo-dl" --version >/dev/null || fail "the installed program does not start"

  put_shared
  ln -s "$new/bin/exo-dl" "$bin/.exo-dl.$$"
  mv -f -- "$bin/.exo-dl.$$" "$program"
  bundle=$new
  new= # no longer to be removed when this script is stopped
  finish "$bundle"
}

hints() {
  case :${PATH:-}: in
    *:"$bin":* | *:"${prefix:-${HOME:-}/.local}/bin":*) ;;
    *) say "$bin is not on your PATH: add it, or run $program" ;;
  esac
  # bash and fish look where the files are by themselves; zsh looks in folders that it was told of.
  functions=$(real "$share/zsh/site-functions")
  if command -v zsh >/dev/null 2>&1 \
    && ! grep -qs site-functions "${ZDOTDIR:-${HOME:-}}/.zshrc" \
    && ! zsh -c 'print -rl -- $fpath' </dev/null 2>/dev/null | grep -qxF -e "$functions"; then
    say "zsh: for completions put this into ~/.zshrc, before compinit: fpath=('$functions' \$fpath)"
  fi
}

if $uninstall; then
  remove_program
  exit 0
fi
prebuilt=$project/bin/exo-dl
if [ ! -f "$project/pom.xml" ]; then
  elsewhere="get exo-dl's source and run its install.sh"
  [ -f "$prebuilt" ] || fail "$project holds neither exo-dl's source nor a binary: $elsewhere"
  [ "$kind" != jvm ] || fail "$project holds the native binary only: for the JVM bundle $elsewhere"
fi
check_place

why=
if [ "$kind" != jvm ] && [ -f "$prebuilt" ] && stage "$prebuilt"; then
  say "the native binary, since it lies here prebuilt"
  install_native
elif [ ! -f "$project/pom.xml" ]; then
  fail "$why: $elsewhere"
else
  [ -z "$why" ] || say "$why"
  need_jdk
  if [ "$kind" = jvm ]; then
    why="asked for with --jvm"
  elif ! is_large_enough; then
    if [ "$kind" = native ]; then say "$why: trying all the same"; else kind=jvm; fi
  fi
  if [ "$kind" != jvm ]; then
    if build_native && stage "$project/target/exo-dl-native/bin/exo-dl"; then
      install_native
    elif [ "$kind" = native ]; then
      fail "no native binary: $why"
    else
      kind=jvm
    fi
  fi
  if [ "$kind" = jvm ]; then
    say "the JVM bundle: $why"
    build_bundle
    install_bundle
  fi
fi
say "installed $("$program" --version) as $program"
hints
if $demo; then
  exec "$program" demo
fi
