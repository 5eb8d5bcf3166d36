# shellcheck shell=bash disable=SC2154 # read by graalvm-home, whose variables these are
# The JDK's native part: its C source, checked, with the headers of the JDK that is here, compiled into static libraries.

unpack_jdk_source() {
  local found
  found=$(sha256sum <"$archive")
  found=${found%% *}
  mkdir "$work/source"
  tar --force-local -xJf "$archive" -C "$work/source" --strip-components=1 --no-same-owner --wildcards \
    '*/src/java.base/share/native/*' '*/src/java.base/unix/native/*' '*/src/java.base/linux/native/*' \
    '*/src/java.management/share/native/*' '*/src/jdk.management/*/native/*' '*/src/java.prefs/unix/native/*' \
    '*/src/java.rmi/share/native/*' '*/src/jdk.net/linux/native/*' \
    '*/src/hotspot/share/include/*' '*/src/hotspot/os/posix/include/*' '*/LICENSE' \
    || fail "could not unpack $archive"
  if $review; then
    (cd "$work/source" && jdk_files | xargs -d '\n' sha256sum) >"$here/jdk-source.sha256"
    say "wrote jdk-source.sha256; jdk_source_reviewed is $found"
    return 0
  fi
  # Each file that is compiled or included is the reviewed one, whatever the archive's own version is.
  (cd "$work/source" && sha256sum --quiet --strict -c "$here/jdk-source.sha256" >&2) \
    || fail "the JDK's C source is not the reviewed one (archive $found): see the files named above and docs/native.md"
  local files
  files=$(cd "$work/source" && jdk_files | wc -l)
  [[ $files == $(wc -l <"$here/jdk-source.sha256") ]] \
    || fail "the JDK's C source has $files files where $(wc -l <"$here/jdk-source.sha256") were reviewed (archive $found): see docs/native.md"
  [[ $found == "$jdk_source_reviewed" ]] || say "the archive is another one than the reviewed one, but all files used are the same"
}

# The files that we compile or include, below the source's top folder.
jdk_files() {
  {
    printf '%s\n' "${libraries[@]}" | while read -r _ module folder _; do
      find "src/$module" -path "*/native/$folder/*" -name '*.[ch]'
    done
    find src/java.base/*/native/include src/hotspot -name '*.h'
    echo LICENSE
  } | grep -Ev '^src/[^/]*/(windows|macosx|aix)/' | LC_ALL=C sort -u
}

# The static libraries: name, module, folder of the C source, more macros.
libraries=(
  "java java.base libjava"
  "net java.base libnet"
  "nio java.base libnio"
  "zip java.base libzip -DUSE_MMAP"
  "verify java.base libverify"
  "management java.management libmanagement"
  "management_ext jdk.management libmanagement_ext"
  "prefs java.prefs libprefs"
  "rmi java.rmi librmi"
  "extnet jdk.net libextnet"
)
modules=(java.base java.management jdk.management java.prefs java.rmi jdk.net)

# The headers of the JDK that is here: javac -h over the sources with native methods or constants for C.
make_headers() {
  say "headers of the JDK's native methods: javac -h"
  local module file
  mkdir "$work/headers" "$work/java"
  for module in "${modules[@]}"; do
    unzip_java "$module"
    (cd "$work/java/$module" && { grep -rlE --include='*.java' '^[^*/]*\bnative\b|@Native' . || true; }) >"$work/with-natives"
    mkdir -p "$work/only/$module" "$work/classes"
    (cd "$work/java/$module" && xargs -a "$work/with-natives" cp --parents -t "$work/only/$module")
    find "$work/only/$module" -name '*.java' -printf '"%p"\n' >"$work/sources" # quoted: blanks in the cache's name
    quietly "javac -h for $module" "$jdk/bin/javac" -nowarn -proc:none -implicit:none --patch-module "$module=$work/only/$module" \
      -h "$work/headers" -d "$work/classes" "@$work/sources"
  done
  for file in java_lang_System.h java_net_SocketOptions.h sun_nio_fs_UnixNativeDispatcher.h; do
    [[ -s $work/headers/$file ]] || fail "javac -h made no $file from $jdk/lib/src.zip"
  done
}

unzip_java() {
  mkdir -p "$work/java"
  # The jar tool of the JDK unpacks src.zip everywhere; it unpacks to the current folder.
  (cd "$work/java" && "$jdk/bin/jar" -xf "$jdk/lib/src.zip" "$1/") || fail "could not unpack $1 of $jdk/lib/src.zip"
}

# Compiles the JDK's C source into the static libraries that the builder links.
make_libraries() {
  say "the JDK's static libraries: gcc"
  local version interim update patch
  version=$(sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$jdk/release")
  IFS=. read -r _ interim update patch <<<"$version"
  local flags=(-std=gnu11 -O2 -fPIC -ffunction-sections -fdata-sections -fno-strict-aliasing -w
    -Werror=implicit-function-declaration -Werror=int-conversion -Werror=incompatible-pointer-types
    "-ffile-prefix-map=$work=."
    -DSTATIC_BUILD=1 -D_GNU_SOURCE -D_REENTRANT -D_LARGEFILE64_SOURCE -DLINUX -D_LITTLE_ENDIAN -D_LP64=1 -Damd64
    '-DARCH="amd64"' '-DARCHPROPNAME="amd64"' -DNDEBUG
    "-DVERSION_FEATURE=$jdk_feature" "-DVERSION_INTERIM=${interim:-0}" "-DVERSION_UPDATE=${update:-0}" "-DVERSION_PATCH=${patch:-0}"
    -DVERSION_EXTRA1=0 -DVERSION_EXTRA2=0 -DVERSION_EXTRA3=0 -DVERSION_BUILD=0 "-DVERSION_STRING=\"$version\"")
  local common=(-I "$work/headers") folder
  for folder in "$work"/source/src/java.base/{share,unix,linux}/native/{include,libjava,libnet,libnio,libnio/ch,libnio/fs,libzip,libverify} \
    "$work"/source/src/hotspot/share/include "$work"/source/src/hotspot/os/posix/include; do
    [[ ! -d $folder ]] || common+=(-I "$folder")
  done
  common+=(-I "$jdk/include" -I "$jdk/include/linux")
  # fstatat0 has another type in 26: compiled under another name, without 25's declaration; jdk25.c joins them.
  mkdir "$work/headers-25"
  sed '/fstatat0/,/;/d' "$work/headers/sun_nio_fs_UnixNativeDispatcher.h" >"$work/headers-25/sun_nio_fs_UnixNativeDispatcher.h"

  mkdir -p "$work/objects" "$work/static"
  local library name module source more
  for library in "${libraries[@]}"; do
    read -r name module folder more <<<"$library"
    mkdir "$work/objects/$name"
    local own=("-DLIBRARY_NAME=$name")
    [[ -z $more ]] || own+=("$more")
    for source in "$work/source/src/$module"/{share,unix,linux}/native/"$folder"; do
      [[ ! -d $source ]] || own+=(-I "$source")
    done
    while read -r source; do
      source=$work/source/$source
      case $source in
        */libjava/Class.c | */libjava/ConstantPool.c) continue ;; # natives that an image has as Java code
        */UnixNativeDispatcher.c)
          set -- -I "$work/headers-25" -DJava_sun_nio_fs_UnixNativeDispatcher_fstatat0=Java_sun_nio_fs_UnixNativeDispatcher_fstatat0_of_26
          ;;
        *) set -- ;;
      esac
      printf '%s\0' "$@" "${flags[@]}" "${own[@]}" "${common[@]}" -c "$source" -o "$work/objects/$name/$(basename "$source" .c).o" \
        >"$work/objects/$name/$(basename "$source" .c).arguments"
    done < <(cd "$work/source" && jdk_files | grep "^src/$module/[a-z]*/native/$folder/.*\.c$")
  done
  printf '%s\0' "${flags[@]}" -DLIBRARY_NAME=nio "${common[@]}" -c "$here/glue/jdk25.c" -o "$work/objects/nio/jdk25.o" \
    >"$work/objects/nio/jdk25.arguments"

  # shellcheck disable=SC2016 # sh's own argument
  find "$work/objects" -name '*.arguments' -print0 | xargs -0 -n 1 -P "$(nproc)" sh -c 'xargs -0 gcc <"$1"' sh >"$log" 2>&1 9>&- || {
    { grep -iE 'error' "$log" || tail -n 20 "$log"; } | sed -n 1,20p >&2
    fail "the JDK's C source does not fit the JDK in $jdk (see above)"
  }
  for library in "${libraries[@]}"; do
    name=${library%% *}
    archive_of "$work/static/lib$name.a" "$work/objects/$name"/*.o
  done
}

# D: no times and owners in the archive.
archive_of() {
  ar rcsD "$@" || fail "ar failed"
}

# The natives that the headers declare and no library has must be exactly those that were reviewed.
check_natives() {
  say "checking that no native method is missing"
  grep -hoE '\bJava_[A-Za-z0-9_]+' "$work"/headers/*.h | LC_ALL=C sort -u >"$work/declared"
  nm --defined-only "$work"/static/*.a 2>"$log" | awk '$3 ~ /^Java_/ { print $3 }' | LC_ALL=C sort -u >"$work/defined" \
    || fail "nm failed: $(tail -n 1 "$log")"
  LC_ALL=C comm -23 "$work/declared" "$work/defined" >"$work/absent"
  if $review; then
    {
      sed -n '/^#/p' "$here/natives-of-the-image"
      cat "$work/absent"
    } >"$work/reviewed"
    cp "$work/reviewed" "$here/natives-of-the-image"
    say "wrote natives-of-the-image"
    return 0
  fi
  local unexpected
  unexpected=$(grep -v '^#' "$here/natives-of-the-image" | LC_ALL=C sort | LC_ALL=C comm -13 - "$work/absent")
  [[ -z $unexpected ]] || fail "native methods of $jdk that no C source here has: $(tr '\n' ' ' <<<"$unexpected")"
}
