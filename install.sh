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
  --demo        then run `exo-dl demo`, which shows a download by a cluster of three nodes, all on
                this machine
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
      case ${2:-} in
        '' | -*) wrong "--prefix needs a folder" ;;
      esac
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
if [ -f "$project/pom.xml" ]; then
  # shellcheck source-path=SCRIPTDIR source=src/install/build.sh
  . "$project/src/install/build.sh"
fi

# ---- places ----

# The folder's real path when it exists, so that links and the manifest's names compare equal.
real() {
  if [ -d "$1" ]; then (CDPATH='' cd -- "$1" && pwd -P); else printf '%s\n' "$1"; fi
}

if [ -n "$prefix" ]; then
  umask 022 # a place for all users, whatever is usual for one's own files
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
begun=

make_folder() {
  [ ! -d "$1" ] || return 0
  make_folder "$(dirname -- "$1")" || return 1
  # Another run may be faster.
  mkdir -- "$1" 2>/dev/null || {
    [ -d "$1" ]
    return
  }
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
  remove_leftovers "$(dirname -- "$1")"
  [ "$1" != "$program" ] || return 0
  if is_listed "$1"; then
    rm -f -- "$1" 2>/dev/null || say "could not remove $1"
  elif there "$1"; then
    say "left $1 alone: it was changed after the installation"
  fi
}

remove_program() {
  lock
  remove_leftovers "$bin"
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
  remove_empty "$folders"
}

remove_empty() {
  [ -z "$1" ] || printf '%s\n' "$1" | while IFS= read -r folder; do
    rmdir -- "$folder" 2>/dev/null || true
  done
}

# One at a time, since all write one manifest. Where there is no flock(1), or a file system can't lock, nobody waits.
lock() {
  if ! command -v flock >/dev/null 2>&1 || [ ! -d "$versions" ]; then return 0; fi
  exec 9<"$versions"
  code=0
  flock -n -E 75 9 2>/dev/null || code=$?
  [ "$code" != 75 ] || fail "another install.sh is at work in $versions: try again when it has ended"
}

# Removes a file or folder whose name ends with the number of a process that is gone: that was killed here.
remove_left() {
  case ${1##*.} in
    '' | *[!0-9]*) return 0 ;;
  esac
  kill -0 "${1##*.}" 2>/dev/null || rm -rf -- "$1"
}

remove_leftovers() {
  for left in "$1"/.exo-dl-new.*; do remove_left "$left"; done
  # Bundles that were not copied to their end.
  for left in "$versions"/[0-9]*T[0-9]*Z.*; do
    is_bundle "$left" || remove_left "$left"
  done
}

# Says what is in the way before the minutes that a build takes.
check_place() {
  new=
  trap undo EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  { make_folder "$bin" && make_folder "$versions" && [ -w "$bin" ] && [ -w "$versions" ]; } \
    || fail "cannot write to $bin and $versions: choose another place with --prefix DIR"
  bin=$(real "$bin")
  versions=$(real "$versions")
  program=$bin/exo-dl
  manifest=$versions/manifest
  lock
  remove_leftovers "$bin"
  if there "$program" && ! is_ours; then
    fail "$program is there already and was not installed by this script: move it away first"
  fi
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
  remove_leftovers "$folder"
  if there "$folder/$3" && ! is_listed "$folder/$3"; then
    say "left $folder/$3 alone: it was not installed by this script"
    return 0
  fi
  cp -- "$1" "$folder/.exo-dl-new.$$" || {
    rm -f -- "$folder/.exo-dl-new.$$"
    fail "could not copy $1 to $folder"
  }
  chmod 644 "$folder/.exo-dl-new.$$"
  list "$folder/.exo-dl-new.$$" "$folder/$3"
  mv -f -- "$folder/.exo-dl-new.$$" "$folder/$3"
}

# put_at FILE PLACE: PLACE is where it lies in an archive.
put_at() {
  case $2 in
    share/bash-completion/* | share/fish/*) to=$data/${2#share/} ;;
    *) to=$share/${2#share/} ;;
  esac
  put "$1" "$(dirname -- "$to")" "$(basename -- "$to")"
}

# In an unpacked archive these files lie as they are installed; in the source a list tells.
put_shared() {
  if [ ! -f "$project/pom.xml" ]; then
    for file in "$project"/share/*/*/*; do
      case $file in
        "$project"/share/doc/*) ;;
        *) [ ! -f "$file" ] || put_at "$file" "${file#"$project"/}" ;;
      esac
    done
  else
    while read -r file place; do
      put_at "$project/$file" "$place"
    done <"$project/src/install/shared-files"
  fi
}

remove_unlisted() {
  if is_listed "$1" && ! sed 's/^[0-9]* [0-9]* //' "$manifest.new" | grep -qxF -e "$1"; then
    rm -f -- "$1" || true
  fi
}

# Removes what an earlier installation left: files no longer installed, bundles but $1 that nobody runs.
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

# What this run made, when it does not come to its end.
undo() {
  rm -rf -- ${new:+"$new"}
  rm -f -- "$bin/.exo-dl-new.$$" ${begun:+"$manifest.new"}
  remove_empty "$(printf %s "$made" | sed 's/^folder //' | LC_ALL=C sort -r)"
  [ -z "$begun" ] || [ ! -f "$manifest" ] || printf %s "$made" >>"$manifest"
}

begin() {
  begun=true
  : >"$manifest.new"
}

# Whether a file is a whole program for this machine; otherwise `why` says what is wrong. Asked before it is run: what the kernel
# does not take for a program, a shell takes for a script, and runs its bytes as commands.
is_program() {
  [ "$(uname -s)" = Linux ] || return 0
  case $(od -An -tx1 -N4 "$1" | tr -d ' ') in
    2321*) return 0 ;; # #!
    7f454c46) ;; # ELF
    *)
      why="$1 does not start here: it is damaged, get it anew"
      return 1
      ;;
  esac
  # Class, byte order, machine: those of a program that runs, which is od itself.
  if [ -r /proc/self/exe ] && [ "$(kind_of "$1")" != "$(kind_of /proc/self/exe)" ]; then
    why="$1 does not start here: it is for another kind of machine than this one, $(uname -m)"
    return 1
  fi
  # An ELF file ends with its table of sections: where that starts, and its entries' size and number.
  # shellcheck disable=SC2046 # three numbers
  set -- "$1" $(od -An -tu8 -j40 -N8 "$1") $(od -An -tu2 -j58 -N4 "$1")
  if [ "$(wc -c <"$1")" -lt $((${2:-64} + ${3:-0} * ${4:-0})) ]; then
    why="$1 does not start here: it is cut off, get it anew"
    return 1
  fi
}

kind_of() {
  od -An -tx1 -j4 -N2 "$1"
  od -An -tx1 -j18 -N2 "$1"
}

# Puts a binary beside the program and runs it there; `why` says what it said when it does not start.
stage() {
  is_program "$1" || return 1
  begin
  { cp -- "$1" "$bin/.exo-dl-new.$$" && chmod 755 "$bin/.exo-dl-new.$$"; } || fail "could not copy $1 to $bin"
  code=0
  said=$("$bin/.exo-dl-new.$$" --version 2>&1) || code=$?
  case $code$said in
    0?*) return 0 ;;
  esac
  why="$1 does not start here: $(printf '%s\n' "${said:-it ended with code $code}" | head -n 1)"
  rm -f -- "$bin/.exo-dl-new.$$"
  return 1
}

install_native() {
  put_shared
  list "$bin/.exo-dl-new.$$" "$program"
  # One step; an older binary that is running goes on.
  mv -f -- "$bin/.exo-dl-new.$$" "$program"
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
  ln -s "$new/bin/exo-dl" "$bin/.exo-dl-new.$$"
  mv -f -- "$bin/.exo-dl-new.$$" "$program"
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
  exec "$program" demo 9<&-
fi
