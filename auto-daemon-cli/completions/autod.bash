# Completion of autod for bash. Source it, or link it as ~/.local/share/bash-completion/completions/autod.

# The names in the default directory: what has left a history, and may run. In /tmp anybody can make a directory, and compgen runs
# what is in its words.
_autod_names() {
  local directory file
  for directory in "${XDG_RUNTIME_DIR:-/run/user/$UID}/auto-daemon" "/tmp/auto-daemon-$UID"; do
    [ -O "$directory" ] && [ ! -L "$directory" ] || continue
    for file in "$directory"/*.sock.history; do
      file=${file##*/}
      file=${file%.sock.history}
      case $file in
        *[!A-Za-z0-9._~+-]* | '') ;;
        *) printf '%s\n' "$file" ;;
      esac
    done
  done
}

_autod() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words
  if [ "$COMP_CWORD" = 1 ]; then
    words='ps status logs stop call why doctor run warm --help --version'
  else
    case $before in
      --socket | --pid-file | --out | --java-home)
        COMPREPLY=($(compgen -f -- "$word"))
        return
        ;;
      --interval | --timeout | -n | --lines | --name | --service | --arg | --idle-timeout | --concurrent | --drain | --runs)
        return
        ;;
    esac
    words='--help --version --json --verbose'
    case ${COMP_WORDS[1]} in
      ps) words="$words --clean --watch --interval" ;;
      status | why) words="$words --socket $(_autod_names)" ;;
      logs) words="$words --socket --follow --lines --previous $(_autod_names)" ;;
      stop) words="$words --socket --all --idle --timeout --kill $(_autod_names)" ;;
      call) words="$words --socket --timeout $(_autod_names)" ;;
      doctor) words="$words --report" ;;
      warm) words="$words add check list remove why --out --java-home --ci --runs" ;;
      run)
        words="$words --name --socket --activation --service --arg --idle-timeout --concurrent --pid-file --drain"
        [ "${word#-}" = "$word" ] && COMPREPLY=($(compgen -f -- "$word")) && return
        ;;
      *) return ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}

complete -F _autod autod ./autod
