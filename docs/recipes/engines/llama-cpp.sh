#!/usr/bin/env bash
# Gets one GGUF of a repo, in one file or in parts, and starts llama-server with it:
#
#   llama-cpp.sh ORG/MODEL-GGUF[@REV] PATTERN [ARGUMENT of llama-server]...
#
# PATTERN chooses it, such as '*Q4_K_M*.gguf'. SYNC_OPTIONS: more for exo-dl sync, such as '--cluster=lab --wait-for 4'.
# RETRY_SECONDS: between two tries, 30 unless given.
set -euo pipefail

if (($# < 2)); then
  echo "usage: ${0##*/} ORG/MODEL-GGUF[@REV] PATTERN [ARGUMENT of llama-server]..." >&2
  exit 2
fi
repo=$1
pattern=$2
shift 2
read -ra options <<<"${SYNC_OPTIONS:-}"

# stdout is the snapshot's path and nothing else. 12 is the network, 15 the cluster: those pass, and it goes on where it was.
until snapshot=$(exo-dl sync "$repo" --include "$pattern" "${options[@]}"); do
  code=$?
  case $code in
    12 | 15) sleep "${RETRY_SECONDS:-30}" ;;
    *) exit "$code" ;;
  esac
done

# Earlier runs may have left other files in the snapshot. Of parts llama.cpp wants the first, and finds the others beside it.
models=()
while IFS= read -r file; do
  # shellcheck disable=SC2053 # a pattern
  [[ $file == $pattern ]] || continue
  case ${file##*/} in
    mmproj*) ;;
    *-00001-of-*.gguf) models+=("$file") ;;
    *-of-[0-9][0-9][0-9][0-9][0-9].gguf) ;;
    *.gguf) models+=("$file") ;;
  esac
done < <(cd "$snapshot" && find -L . -type f | sed 's,^\./,,' | LC_ALL=C sort)
if ((${#models[@]} != 1)); then
  echo "${0##*/}: $pattern stands for ${#models[@]} models in $repo, not for one: ${models[*]-}" >&2
  exit 2
fi

# All of it is here: nothing is to be fetched.
export LLAMA_ARG_OFFLINE=1
exec llama-server --model "$snapshot/${models[0]}" --alias "${repo%@*}" "$@"
