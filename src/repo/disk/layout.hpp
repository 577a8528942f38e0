#pragma once

/// \file
/// Room `repo/disk`: the layout on disk: names, modes, atomic replacement. Knows nothing of
/// objects' contents, configuration, refs.
///
/// Every name on disk, built and parsed here and nowhere else. The layout is libostree's; what is
/// ours is marked so. Relative to the repository unless said otherwise.

#include <optional>
#include <string>
#include <string_view>

#include "object/names/object_name.hpp"
#include "repo/disk/mode.hpp"

namespace xylem::repo::layout {

/// Permissions of the directories that xylem makes, before the umask.
constexpr unsigned directory_mode = 0775;

constexpr char config[] = "config";
constexpr char objects[] = "objects";
constexpr char refs[] = "refs";
constexpr char refs_heads[] = "refs/heads";
constexpr char refs_remotes[] = "refs/remotes";
constexpr char refs_mirrors[] = "refs/mirrors";
/// A change of several refs that is under way (ours).
constexpr char ref_journal[] = "refs/.journal";
constexpr char state[] = "state";
constexpr char tmp[] = "tmp";
constexpr char tmp_cache[] = "tmp/cache";
constexpr char summary_cache[] = "tmp/cache/summaries";
/// Below the cache directory, which may be elsewhere.
constexpr char cached_summaries[] = "summaries";
/// Byte-range locks of objects that are being fetched (ours).
constexpr char claims_dir[] = "tmp/cache/xylem";
constexpr char claims[] = "tmp/cache/xylem/claims";
constexpr char extensions[] = "extensions";
/// What `fsck --repair` moves out of the way (ours).
constexpr char quarantine[] = "quarantine";
constexpr char lock[] = ".lock";
constexpr char summary[] = "summary";
constexpr char summary_signature[] = "summary.sig";
constexpr char lock_suffix[] = "-lock";
/// Of files that are to replace others (ours). Not a ref's name, so that a left-over does no harm
/// below refs/.
constexpr char half_written_prefix[] = ".tmp-";

/// Prefix of download directories (ours). No boot id: partial files are hashed again.
constexpr char fetch_prefix[] = "fetch-";
/// Prefix of staged deletions (ours).
constexpr char trash_prefix[] = "trash-";
/// "staging-<boot id>-"; the boot id is $OSTREE_BOOTID if set.
std::string staging_prefix();
/// "staging-", of any boot.
constexpr char any_staging_prefix[] = "staging-";

/// In a staging directory (ours): locked by its user as long as all objects in the directory are
/// ones that this user has checked.
constexpr char checked_mark[] = "checked";

/// Objects are in so many directories.
constexpr std::size_t prefixes = 256;
/// Which of them an object is in: the first byte of its checksum.
inline std::uint8_t prefix_of(const object::ObjectName& name) {
  return name.checksum.bytes()[0];
}
/// "ab": the directory of an object, relative to objects/ or to a staging directory.
std::string object_dir(const Checksum& checksum);
/// As above, of all objects whose checksums begin with this byte.
std::string object_dir(std::uint8_t prefix);
/// "ab/<62 digits>.<extension>", relative to objects/ or to a staging directory.
std::string loose_object(const object::ObjectName& name, Mode mode);
/// Extension of a type in a mode: archive adds "z" to all that is not metadata.
std::string loose_extension(object::ObjectType type, Mode mode);
/// The object that `<two_digits>/<file_name>` is, or nullopt for a foreign name.
std::optional<object::ObjectName> parse_loose_object(std::string_view two_digits,
                                                     std::string_view file_name, Mode mode);

/// "state/<commit>.commitpartial".
std::string partial_marker(const Checksum& commit);
/// The commit that a file name in state/ marks, or nullopt.
std::optional<Checksum> parse_partial_marker(std::string_view file_name);

/// Where objects are on a server: "objects/ab/<62>.filez", archive names.
std::string remote_object(const object::ObjectName& name);
std::string ref_file(std::string_view ref);                                      // refs/heads/…
std::string remote_ref_file(std::string_view remote, std::string_view ref);      // refs/remotes/…
std::string mirror_ref_file(std::string_view collection, std::string_view ref);  // refs/mirrors/…

/// "<remote>.trustedkeys.gpg", "<remote>.cookies.txt".
std::string remote_keyring(std::string_view remote);
std::string remote_cookies(std::string_view remote);
/// "summaries/<remote>", below the cache directory.
std::string cached_summary(std::string_view remote);

}  // namespace xylem::repo::layout
