# Completion of exo-dl for bash; made by `exo-dl completion bash`.
# Load it from ~/.bashrc, or put it into ~/.local/share/bash-completion/completions as exo-dl.

# Lists are words with blanks between them, none of which is a pattern.
# shellcheck disable=SC2086,SC2206

# What can follow a command: verbs (commands below it), options, wants (one word for each argument).
_exo_dl_place() {
  verbs='' options='' wants=''
  case $place in
    '')
      verbs='sync verify cache plan preload export import serve status cluster demo doctor completion help'
      options='-h --help -V --version'
      ;;
    'sync')
      options='-h --help --repo-type --revision --include --exclude --cache-dir --cache-path --local-dir --layout --layers --shard --split --memory --then-complete --on-shard-ready --with-shared --shard-form --endpoint --token --offline --force --dry-run --max-connections --max-rate --min-free-space --reuse --no-reuse --link --cluster --bind --peers --discovery --cluster-key --encrypt --zone --max-lan-rate --cluster-max-rate --strategy --wait-for --wait --linger --json -q --quiet -v --verbose --progress'
      wants='repo text...'
      ;;
    'verify')
      options='-h --help --repo-type --revision --cache-dir --cache-path --local-dir --endpoint --token --offline --json -q --quiet -v --verbose --progress'
      wants='repo'
      ;;
    'cache')
      verbs='ls rm prune'
      options='-h --help'
      ;;
    'cache ls')
      options='-h --help --cache-dir --cache-path --json -q --quiet -v --verbose'
      ;;
    'cache rm')
      options='-h --help --repo-type --cache-dir --cache-path --dry-run -y --yes --json -q --quiet -v --verbose'
      wants='repo...'
      ;;
    'cache prune')
      options='-h --help --cache-dir --cache-path --dry-run -y --yes --json -q --quiet -v --verbose'
      ;;
    'plan')
      options='-h --help --nodes --strategy --wan --lan --split --memory --repo-type --revision --include --exclude --cache-dir --cache-path --endpoint --token --offline --json -q --quiet -v --verbose'
      wants='repo'
      ;;
    'preload')
      options='-h --help --lock --locked --cache-dir --cache-path --endpoint --token --offline --json -q --quiet -v --verbose --progress'
      wants='path'
      ;;
    'export')
      options='-h --help -o --output --repo-type --revision --include --exclude --cache-dir --cache-path --json -q --quiet -v --verbose --progress'
      wants='repo'
      ;;
    'import')
      options='-h --help --cache-dir --cache-path --min-free-space --json -q --quiet -v --verbose --progress'
      wants='path'
      ;;
    'serve')
      options='-h --help --cache-dir --cache-path --cluster --bind --peers --discovery --cluster-key --encrypt --zone --max-lan-rate --cluster-max-rate --endpoint --token --offline --json -q --quiet -v --verbose'
      ;;
    'status')
      options='-h --help --watch --cluster --bind --peers --discovery --cluster-key --wait --json -q --quiet -v --verbose'
      ;;
    'cluster')
      verbs='keygen'
      options='-h --help'
      ;;
    'cluster keygen')
      options='-h --help --json -q --quiet -v --verbose'
      wants='path'
      ;;
    'demo')
      options='-h --help --model-size --nodes --keep --json -q --quiet -v --verbose --progress'
      ;;
    'doctor')
      options='-h --help --cache-dir --cache-path --endpoint --token --offline --json -q --quiet -v --verbose'
      ;;
    'completion')
      options='-h --help'
      wants='bash,zsh,fish'
      ;;
    'help')
      options='-h --help'
      wants='sync,verify,cache,plan,preload,export,import,serve,status,cluster,demo,doctor,completion,help'
      ;;
  esac
}

# What the value of an option is: fails when it has none.
_exo_dl_wanted() {
  wanted=''
  case $1 in
    --repo-type)
      wanted=model,dataset,space
      ;;
    --revision | --include | --exclude | --cache-path | --layers | --shard | --memory | --on-shard-ready | --endpoint | --token | --max-connections | --max-workers | --max-rate | --min-free-space | --bind | --peers | --discovery | --zone | --max-lan-rate | --cluster-max-rate | --wait-for | --wait | --linger | --nodes | --wan | --lan | --model-size)
      wanted=text
      ;;
    --cache-dir | --local-dir | --reuse | --keep)
      wanted=folder
      ;;
    --layout)
      wanted=hf,exo,dir
      ;;
    --split)
      wanted=equal,bytes,memory
      ;;
    --shard-form)
      wanted=files,ranges,repack
      ;;
    --link)
      wanted=auto,reflink,hard,copy
      ;;
    --cluster-key | -o | --output)
      wanted=path
      ;;
    --strategy)
      wanted=swarm,leader,independent
      ;;
    --progress)
      wanted=auto,bar,plain,json,none
      ;;
    *) return 1 ;;
  esac
}

# The words up to the cursor, as the program will get them. Readline breaks a@b and --a=b apart.
_exo_dl_words() {
  local line=${COMP_LINE:0:COMP_POINT} i piece glued
  for ((i = 0; i <= COMP_CWORD; i++)); do
    glued=yes
    if ((i == 0)) || [[ $line == [[:blank:]]* ]]; then glued=''; fi
    line=${line#"${line%%[![:blank:]]*}"}
    piece=${COMP_WORDS[i]}
    if ((i == COMP_CWORD)); then piece=$line; fi
    line=${line#"$piece"}
    piece=${piece//[\"\'\\]/}
    if [[ -n $glued ]]; then
      words[${#words[@]}-1]+=$piece
    else
      words+=("$piece")
    fi
  done
}

# Which command is meant, how many arguments it has, which option waits for its value.
_exo_dl_walk() {
  local i word verbs options wants
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    word=${words[i]}
    if [[ -n $option ]]; then
      option=''
    elif [[ -z $ended && $word == -- ]]; then
      ended=yes
    elif [[ -z $ended && $word == -* ]]; then
      if _exo_dl_wanted "$word"; then option=$word; fi
    else
      _exo_dl_place
      if [[ -n $word && " $verbs " == *" $word "* ]]; then
        place=${place:+$place }$word
      else
        ((arguments += 1))
      fi
    fi
  done
}

# Offers those words that begin with what is typed: LEAD, then the words.
_exo_dl_offer() {
  local lead=$1 candidate
  shift
  for candidate; do
    candidate=$lead$candidate
    if [[ $candidate == "$word"* ]]; then COMPREPLY+=("${candidate#"$replaced"}"); fi
  done
}

# Folders (d) or files too (f): which, then what stands before them in the same word.
_exo_dl_paths() {
  local found
  while IFS= read -r found; do
    _exo_dl_offer "$2" "$found"
  done < <(compgen "-$1" -- "${word#"$2"}")
  compopt -o filenames 2>/dev/null
}

# Only the program knows what its cache holds.
_exo_dl_repos() {
  local program=exo-dl repo
  case ${words[0]} in
    /*) program=${words[0]} ;;
    \~/*) program=$HOME/${words[0]#*/} ;;
  esac
  while IFS= read -r repo; do
    _exo_dl_offer '' "$repo"
  done < <(command "$program" __complete repos "$word" "${words[@]:0:${#words[@]}-1}" 2>/dev/null </dev/null)
}

# A value: WANTED, then what stands before it in the same word.
_exo_dl_value() {
  case $1 in
    folder) _exo_dl_paths d "$2" ;;
    path) _exo_dl_paths f "$2" ;;
    repo) _exo_dl_repos ;;
    text) ;;
    *) _exo_dl_offer "$2" ${1//,/ } ;;
  esac
}

_exo_dl() {
  local -a words=() each
  local IFS=$' \t\n'
  local place='' option='' ended='' arguments=0
  local verbs options wants wanted word replaced=''
  COMPREPLY=()
  _exo_dl_words
  _exo_dl_walk
  _exo_dl_place
  word=${words[${#words[@]}-1]}
  # Readline replaces only what follows its last break.
  if [[ $word == *"$2" ]]; then replaced=${word%"$2"}; fi
  if [[ -n $option ]]; then
    _exo_dl_wanted "$option"
    _exo_dl_value "$wanted" ''
  elif [[ -z $ended && $word == -*=* ]]; then
    if _exo_dl_wanted "${word%%=*}"; then _exo_dl_value "$wanted" "${word%%=*}="; fi
  elif [[ -z $ended && $word == -* ]]; then
    _exo_dl_offer '' $options
  elif [[ -n $verbs ]]; then
    if ((arguments == 0)); then _exo_dl_offer '' $verbs; fi
  else
    each=($wants)
    # The last argument may be one that takes the rest.
    if ((arguments >= ${#each[@]} && ${#each[@]} > 0)) && [[ $wants == *... ]]; then
      arguments=$((${#each[@]} - 1))
    fi
    wanted=${each[arguments]-text}
    _exo_dl_value "${wanted%...}" ''
  fi
  return 0
}

complete -F _exo_dl exo-dl
