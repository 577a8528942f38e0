#pragma once

/// \file
/// The bytes of one body on their way into memory while they are few and the budget has room, else
/// into a file.

#include <chrono>
#include <optional>
#include <string>

#include "fetcher/download/budget.hpp"
#include "fetcher/download/partial_file.hpp"
#include "fetcher/request/response.hpp"

namespace xylem::fetcher {

/// Where the body of one fetch goes on disk; lives through all its tries.
struct BodyFile {
  DownloadDirectory& directory;
  std::string name;
  bool keep = false;               ///< It has a name of its own: a later fetch may continue it.
  bool never_page = false;         ///< As Request::never_page.
  BodyWatcher* watcher = nullptr;  ///< As Request::watcher.
  bool begun_here = false;         ///< The partial file is of this fetch.
  std::optional<PartialFile> partial{};

  /// Removes the file and all that is known of it, and tells the watcher.
  void forget();
};

/// One body. One thread.
class BodySink {
 public:
  /// As BodyReceiver's.
  BodySink(BodyFile& file, std::string url, std::uint64_t max_size, BudgetShare& share);

  /// A body from its first byte on. `total` is its announced size, and `arriving` how much of it
  /// comes in this response, if that is known. Throws Error(Corrupt) if it will be too large.
  void start(Validators validators, std::optional<std::uint64_t> total,
             std::optional<std::uint64_t> arriving);
  /// The rest of the partial file. As start().
  void resume(Validators validators, std::optional<std::uint64_t> total,
              std::optional<std::uint64_t> arriving);
  /// Throws Error(Corrupt) if the body is too large, Error(Io), Error(NoSpace).
  void write(ByteView bytes);
  /// As BodyReceiver's.
  void save() noexcept;
  Body finish();

  /// Bytes so far, with what a partial file had before.
  std::uint64_t size() const;
  /// Nothing of what was announced is missing.
  bool complete() const { return !expected_ || *expected_ == size(); }

 private:
  void expect(std::optional<std::uint64_t> total, std::optional<std::uint64_t> arriving);
  bool takes_long() const;
  void check_size(std::uint64_t size) const;
  bool fits_in_memory(std::uint64_t size);
  void move_to_file();
  void describe_file();
  void show_file();
  void ask_for_room(std::uint64_t total);

  BodyFile& file_;
  std::string url_;
  std::uint64_t max_size_;
  BudgetShare& share_;
  std::chrono::steady_clock::time_point since_{};
  Validators validators_;
  std::optional<std::uint64_t> expected_;
  std::uint64_t room_ = 0;  ///< So large the file may get.
  Bytes bytes_;
};

}  // namespace xylem::fetcher
