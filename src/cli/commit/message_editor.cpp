#include "cli/commit/message_editor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <glib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include "base/glib.hpp"
#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "cli/frame/input_file.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

constexpr std::string_view comment =
    "\n"
    "# Please enter the commit message for your changes. The first line will\n"
    "# become the subject, and the remainder the body. Lines starting\n"
    "# with '#' will be ignored, and an empty message aborts the commit.\n";

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// A terminal that cannot move its cursor is none for $VISUAL and vi.
std::string editor() {
  const std::string terminal = setting("TERM");
  const bool dumb = terminal.empty() || terminal == "dumb";
  if (const std::string own = setting("OSTREE_EDITOR"); !own.empty()) return own;
  if (const std::string full = setting("VISUAL"); !full.empty() && !dumb) return full;
  if (const std::string any = setting("EDITOR"); !any.empty()) return any;
  if (dumb)
    throw Error(ErrorKind::InvalidArgument, "Terminal is dumb, but EDITOR unset")
        .hint("give the message with --subject and --body, or set OSTREE_EDITOR");
  return "vi";
}

/// A file in a directory that is ours alone, gone with the object.
class Draft {
 public:
  explicit Draft(std::string_view text) {
    GError* failure = nullptr;
    dir_ = GStringPtr(g_dir_make_tmp("xylem-commit-XXXXXX", &failure));
    const GErrorPtr owned(failure);
    if (!dir_) throw Error(ErrorKind::Io, owned->message);
    path_ = std::string(dir_.get()) + "/COMMIT_EDITMSG";
    const UniqueFd file =
        os::open({FileDescriptor::cwd(), path_}, O_WRONLY | O_CREAT | O_EXCL, 0600);
    os::write_all(file, as_bytes(text));
  }
  ~Draft() {
    try {
      remove_tree({FileDescriptor::cwd(), dir_.get()});
    } catch (const Error& error) {
      log_warning("{}", error.what());
    }
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const std::string& path() const { return path_; }

 private:
  GStringPtr dir_;
  std::string path_;
};

/// By a shell, since an editor may be named with options.
void run_editor(const std::string& command, const std::string& path) {
  const GStringPtr quoted(g_shell_quote(path.c_str()));
  std::string shell = "/bin/sh";
  std::string option = "-c";
  std::string script = fmt::format("{} {}", command, quoted.get());
  std::array<char*, 4> words{shell.data(), option.data(), script.data(), nullptr};
  GError* failure = nullptr;
  int status = 0;
  const bool good = g_spawn_sync(nullptr, words.data(), nullptr, G_SPAWN_CHILD_INHERITS_STDIN,
                                 nullptr, nullptr, nullptr, nullptr, &status, &failure) &&
                    g_spawn_check_wait_status(status, &failure);
  const GErrorPtr owned(failure);
  if (!good)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("There was a problem with the editor '{}': {}", command,
                            owned ? owned->message : "it failed"));
}

}  // namespace

CommitMessage parse_message(std::string_view text) {
  CommitMessage message;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    g_strchomp(line.data());
    line.resize(std::strlen(line.c_str()));
    if (line.starts_with('#')) continue;
    if (!message.subject.empty())
      message.body += line + "\n";
    else
      message.subject = line;
  }
  const std::size_t last = message.body.find_last_not_of('\n');
  message.body.resize(last == std::string::npos ? 0 : last + 1);
  message.body.erase(0, std::min(message.body.find_first_not_of('\n'), message.body.size()));
  if (message.subject.empty())
    throw Error(ErrorKind::InvalidArgument, "Aborting commit due to empty commit subject.");
  return message;
}

CommitMessage edit_message(const std::string& branch, const CommitMessage& so_far) {
  std::string text(comment);
  if (!branch.empty()) text += fmt::format("#\n# Branch: {}\n", branch);
  if (!so_far.subject.empty()) text += so_far.subject + "\n";
  if (!so_far.body.empty()) text += "\n" + so_far.body + "\n";
  const Draft draft(text);
  run_editor(editor(), draft.path());
  return parse_message(read_input_file(draft.path()));
}

}  // namespace xylem::cli
