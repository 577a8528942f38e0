#pragma once

/// \file
/// `commit --editor`: what a person types, as subject and body.

#include <string>
#include <string_view>

namespace xylem::cli {

struct CommitMessage {
  std::string subject;
  std::string body;
};

/// The first line that is no comment and not empty is the subject, the others are the body. Pure.
/// Throws Error(InvalidArgument) if there is no subject.
CommitMessage parse_message(std::string_view text);

/// Has $OSTREE_EDITOR, $VISUAL, $EDITOR or vi edit a file that names the branch, if there is one,
/// and has what there is of the message.
CommitMessage edit_message(const std::string& branch, const CommitMessage& so_far);

}  // namespace xylem::cli
