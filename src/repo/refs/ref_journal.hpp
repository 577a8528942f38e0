#pragma once

/// \file
/// Several refs as one: `refs/.journal/` (ours), for those who hold the lock on refs.
///
///   1. the new refs are written into it, under numbers, with a list of what they are for and of
///      what was there before; one barrier makes all of it durable
///   2. the list gets its name, durably: from then on the change will be finished
///   3. the new refs are renamed to their places; one barrier makes the names durable
///   4. the list goes, durably, then the rest
///
/// Whoever finds a list finishes the change, unless a commit that it names is gone (then it is
/// undone), and leaves a ref alone that somebody has changed since. Whoever finds no list removes
/// the rest. So a change of a thousand refs costs four flushes, and no crash shows half of it.

#include <string>
#include <vector>

#include "repo/refs/ref_place.hpp"

namespace xylem::repo {

/// A change of one ref as text: 64 digits for a commit, "@…" for a symlink with that target, "-"
/// for no ref, "?" for a file that is no ref.
struct JournalEntry {
  RefPlace place;
  std::string before;
  std::string after;
};

/// What is at a place now, in the form of JournalEntry.
std::string ref_text(FileDescriptor repo, const RefPlace& place);
/// Brings a ref to what the text says, by itself. Does nothing if it is that already.
void put_ref_text(FileDescriptor repo, const RefPlace& place, const std::string& text, bool fsync);

/// Makes all changes, or undoes those that it has made and throws.
void write_with_journal(FileDescriptor repo, const std::vector<JournalEntry>& entries, bool fsync);

/// Whether somebody has begun, and not ended.
bool has_journal(FileDescriptor repo);
/// Finishes or undoes it.
void recover_journal(const Repo& repo);

/// The list as text, and back; nullopt for one that is damaged or cut off. Pure.
std::string format_journal(const std::vector<JournalEntry>& entries);
std::optional<std::vector<JournalEntry>> parse_journal(std::string_view text);

}  // namespace xylem::repo
