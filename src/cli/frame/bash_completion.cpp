#include "cli/frame/bash_completion.hpp"

#include <fmt/format.h>

namespace xylem::cli {

namespace {

/// What does not depend on the commands. `_xylem_words` prints what the case table below it has
/// for a command.
constexpr char script_end[] = R"sh(
_xylem_ask() {
  local repo
  repo=$(_xylem_repo_option)
  "${COMP_WORDS[0]}" "$@" ${repo:+"$repo"} 2>/dev/null
}

_xylem_repo_option() {
  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    # Bash splits "--repo=X" into three words.
    if [[ ${COMP_WORDS[i]} == --repo ]]; then
      if [[ ${COMP_WORDS[i + 1]} == = ]]; then
        echo "--repo=${COMP_WORDS[i + 2]}"
      else
        echo "--repo=${COMP_WORDS[i + 1]}"
      fi
      return
    fi
  done
}

# Sets "command" to the command with its group, and "position" to how many arguments stand before
# the word at the cursor.
_xylem_find_command() {
  local i word previous=
  command= position=0
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word != -* && $word != = && $previous != = && $previous != --repo ]]; then
      if [[ -z $command || $command == remote ]]; then
        command=${command:+$command }$word
      else
        position=$((position + 1))
      fi
    fi
    previous=$word
  done
}

_xylem_arguments() {
  case $command in
    pull)
      if ((position == 0)); then _xylem_ask remote list; else _xylem_ask remote refs "$(_xylem_remote)" | sed 's/^[^:]*://'; fi ;;
    'remote delete' | 'remote show-url' | 'remote refs' | 'remote summary' | 'remote '*-cookie*)
      ((position == 0)) && _xylem_ask remote list ;;
    checkout | log | show | ls | cat | rev-parse | refs | diff | reset)
      _xylem_ask refs ;;
    config)
      ((position == 0)) && echo get set unset ;;
    completion)
      ((position == 0)) && echo bash ;;
  esac
}

_xylem_remote() {
  local i seen=
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ $seen && ${COMP_WORDS[i]} != -* ]]; then
      echo "${COMP_WORDS[i]}"
      return
    fi
    [[ ${COMP_WORDS[i]} == pull ]] && seen=1
  done
}

_xylem() {
  local current=${COMP_WORDS[COMP_CWORD]} command position
  _xylem_find_command
  if [[ ${COMP_WORDS[COMP_CWORD - 1]} == --repo || $current == = ||
        ${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then
    [[ $current == = ]] && current=
    COMPREPLY=($(compgen -f -- "$current"))
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$(_xylem_words "$command" | tr ' ' '\n' | grep '^-')" -- "$current"))
  elif [[ -z $command || $command == remote ]]; then
    COMPREPLY=($(compgen -W "$(_xylem_words "$command" | tr ' ' '\n' | grep -v '^-')" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$(_xylem_arguments)" -- "$current"))
    [[ ${#COMPREPLY[@]} == 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
  fi
  # A ref may have a colon, at which bash splits words.
  declare -F __ltrim_colon_completions >/dev/null && __ltrim_colon_completions "$current"
}

complete -o filenames -F _xylem xylem
)sh";

std::string option_words(const CLI::App& command) {
  std::string words;
  for (const CLI::Option* option : command.get_options({}))
    for (const std::string& name : option->get_lnames())
      if (!option->get_group().empty()) words += " --" + name;
  return words;
}

/// `name` is "" for the program, "remote add" for a command of a group.
std::string case_entries(const CLI::App& command, const std::string& name) {
  std::string words;
  std::string below;
  for (const CLI::App* subcommand : command.get_subcommands({})) {
    words += " " + subcommand->get_name();
    const std::string full =
        name.empty() ? subcommand->get_name() : name + " " + subcommand->get_name();
    below += case_entries(*subcommand, full);
  }
  return fmt::format("    '{}') echo{}{} ;;\n", name, words, option_words(command)) + below;
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  return "# bash completion for xylem                              -*- shell-script -*-\n\n"
         "_xylem_words() {\n  case $1 in\n" +
         case_entries(app, "") + "  esac\n}\n" + script_end;
}

}  // namespace xylem::cli
