# shellcheck shell=sh disable=SC2034,SC2154 # read by install.sh, whose variables these are
# How install.sh builds from source: what is missing for it, whether this machine can, and the two builds.

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
