#!/bin/sh
# Runs exo-dl on a small disk that something else fills meanwhile. To be run by `unshare -m`, so that the mounts
# are nobody else's and end with this process.
#   full-disk.sh FOLDER EXO-DL REPO
# What each step answers goes to files in FOLDER.
set -eu
folder=$1 program=$2 repo=$3
disk=$folder/disk

mkdir "$disk"
mount -t tmpfs -o size=160m none "$disk"

# How much of the download is on the disk by now: its file is sparse.
arrived() { du -sm "$disk/cache" 2>/dev/null | cut -f1; }

"$program" sync "$repo" --cache-dir "$disk/cache" --min-free-space 0 --max-rate 30MiB --progress none \
  >"$folder/full.out" 2>"$folder/full.err" &
run=$!
tries=0
until [ "$(arrived)" -ge 16 ] 2>/dev/null; do
  tries=$((tries + 1))
  if [ "$tries" -gt 1200 ] || ! kill -0 "$run" 2>/dev/null; then
    cat "$folder/full.err" >&2
    exit 90
  fi
  sleep 0.05
done
# Ends with an error, as it is meant to.
head -c 300m /dev/zero >"$disk/filler" 2>/dev/null || true
code=0
wait "$run" || code=$?
echo "$code" >"$folder/full.code"

# Not enough room to begin with is told before the first byte.
code=0
"$program" sync "$repo" --cache-dir "$disk/cache" --progress none >"$folder/before.out" 2>"$folder/before.err" || code=$?
echo "$code" >"$folder/before.code"

rm "$disk/filler"
mount -o remount,size=320m "$disk"
code=0
"$program" sync "$repo" --cache-dir "$disk/cache" --progress none --json >"$folder/again.out" 2>"$folder/again.err" || code=$?
echo "$code" >"$folder/again.code"
for file in "$disk"/cache/models--*/snapshots/*/*; do
  sha256sum <"$file" >"$folder/again.sha256"
done

mount -o remount,ro "$disk"
code=0
"$program" sync "$repo" --local-dir "$disk/plain" --cache-dir "$disk/none" 2>"$folder/usage.err" || code=$?
echo "$code" >"$folder/usage.code"
code=0
"$program" sync "$repo" --cache-dir "$disk/other" --progress none >"$folder/readonly.out" 2>"$folder/readonly.err" || code=$?
echo "$code" >"$folder/readonly.code"
