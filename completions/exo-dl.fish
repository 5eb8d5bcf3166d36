# Completion of exo-dl for fish; made by `exo-dl completion fish`.
# Put it into ~/.config/fish/completions as exo-dl.fish.

# Which command is typed, and how many arguments it has: "cache rm 1".
function __exo_dl_place
    set -l place ''
    set -l arguments 0
    set -l skip no
    set -l ended no
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        if test $skip = yes
            set skip no
        else if test $ended = yes
            set arguments (math $arguments + 1)
        else
            switch $word
                case --
                    set ended yes
                case --repo-type --revision --include --exclude --cache-dir --cache-path --local-dir --layout --layers --shard --split --memory --on-shard-ready --shard-form --endpoint --token --max-connections --max-workers --max-rate --min-free-space --reuse --link --bind --peers --discovery --cluster-key --zone --max-lan-rate --cluster-max-rate --strategy --wait-for --wait --linger --progress --nodes --wan --lan -o --output --model-size --keep
                    set skip yes
                case '-*'
                case '*'
                    switch "$place/$word"
                        case '/sync' '/verify' '/cache' '/plan' '/preload' '/export' '/import' '/serve' '/status' '/cluster' '/demo' '/doctor' '/completion' '/help' 'cache/ls' 'cache/rm' 'cache/prune' 'cluster/keygen'
                            set place (string trim -- "$place $word")
                        case '*'
                            set arguments (math $arguments + 1)
                    end
            end
        end
    end
    string trim -- "$place $arguments"
end

# Whether this command is typed: succeeds for all its arguments, or for the one with this number.
function __exo_dl_in -a command number
    set -l typed (__exo_dl_place)
    set -l wanted (string trim -- "$command $number")
    if test -n "$number"
        test "$typed" = "$wanted"
    else
        test (string replace -r ' ?[0-9]+$' '' -- "$typed") = "$wanted"
    end
end

# Only the program knows what its cache holds.
function __exo_dl_repos
    set -l typed (commandline -opc)
    set -l word (commandline -ct | string unescape)
    set -l program exo-dl
    switch "$typed[1]"
        case '/*'
            set program $typed[1]
        case '~/*'
            set program $HOME(string sub -s 2 -- $typed[1])
    end
    # Fish would say that there is no such command, whatever stderr is.
    command -q $program; or return
    command $program __complete repos "$word" $typed 2>/dev/null </dev/null
end

# In "--cache-dir=x" only x names a folder.
function __exo_dl_folders
    __fish_complete_directories (commandline -ct | string replace -r -- '^-[^=]*=' '')
end

complete -c exo-dl -f

# exo-dl
complete -c exo-dl -n '__exo_dl_in "" 0' -a sync -d 'Download a repo, or files of it: resumes, verifies, prints the path'
complete -c exo-dl -n '__exo_dl_in "" 0' -a verify -d 'Read what is here and compare it with the hub\'s hashes'
complete -c exo-dl -n '__exo_dl_in "" 0' -a cache -d 'See what the Hugging Face cache holds, and make room'
complete -c exo-dl -n '__exo_dl_in "" 0' -a plan -d 'Show what a sync by several nodes would do, without a cluster'
complete -c exo-dl -n '__exo_dl_in "" 0' -a preload -d 'Have all models of a list here: before a cluster starts, or in an image'
complete -c exo-dl -n '__exo_dl_in "" 0' -a export -d 'Put a snapshot of the cache into one file, for a network without internet'
complete -c exo-dl -n '__exo_dl_in "" 0' -a import -d 'Put the snapshot of an exported file into the cache: resumes, verifies, prints the path'
complete -c exo-dl -n '__exo_dl_in "" 0' -a serve -d 'Share what the cache holds with the nodes of a cluster, until stopped'
complete -c exo-dl -n '__exo_dl_in "" 0' -a status -d 'Show the nodes of a cluster and how far each is'
complete -c exo-dl -n '__exo_dl_in "" 0' -a cluster -d 'Prepare what the nodes of a cluster share'
complete -c exo-dl -n '__exo_dl_in "" 0' -a demo -d 'Show a whole download: a demo hub and a cluster of nodes on this machine'
complete -c exo-dl -n '__exo_dl_in "" 0' -a doctor -d 'See whether downloads can work here, and what each setting is and why'
complete -c exo-dl -n '__exo_dl_in "" 0' -a completion -d 'Print what makes Tab complete commands, options and cached repos in a shell'
complete -c exo-dl -n '__exo_dl_in "" 0' -a help -d 'Display help information about the specified command'
complete -c exo-dl -n '__exo_dl_in ""' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in ""' -s V -l version -d 'Show the version'

# exo-dl sync
complete -c exo-dl -n '__exo_dl_in "sync"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "sync"' -l repo-type -x -a 'model dataset space' -d 'model, dataset or space'
complete -c exo-dl -n '__exo_dl_in "sync"' -l revision -x -d 'Branch, tag, commit or ref'
complete -c exo-dl -n '__exo_dl_in "sync"' -l include -x -d 'Only files that match; may be repeated'
complete -c exo-dl -n '__exo_dl_in "sync"' -l exclude -x -d 'No files that match; may be repeated'
complete -c exo-dl -n '__exo_dl_in "sync"' -l cache-dir -x -a '(__exo_dl_folders)' -d 'Cache to use'
complete -c exo-dl -n '__exo_dl_in "sync"' -l cache-path -x -d 'Caches to look into, with colons between them: the first that can be written to receives; DIR=ro is only read'
complete -c exo-dl -n '__exo_dl_in "sync"' -l local-dir -x -a '(__exo_dl_folders)' -d 'Put plain files there instead of into the cache'
complete -c exo-dl -n '__exo_dl_in "sync"' -l layout -x -a 'hf exo dir' -d 'hf: the cache; dir: plain files in --local-dir; exo: in ORG--NAME among exo\'s models, or in --local-dir'
complete -c exo-dl -n '__exo_dl_in "sync"' -l layers -x -d 'Only what these layers need, for example 0-15 or 0-7,12,embed,head'
complete -c exo-dl -n '__exo_dl_in "sync"' -l shard -x -d 'Only what share K of N needs; each share has as many layers'
complete -c exo-dl -n '__exo_dl_in "sync"' -l split -x -a 'equal bytes memory' -d 'With --cluster: the coordinator deals the layers out to the nodes: equal, bytes, or memory'
complete -c exo-dl -n '__exo_dl_in "sync"' -l memory -x -d 'With --split memory: what this node has, for example 64GiB'
complete -c exo-dl -n '__exo_dl_in "sync"' -l then-complete -d 'With --layers, --shard or --split: these layers first, then the rest'
complete -c exo-dl -n '__exo_dl_in "sync"' -l on-shard-ready -x -d 'Run CMD by sh when the files of this node\'s layers are here, verified'
complete -c exo-dl -n '__exo_dl_in "sync"' -l with-shared -d 'With --layers, --shard or --split: also all that belongs to no layer'
complete -c exo-dl -n '__exo_dl_in "sync"' -l shard-form -x -a 'files ranges repack' -d 'files: whole weight files that hold something needed; in --local-dir also ranges: only the needed bytes, or repack: new files of these'
complete -c exo-dl -n '__exo_dl_in "sync"' -l endpoint -x -d 'The hub or a mirror'
complete -c exo-dl -n '__exo_dl_in "sync"' -l token -x -d 'Token for private and gated repos'
complete -c exo-dl -n '__exo_dl_in "sync"' -l offline -d 'No network at all: only what is on this machine'
complete -c exo-dl -n '__exo_dl_in "sync"' -l force -d 'Fetch again also what is here'
complete -c exo-dl -n '__exo_dl_in "sync"' -l dry-run -d 'Say what would be fetched; write nothing'
complete -c exo-dl -n '__exo_dl_in "sync"' -l max-connections -x -d 'Most connections at once'
complete -c exo-dl -n '__exo_dl_in "sync"' -l max-rate -x -d 'Most bytes a second, for example 50MB or 4MiB'
complete -c exo-dl -n '__exo_dl_in "sync"' -l min-free-space -x -d 'What has to stay free on the disk'
complete -c exo-dl -n '__exo_dl_in "sync"' -l reuse -x -a '(__exo_dl_folders)' -d 'Look for content below it before fetching any; may be repeated'
complete -c exo-dl -n '__exo_dl_in "sync"' -l no-reuse -d 'Do not look into what other programs keep on this machine, such as Ollama, LM Studio and exo'
complete -c exo-dl -n '__exo_dl_in "sync"' -l link -x -a 'auto reflink hard copy' -d 'How what is found comes here: auto, reflink, hard (links) or copy'
complete -c exo-dl -n '__exo_dl_in "sync"' -l cluster -d 'Be in the cluster of this name'
complete -c exo-dl -n '__exo_dl_in "sync"' -l bind -x -d 'Listen there only: an address or interface, with :PORT or not'
complete -c exo-dl -n '__exo_dl_in "sync"' -l peers -x -d 'Ask these nodes, HOST[:PORT],.'
complete -c exo-dl -n '__exo_dl_in "sync"' -l discovery -x -d 'multicast, multicast:GROUP[:PORT], dns:NAME[:PORT] or file:FOLDER'
complete -c exo-dl -n '__exo_dl_in "sync"' -l cluster-key -r -F -d 'File of \'exo-dl cluster keygen\', the same on all nodes; others are refused'
complete -c exo-dl -n '__exo_dl_in "sync"' -l encrypt -d 'Chunks by TLS only, with the cluster\'s key: take none from nodes without --encrypt'
complete -c exo-dl -n '__exo_dl_in "sync"' -l zone -x -d 'Where this node is; chunks come from nodes of the same zone first'
complete -c exo-dl -n '__exo_dl_in "sync"' -l max-lan-rate -x -d 'Most bytes a second to other nodes, and as many from them'
complete -c exo-dl -n '__exo_dl_in "sync"' -l cluster-max-rate -x -d 'Most bytes a second from the hub, of all nodes together; the coordinator\'s counts'
complete -c exo-dl -n '__exo_dl_in "sync"' -l strategy -x -a 'swarm leader independent' -d 'Who fetches from the hub: swarm (each a part), leader (one), independent (each all)'
complete -c exo-dl -n '__exo_dl_in "sync"' -l wait-for -x -d 'Begin when N nodes are here, this one counted'
complete -c exo-dl -n '__exo_dl_in "sync"' -l wait -x -d 'Fail when they are not here by then'
complete -c exo-dl -n '__exo_dl_in "sync"' -l linger -x -d 'Serve on until all have what they want and this much longer, or forever or never'
complete -c exo-dl -n '__exo_dl_in "sync"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "sync"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "sync"' -s v -l verbose -d 'Tell more; -vv also stack traces'
complete -c exo-dl -n '__exo_dl_in "sync"' -l progress -x -a 'auto bar plain json none' -d 'auto, bar, plain, json or none'
complete -c exo-dl -n '__exo_dl_in "sync" 0' -a '(__exo_dl_repos)' -d 'in the cache'

# exo-dl verify
complete -c exo-dl -n '__exo_dl_in "verify"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "verify"' -l repo-type -x -a 'model dataset space' -d 'model, dataset or space'
complete -c exo-dl -n '__exo_dl_in "verify"' -l revision -x -d 'Branch, tag, commit or ref'
complete -c exo-dl -n '__exo_dl_in "verify"' -l cache-dir -x -a '(__exo_dl_folders)' -d 'Cache to use'
complete -c exo-dl -n '__exo_dl_in "verify"' -l cache-path -x -d 'Caches to look into, with colons between them: the first that can be written to receives; DIR=ro is only read'
complete -c exo-dl -n '__exo_dl_in "verify"' -l local-dir -x -a '(__exo_dl_folders)' -d 'Verify the plain files there instead of the cache'
complete -c exo-dl -n '__exo_dl_in "verify"' -l endpoint -x -d 'The hub or a mirror'
complete -c exo-dl -n '__exo_dl_in "verify"' -l token -x -d 'Token for private and gated repos'
complete -c exo-dl -n '__exo_dl_in "verify"' -l offline -d 'No network at all: only what is on this machine'
complete -c exo-dl -n '__exo_dl_in "verify"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "verify"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "verify"' -s v -l verbose -d 'Tell more; -vv also stack traces'
complete -c exo-dl -n '__exo_dl_in "verify"' -l progress -x -a 'auto bar plain json none' -d 'auto, bar, plain, json or none'
complete -c exo-dl -n '__exo_dl_in "verify" 0' -a '(__exo_dl_repos)' -d 'in the cache'

# exo-dl cache
complete -c exo-dl -n '__exo_dl_in "cache" 0' -a ls -d 'List the repos in the cache, with what they take on the disk'
complete -c exo-dl -n '__exo_dl_in "cache" 0' -a rm -d 'Delete repos, or revisions of them, from the cache'
complete -c exo-dl -n '__exo_dl_in "cache" 0' -a prune -d 'Delete what nothing leads to: old revisions, unused blobs, abandoned downloads'
complete -c exo-dl -n '__exo_dl_in "cache"' -s h -l help -d 'Show this help'

# exo-dl cache ls
complete -c exo-dl -n '__exo_dl_in "cache ls"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "cache ls"' -l cache-dir -x -a '(__exo_dl_folders)' -d 'Cache to use'
complete -c exo-dl -n '__exo_dl_in "cache ls"' -l cache-path -x -d 'Caches to look into, with colons between them: the first that can be written to receives; DIR=ro is only read'
complete -c exo-dl -n '__exo_dl_in "cache ls"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "cache ls"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "cache ls"' -s v -l verbose -d 'Tell more; -vv also stack traces'

# exo-dl cache rm
complete -c exo-dl -n '__exo_dl_in "cache rm"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "cache rm"' -l repo-type -x -a 'model dataset space' -d 'model, dataset or space'
complete -c exo-dl -n '__exo_dl_in "cache rm"' -l cache-dir -x -a '(__exo_dl_folders)' -d 'Cache to use'
complete -c exo-dl -n '__exo_dl_in "cache rm"' -l cache-path -x -d 'Caches to look into, with colons between them: the first that can be written to receives; DIR=ro is only read'
complete -c exo-dl -n '__exo_dl_in "cache rm"' -l dry-run -d 'Only say what would be deleted'
complete -c exo-dl -n '__exo_dl_in "cache rm"' -s y -l yes -d 'Do not ask'
complete -c exo-dl -n '__exo_dl_in "cache rm"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "cache rm"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "cache rm"' -s v -l verbose -d 'Tell more; -vv also stack traces'
complete -c exo-dl -n '__exo_dl_in "cache rm"' -a '(__exo_dl_repos)' -d 'in the cache'

# exo-dl cache prune
complete -c exo-dl -n '__exo_dl_in "cache prune"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "cache prune"' -l cache-dir -x -a '(__exo_dl_folders)' -d 'Cache to use'
complete -c exo-dl -n '__exo_dl_in "cache prune"' -l cache-path -x -d 'Caches to look into, with colons between them: the first that can be written to receives; DIR=ro is only read'
complete -c exo-dl -n '__exo_dl_in "cache prune"' -l dry-run -d 'Only say what would be deleted'
complete -c exo-dl -n '__exo_dl_in "cache prune"' -s y -l yes -d 'Do not ask'
complete -c exo-dl -n '__exo_dl_in "cache prune"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "cache prune"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "cache prune"' -s v -l verbose -d 'Tell more; -vv also stack traces'

# exo-dl plan
complete -c exo-dl -n '__exo_dl_in "plan"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "plan"' -l nodes -x -d 'How many nodes there are'
complete -c exo-dl -n '__exo_dl_in "plan"' -l strategy -x -a 'swarm leader independent' -d 'Who fetches from the hub: swarm, leader or independent'
complete -c exo-dl -n '__exo_dl_in "plan"' -l wan -x -d 'Bytes a second from the hub to all nodes together, for example 125MB'
complete -c exo-dl -n '__exo_dl_in "plan"' -l lan -x -d 'Bytes a second of each node\'s link to the others, for example 1.25GB'
complete -c exo-dl -n '__exo_dl_in "plan"' -l split -x -a 'equal bytes memory' -d 'Also deal out the model\'s layers: equal, bytes, or memory'
complete -c exo-dl -n '__exo_dl_in "plan"' -l memory -x -d 'For --split memory: what each node has, in order, for example 64GiB,32GiB'
complete -c exo-dl -n '__exo_dl_in "plan"' -l repo-type -x -a 'model dataset space' -d 'model, dataset or space'
complete -c exo-dl -n '__exo_dl_in "plan"' -l revision -x -d 'Branch, tag, commit or ref'
complete -c exo-dl -n '__exo_dl_in "plan"' -l include -x -d 'Only files that match; may be repeated'
complete -c exo-dl -n '__exo_dl_in "plan"' -l exclude -x -d 'No files that match; may be repeated'
complete -c exo-dl -n '__exo_dl_in "plan"' -l cache-dir -x -a '(__exo_dl_folders)' -d 'Cache to use'
complete -c exo-dl -n '__exo_dl_in "plan"' -l cache-path -x -d 'Caches to look into, with colons between them: the first that can be written to receives; DIR=ro is only read'
complete -c exo-dl -n '__exo_dl_in "plan"' -l endpoint -x -d 'The hub or a mirror'
complete -c exo-dl -n '__exo_dl_in "plan"' -l token -x -d 'Token for private and gated repos'
complete -c exo-dl -n '__exo_dl_in "plan"' -l offline -d 'No network at all: only what is on this machine'
complete -c exo-dl -n '__exo_dl_in "plan"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "plan"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "plan"' -s v -l verbose -d 'Tell more; -vv also stack traces'
complete -c exo-dl -n '__exo_dl_in "plan" 0' -a '(__exo_dl_repos)' -d 'in the cache'

# exo-dl preload
complete -c exo-dl -n '__exo_dl_in "preload"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "preload"' -l lock -d 'Write the commits of now to MODELS.lock; fetch nothing'
complete -c exo-dl -n '__exo_dl_in "preload"' -l locked -d 'Refuse when MODELS.lock is not there or does not fit the list'
complete -c exo-dl -n '__exo_dl_in "preload"' -l cache-dir -x -a '(__exo_dl_folders)' -d 'Cache to use'
complete -c exo-dl -n '__exo_dl_in "preload"' -l cache-path -x -d 'Caches to look into, with colons between them: the first that can be written to receives; DIR=ro is only read'
complete -c exo-dl -n '__exo_dl_in "preload"' -l endpoint -x -d 'The hub or a mirror'
complete -c exo-dl -n '__exo_dl_in "preload"' -l token -x -d 'Token for private and gated repos'
complete -c exo-dl -n '__exo_dl_in "preload"' -l offline -d 'No network at all: only what is on this machine'
complete -c exo-dl -n '__exo_dl_in "preload"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "preload"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "preload"' -s v -l verbose -d 'Tell more; -vv also stack traces'
complete -c exo-dl -n '__exo_dl_in "preload"' -l progress -x -a 'auto bar plain json none' -d 'auto, bar, plain, json or none'
complete -c exo-dl -n '__exo_dl_in "preload" 0' -F

# exo-dl export
complete -c exo-dl -n '__exo_dl_in "export"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "export"' -s o -l output -r -F -d 'Where the archive goes; - is stdout'
complete -c exo-dl -n '__exo_dl_in "export"' -l repo-type -x -a 'model dataset space' -d 'model, dataset or space'
complete -c exo-dl -n '__exo_dl_in "export"' -l revision -x -d 'Branch, tag, commit or ref'
complete -c exo-dl -n '__exo_dl_in "export"' -l include -x -d 'Only files that match; may be repeated'
complete -c exo-dl -n '__exo_dl_in "export"' -l exclude -x -d 'No files that match; may be repeated'
complete -c exo-dl -n '__exo_dl_in "export"' -l cache-dir -x -a '(__exo_dl_folders)' -d 'Cache to use'
complete -c exo-dl -n '__exo_dl_in "export"' -l cache-path -x -d 'Caches to look into, with colons between them: the first that can be written to receives; DIR=ro is only read'
complete -c exo-dl -n '__exo_dl_in "export"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "export"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "export"' -s v -l verbose -d 'Tell more; -vv also stack traces'
complete -c exo-dl -n '__exo_dl_in "export"' -l progress -x -a 'auto bar plain json none' -d 'auto, bar, plain, json or none'
complete -c exo-dl -n '__exo_dl_in "export" 0' -a '(__exo_dl_repos)' -d 'in the cache'

# exo-dl import
complete -c exo-dl -n '__exo_dl_in "import"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "import"' -l cache-dir -x -a '(__exo_dl_folders)' -d 'Cache to use'
complete -c exo-dl -n '__exo_dl_in "import"' -l cache-path -x -d 'Caches to look into, with colons between them: the first that can be written to receives; DIR=ro is only read'
complete -c exo-dl -n '__exo_dl_in "import"' -l min-free-space -x -d 'What has to stay free on the disk'
complete -c exo-dl -n '__exo_dl_in "import"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "import"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "import"' -s v -l verbose -d 'Tell more; -vv also stack traces'
complete -c exo-dl -n '__exo_dl_in "import"' -l progress -x -a 'auto bar plain json none' -d 'auto, bar, plain, json or none'
complete -c exo-dl -n '__exo_dl_in "import" 0' -F

# exo-dl serve
complete -c exo-dl -n '__exo_dl_in "serve"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "serve"' -l cache-dir -x -a '(__exo_dl_folders)' -d 'Cache to use'
complete -c exo-dl -n '__exo_dl_in "serve"' -l cache-path -x -d 'Caches to look into, with colons between them: the first that can be written to receives; DIR=ro is only read'
complete -c exo-dl -n '__exo_dl_in "serve"' -l cluster -d 'Be in the cluster of this name'
complete -c exo-dl -n '__exo_dl_in "serve"' -l bind -x -d 'Listen there only: an address or interface, with :PORT or not'
complete -c exo-dl -n '__exo_dl_in "serve"' -l peers -x -d 'Ask these nodes, HOST[:PORT],.'
complete -c exo-dl -n '__exo_dl_in "serve"' -l discovery -x -d 'multicast, multicast:GROUP[:PORT], dns:NAME[:PORT] or file:FOLDER'
complete -c exo-dl -n '__exo_dl_in "serve"' -l cluster-key -r -F -d 'File of \'exo-dl cluster keygen\', the same on all nodes; others are refused'
complete -c exo-dl -n '__exo_dl_in "serve"' -l encrypt -d 'Chunks by TLS only, with the cluster\'s key: take none from nodes without --encrypt'
complete -c exo-dl -n '__exo_dl_in "serve"' -l zone -x -d 'Where this node is; chunks come from nodes of the same zone first'
complete -c exo-dl -n '__exo_dl_in "serve"' -l max-lan-rate -x -d 'Most bytes a second to other nodes, and as many from them'
complete -c exo-dl -n '__exo_dl_in "serve"' -l cluster-max-rate -x -d 'Most bytes a second from the hub, of all nodes together; the coordinator\'s counts'
complete -c exo-dl -n '__exo_dl_in "serve"' -l endpoint -x -d 'The hub or a mirror'
complete -c exo-dl -n '__exo_dl_in "serve"' -l token -x -d 'Token for private and gated repos'
complete -c exo-dl -n '__exo_dl_in "serve"' -l offline -d 'No network at all: only what is on this machine'
complete -c exo-dl -n '__exo_dl_in "serve"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "serve"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "serve"' -s v -l verbose -d 'Tell more; -vv also stack traces'

# exo-dl status
complete -c exo-dl -n '__exo_dl_in "status"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "status"' -l watch -d 'Look again every 2 or SECONDS seconds, until stopped'
complete -c exo-dl -n '__exo_dl_in "status"' -l cluster -d 'Be in the cluster of this name'
complete -c exo-dl -n '__exo_dl_in "status"' -l bind -x -d 'Listen there only: an address or interface, with :PORT or not'
complete -c exo-dl -n '__exo_dl_in "status"' -l peers -x -d 'Ask these nodes, HOST[:PORT],.'
complete -c exo-dl -n '__exo_dl_in "status"' -l discovery -x -d 'multicast, multicast:GROUP[:PORT], dns:NAME[:PORT] or file:FOLDER'
complete -c exo-dl -n '__exo_dl_in "status"' -l cluster-key -r -F -d 'File of \'exo-dl cluster keygen\', the same on all nodes; others are refused'
complete -c exo-dl -n '__exo_dl_in "status"' -l wait -x -d 'Look for other nodes no longer than this'
complete -c exo-dl -n '__exo_dl_in "status"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "status"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "status"' -s v -l verbose -d 'Tell more; -vv also stack traces'

# exo-dl cluster
complete -c exo-dl -n '__exo_dl_in "cluster" 0' -a keygen -d 'Make the key file that lets nodes into a cluster and keeps others out'
complete -c exo-dl -n '__exo_dl_in "cluster"' -s h -l help -d 'Show this help'

# exo-dl cluster keygen
complete -c exo-dl -n '__exo_dl_in "cluster keygen"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "cluster keygen"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "cluster keygen"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "cluster keygen"' -s v -l verbose -d 'Tell more; -vv also stack traces'
complete -c exo-dl -n '__exo_dl_in "cluster keygen" 0' -F

# exo-dl demo
complete -c exo-dl -n '__exo_dl_in "demo"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "demo"' -l model-size -x -d 'About how large the model is'
complete -c exo-dl -n '__exo_dl_in "demo"' -l nodes -x -d 'How many nodes sync it, 1 to 8'
complete -c exo-dl -n '__exo_dl_in "demo"' -l keep -x -a '(__exo_dl_folders)' -d 'Use this folder for the first node\'s cache, keep it, and print the snapshot\'s path'
complete -c exo-dl -n '__exo_dl_in "demo"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "demo"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "demo"' -s v -l verbose -d 'Tell more; -vv also stack traces'
complete -c exo-dl -n '__exo_dl_in "demo"' -l progress -x -a 'auto bar plain json none' -d 'auto, bar, plain, json or none'

# exo-dl doctor
complete -c exo-dl -n '__exo_dl_in "doctor"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "doctor"' -l cache-dir -x -a '(__exo_dl_folders)' -d 'Cache to use'
complete -c exo-dl -n '__exo_dl_in "doctor"' -l cache-path -x -d 'Caches to look into, with colons between them: the first that can be written to receives; DIR=ro is only read'
complete -c exo-dl -n '__exo_dl_in "doctor"' -l endpoint -x -d 'The hub or a mirror'
complete -c exo-dl -n '__exo_dl_in "doctor"' -l token -x -d 'Token for private and gated repos'
complete -c exo-dl -n '__exo_dl_in "doctor"' -l offline -d 'No network at all: only what is on this machine'
complete -c exo-dl -n '__exo_dl_in "doctor"' -l json -d 'End with one JSON object on stdout, also on failure'
complete -c exo-dl -n '__exo_dl_in "doctor"' -s q -l quiet -d 'Only failures, and the result'
complete -c exo-dl -n '__exo_dl_in "doctor"' -s v -l verbose -d 'Tell more; -vv also stack traces'

# exo-dl completion
complete -c exo-dl -n '__exo_dl_in "completion"' -s h -l help -d 'Show this help'
complete -c exo-dl -n '__exo_dl_in "completion" 0' -a 'bash zsh fish'

# exo-dl help
complete -c exo-dl -n '__exo_dl_in "help"' -s h -l help -d 'Show usage help for the help command and exit'
complete -c exo-dl -n '__exo_dl_in "help" 0' -a 'sync verify cache plan preload export import serve status cluster demo doctor completion help'
