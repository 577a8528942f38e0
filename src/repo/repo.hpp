#pragma once

/// \file
/// Room `repo`: an open repository: directories, configuration, parents, objects. Knows nothing of
/// refs, transactions, networks.
///
/// An open repository: its directories, configuration, objects and parents. Plain blocking POSIX;
/// reading is safe from several threads, changing the configuration is not.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/os/fd.hpp"
#include "object/commit.hpp"
#include "object/dirtree.hpp"
#include "repo/config/config.hpp"
#include "repo/config/remote.hpp"
#include "repo/config/remotes_dir.hpp"
#include "repo/disk/replace_file.hpp"
#include "repo/locks/edit_lock.hpp"
#include "repo/locks/lock.hpp"
#include "repo/loose/loose_store.hpp"

namespace xylem::repo {

struct RepoOptions {
  /// Directory with further remotes. Empty: the system's (/etc/ostree/remotes.d) for the system's
  /// repository (/ostree/repo), none for others.
  std::string remotes_dir;
  /// It may be anybody's: nothing is made, mended or written in it, or in its parents, though we
  /// may.
  bool read_only = false;
};

using ConfigChange = std::function<void(KeyFile&)>;
/// Changes the group of a remote in the file that holds it; `exists` if there is such a remote, in
/// the repository or in a parent.
using RemoteChange = std::function<void(KeyFile&, bool exists)>;

class Repo {
 public:
  /// Throws Error(NotFound) unless `path` is a repository, Error(InvalidArgument) for a
  /// configuration that cannot be used. Opens parents too.
  static Repo open(const std::string& path, const RepoOptions& options = {});
  /// As open(), of the directory that is open already, wherever it is. It is duplicated.
  static Repo open_at(FileDescriptor dir, const RepoOptions& options = {});
  /// Makes what is missing and opens it; harmless on a repository that is there already, which
  /// keeps its mode. objects/ is made last: it means that the repository exists.
  static Repo create(const std::string& path, Mode mode,
                     const std::optional<std::string>& collection_id = std::nullopt);

  /// The same directories with the configuration as it is now; parents are opened again.
  Repo reloaded() const;

  Repo(Repo&&) noexcept;
  Repo& operator=(Repo&&) noexcept;
  ~Repo();

  const std::string& path() const { return path_; }
  FileDescriptor dir() const { return dirs_.root; }
  /// Where further remotes are configured; empty if nowhere.
  const std::string& remotes_dir() const { return remotes_dir_; }
  FileDescriptor tmp() const { return dirs_.tmp; }  ///< Invalid in a repository that has none.
  const Config& config() const { return config_; }
  Mode mode() const { return config_.mode; }
  const Repo* parent() const { return parent_.get(); }
  /// Whether we may write to objects/, and are meant to. If not, the lock can only be had shared,
  /// and only where somebody who may write has made its file.
  bool writable() const { return writable_; }
  /// Throws Error(Io) that says what to do when not writable().
  void require_writable() const;

  /// Takes the repository lock as `core.locking` and `core.lock-timeout-secs` say; an empty
  /// RepoLock if locking is off or it cannot be taken by who may only read.
  RepoLock lock(os::LockMode mode, const CancelToken& cancel = {}) const;
  /// From now on the caller holds the repository lock itself, and lock() takes none: two holders
  /// within one process would wait for each other.
  void leave_lock_to_caller() { caller_holds_lock_ = true; }
  bool caller_holds_lock() const { return caller_holds_lock_ && writable_ && config_.locking; }
  /// Takes the lock of those who edit, for as long as `core.lock-timeout-secs` says.
  EditLock edit_lock(Edited what, os::LockMode mode = os::LockMode::Exclusive,
                     const CancelToken& cancel = {}) const;

  // Objects, of this repository and then of its parents.

  const LooseStore& store() const { return store_; }
  bool has(const object::ObjectName& name) const;
  /// These throw Error(NotFound) that names the object.
  Bytes load_metadata(const object::ObjectName& name) const;
  object::Commit load_commit(const Checksum& commit) const;
  object::DirTree load_dirtree(const Checksum& tree) const;
  object::DirMeta load_dirmeta(const Checksum& meta) const;
  LoadedFile load_file(const Checksum& file) const;
  /// Detached metadata; an empty Dict if there is none.
  object::Dict load_commitmeta(const Checksum& commit) const;

  // Configuration.

  /// The raw `config`, for `config get` and `set`.
  const KeyFile& key_file() const { return key_file_; }
  /// The one way to change `config`: takes the lock on it, reads it again, calls `change`, makes
  /// sure that the repository opens with the result, and replaces the file atomically and durably,
  /// through a symlink, with owner and permissions as before. Uses it from now on. Throws what
  /// `change` throws, and Error if the result cannot be used: nothing is written then. Holds the
  /// shared repository lock meanwhile, under which libostree writes no configuration.
  void edit_config(const ConfigChange& change);
  /// As above, for a caller that holds the repository lock.
  void edit_config(const RepoLock& held, const ConfigChange& change);

  /// Names of all remotes of config, remotes.d and parents, sorted.
  std::vector<std::string> remote_names() const;
  /// Throws Error(NotFound) that lists nothing secret.
  Remote remote(const std::string& name) const;
  bool has_remote(const std::string& name) const;
  /// The key file that defines the remote, to read keys that Remote does not know. Throws
  /// Error(NotFound).
  const KeyFile& remote_key_file(const std::string& name) const;
  /// As edit_config(), of the file that holds the remote: `config`, or one of remotes.d. A new one
  /// goes to remotes.d if that is in use (core.add-remotes-config-dir), else to `config`. Throws
  /// Error(InvalidArgument) if the remote, as changed, cannot be used.
  void edit_remote(const std::string& name, const RemoteChange& change);
  /// Sets keys of a remote of our own, which is made if it is missing; other keys stay.
  void set_remote(const std::string& name, const std::map<std::string, std::string>& values);
  /// Removes it from wherever it is configured; false if it is not one of our own.
  bool remove_remote(const std::string& name);

  /// Sets the directory's mtime to now: the sign for watchers that refs or configuration changed.
  void bump_mtime();

 private:
  Repo() = default;
  static Repo open_nested(const std::string& path, const RepoOptions& options, int depth);
  void open_dirs();
  void open_objects();
  void open_tmp();
  KeyFile reread_config() const;
  void use_config(KeyFile file);
  /// Throws what opening would with this configuration.
  void check_config(const KeyFile& file) const;
  void load_remotes();
  /// Where this repository itself defines the remote; null if it does not. Throws
  /// Error(InvalidArgument) if it does so twice.
  const KeyFile* find_own_remote(const std::string& name) const;
  const RemotesFile* find_in_remotes_dir(const std::string& name) const;
  void edit_remotes_file(RemotesFile file, const std::string& name, const RemoteChange& change);
  /// All keys of a remote: ours, and those of parents that ours does not have.
  KeyFile collect_remote(const std::string& name) const;

  std::string path_;
  std::string remotes_dir_;
  int depth_ = 0;  ///< How many repositories this one is the parent of.
  struct {
    UniqueFd root;
    UniqueFd objects;
    UniqueFd tmp;
  } dirs_;
  KeyFile key_file_;
  Config config_;
  RemotesDir remotes_d_;
  bool read_only_ = false;
  bool writable_ = false;
  bool caller_holds_lock_ = false;
  LooseStore store_{FileDescriptor(), Mode::Bare};
  std::unique_ptr<Repo> parent_;
};

}  // namespace xylem::repo
