#!/usr/bin/env bash
# Puts models where exo looks for them, then starts exo, which finds them without downloading:
#
#   exo.sh ORG/MODEL[@REV]... [-- ARGUMENT of exo...]
#
# Where that is exo's own variables say: EXO_DEFAULT_MODELS_DIR, EXO_MODELS_DIRS and others (docs/reuse.md).
# SYNC_OPTIONS: more for exo-dl sync, such as '--cluster=lab --wait-for 4'. RETRY_SECONDS: between two tries, 30 unless given.
set -euo pipefail

if (($# == 0)) || [[ $1 == -- ]]; then
  echo "usage: ${0##*/} ORG/MODEL[@REV]... [-- ARGUMENT of exo...]" >&2
  exit 2
fi
read -ra options <<<"${SYNC_OPTIONS:-}"

while (($#)); do
  repo=$1
  shift
  [[ $repo != -- ]] || break
  # 12 is the network, 15 the cluster: those pass, and it goes on where it was.
  until model=$(exo-dl sync "$repo" --layout exo "${options[@]}"); do
    code=$?
    case $code in
      12 | 15) sleep "${RETRY_SECONDS:-30}" ;;
      *) exit "$code" ;;
    esac
  done
  echo "${0##*/}: $repo is in $model" >&2
done

export EXO_OFFLINE=${EXO_OFFLINE:-true}
exec exo "$@"
