# bash completion for xylem                              -*- shell-script -*-

# Sets "words" to what stands behind the command, up to the cursor. Bash splits words at "=" and
# ":"; parts between which there is no blank are joined again.
_xylem_words() {
  local rest=${COMP_LINE#*"${COMP_WORDS[0]}"} word i
  words=()
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i > 1)) && [[ $rest != [[:blank:]]* ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
    rest=${rest#*"$word"}
  done
  words=("${words[@]//[\"\'\\]/}")
}

# Adds one line of the answer to COMPREPLY. "$kept" is what bash split off the last word: it stays
# on the command line.
_xylem_add() {
  local word=${1%%$'\t'*}
  case $1 in
    :files) mapfile -t COMPREPLY < <(compgen -f -- "${words[-1]##*=}") ;;
    :directories) mapfile -t COMPREPLY < <(compgen -d -- "${words[-1]##*=}") ;;
    *) COMPREPLY+=("${word#"$kept"}") ;;
  esac
  case $word in
    :*) compopt -o filenames 2>/dev/null ;;
    *=) compopt -o nospace 2>/dev/null ;;
  esac
}

_xylem() {
  local words line last=${COMP_WORDS[COMP_CWORD]} kept
  _xylem_words
  [[ $last == [:=] ]] && last=
  kept=${words[-1]%"$last"}
  COMPREPLY=()
  while IFS= read -r line; do
    _xylem_add "$line"
  done < <("${COMP_WORDS[0]}" completion --words -- "${words[@]}" 2>/dev/null)
}

complete -F _xylem xylem
