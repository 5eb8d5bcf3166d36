#!/bin/sh
# Builds exo-dl from this folder and installs it for the current user; see usage().
set -eu

usage() {
  cat <<'END'
Usage: ./install.sh [--prefix DIR] [--demo]
       ./install.sh --uninstall [--prefix DIR]

Builds exo-dl and installs it as ~/.local/bin/exo-dl. No root needed.

  --prefix DIR  install as DIR/bin/exo-dl, with its files in DIR/lib/exo-dl
                (without it: ~/.local/bin/exo-dl and ~/.local/share/exo-dl)
  --demo        then run `exo-dl demo`, which shows a whole download on this machine
  --uninstall   remove what this script installed; downloaded models stay
  -h, --help    show this text

Building needs a JDK 25 or newer and any Maven. What is missing is installed with
apt-get when you are root on Debian or Ubuntu; otherwise it is named.
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

project=$(CDPATH='' cd -- "$(dirname "$0")" && pwd -P)

# The folder's real path when it exists, so that links compare equal.
real() {
  if [ -d "$1" ]; then (CDPATH='' cd -- "$1" && pwd -P); else printf '%s\n' "$1"; fi
}

if [ -n "$prefix" ]; then
  case $prefix in
    /*) ;;
    *) prefix=$PWD/$prefix ;;
  esac
  bin=$prefix/bin
  versions=$prefix/lib/exo-dl
else
  [ -n "${HOME:-}" ] || fail "HOME is not set: set it, or say where to install with --prefix DIR"
  bin=$HOME/.local/bin
  versions=$HOME/.local/share/exo-dl
fi
versions=$(real "$versions")
program=$bin/exo-dl

# Whether the program is a link that this script made.
is_ours() {
  case $(readlink "$program" 2>/dev/null) in
    "$versions"/*/bin/exo-dl) return 0 ;;
    *) return 1 ;;
  esac
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

remove_program() {
  if is_ours; then
    rm -f "$program"
    say "removed $program"
  elif [ -e "$program" ] || [ -L "$program" ]; then
    say "left $program alone: it was not installed by this script"
  else
    say "nothing to remove at $program"
  fi
  for old in "$versions"/*; do
    ! is_bundle "$old" || rm -rf "$old"
  done
  if [ -d "$versions" ]; then
    rmdir "$versions" 2>/dev/null || say "left $versions: it holds files that are not exo-dl's"
  fi
}

# Says what is in the way before the minutes that a build takes.
check_place() {
  mkdir -p "$bin" "$versions" || fail "cannot write to $bin and $versions: choose another place with --prefix DIR"
  versions=$(real "$versions")
  if { [ -e "$program" ] || [ -L "$program" ]; } && ! is_ours; then
    fail "$program is there already and was not installed by this script: move it away first"
  fi
}

# Makes sure that there is a JDK; mvnw sees to Maven.
need_jdk() {
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

build() {
  say "building (the first time takes some minutes: Maven fetches what it needs)"
  (cd "$project" && ./mvnw -B -q -Dmaven.test.skip=true package >&2) \
    || fail "the build failed (see above)"
}

# Puts the bundle beside older versions, then moves the program's link over to it in one step.
install_bundle() {
  new=$versions/$(date -u +%Y%m%dT%H%M%SZ).$$
  trap 'rm -rf "$new"; rm -f "$program.$$"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # -p: the AOT cache knows the files by their times
  cp -pR "$project/target/exo-dl-bundle" "$new" || fail "could not copy the program to $versions"
  if ! EXO_DL_JAVA_OPTS=-XX:AOTMode=on "$new/bin/exo-dl" --version >/dev/null 2>&1; then
    say "making the AOT cache anew"
    "$new/bin/train" || say "no AOT cache: exo-dl works, but starts slower"
  fi
  "$new/bin/exo-dl" --version >/dev/null || fail "the installed program does not start"

  ln -s "$new/bin/exo-dl" "$program.$$"
  mv -f "$program.$$" "$program"
  trap - EXIT INT TERM

  for old in "$versions"/*; do
    if [ "$old" != "$new" ] && is_bundle "$old" && ! in_use "$old"; then
      rm -rf "$old"
    fi
  done
  say "installed $("$program" --version) as $program"
  case :${PATH:-}: in
    *:"$bin":* | *:"$(real "$bin")":*) ;;
    *) say "$bin is not on your PATH: add it, or run $program" ;;
  esac
}

if $uninstall; then
  remove_program
  exit 0
fi
check_place
need_jdk
build
install_bundle
if $demo; then
  exec "$program" demo
fi
