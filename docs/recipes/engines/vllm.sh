#!/usr/bin/env bash
# Gets a model and starts vLLM with it:
#
#   vllm.sh ORG/MODEL[@REV] [ARGUMENT of vllm serve]...
#
# SYNC_OPTIONS: more for exo-dl sync, such as '--cluster=lab --wait-for 4'. RETRY_SECONDS: between two tries, 30 unless given.
set -euo pipefail

if (($# == 0)); then
  echo "usage: ${0##*/} ORG/MODEL[@REV] [ARGUMENT of vllm serve]..." >&2
  exit 2
fi
repo=$1
shift
read -ra options <<<"${SYNC_OPTIONS:-}"

# stdout is the snapshot's path and nothing else. 12 is the network, 15 the cluster: those pass, and it goes on where it was.
until model=$(exo-dl sync "$repo" "${options[@]}"); do
  code=$?
  case $code in
    12 | 15) sleep "${RETRY_SECONDS:-30}" ;;
    *) exit "$code" ;;
  esac
done

# All of it is here: nothing that vLLM loads has to ask the hub.
export HF_HUB_OFFLINE=1
exec vllm serve "$model" --served-model-name "${repo%@*}" "$@"
