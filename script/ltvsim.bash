# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of ltvsim for bash: source it, or install it as .../bash-completion/completions/ltvsim.

# Tables of a results file, as ltvsim lists them.
_ltvsim_tables() {
    ltvsim show "$1" --list 2>/dev/null | grep -v '^ '
}

# Folders, and files that end in one of the given names.
_ltvsim_files() {
    local word=$1 ending
    shift
    compopt -o filenames
    mapfile -t COMPREPLY < <(
        compgen -d -- "$word"
        for ending in "$@"; do compgen -f -X "!*.$ending" -- "$word"; done
    )
}

# The first word after the subcommand that is neither an option nor the value of one.
_ltvsim_operand() {
    local i
    for ((i = 2; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        -o | --output | -m | --metric | --base | --set | --customers | --draws | --seed | --threads | --csv | --xlsx | --lang | --svg) ((i++)) ;;
        -* | =) ;;
        *)
            echo "${COMP_WORDS[i]}"
            return
            ;;
        esac
    done
}

_ltvsim() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]} options="--help" operand
    local -a files=(yaml yml)
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W \
            "run decide sensitivity report explain check show export schema help --help --version" -- "$word")
        return
    fi
    case $command in
    run | decide) options+=" --output --set --customers --draws --seed --threads --quiet --json" ;;
    sensitivity)
        options+=" --metric --base --customers --set --seed --output --threads --quiet --json"
        ;;
    explain | check) options+=" --set" ;;
    show) options+=" --list" files=(h5) ;;
    report) options+=" --output --lang --svg" files=(h5) ;;
    export) options+=" --csv --xlsx" files=(h5) ;;
    schema) files=() ;;
    *) return ;;
    esac
    case $before in
    -o | --output)
        if [[ $command == report ]]; then _ltvsim_files "$word" html; else _ltvsim_files "$word" h5; fi
        return
        ;;
    --csv | --svg)
        _ltvsim_files "$word"
        return
        ;;
    --xlsx)
        _ltvsim_files "$word" xlsx
        return
        ;;
    --lang)
        mapfile -t COMPREPLY < <(compgen -W "en ja" -- "$word")
        return
        ;;
    -m | --metric | --base | --set | --customers | --draws | --seed | --threads) return ;;
    esac
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
        return
    fi
    operand=$(_ltvsim_operand)
    if [[ $command == show && -n $operand ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_ltvsim_tables "$operand")" -- "$word")
    elif ((${#files[@]} > 0)); then
        _ltvsim_files "$word" "${files[@]}"
    fi
}

complete -F _ltvsim ltvsim
