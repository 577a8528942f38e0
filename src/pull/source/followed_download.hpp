#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>

#include "base/os/growing_file.hpp"
#include "fetcher/download/body_watcher.hpp"
#include "repo/staging/space_claim.hpp"

namespace xylem::pull {

/// Imports a large object while it is downloaded. A thread of its own reads what the fetcher has
/// written to the file, as far as it is; so nothing is held in memory, a download that is continued
/// is simply read from its beginning, and one that begins anew is, too. Where there is no thread to
/// spare, or little to gain, the object is left to be imported once it is complete.
class FollowedDownload final : public fetcher::BodyWatcher {
 public:
  /// Runs on the other thread. Its end of the file comes only with finish().
  using Import = std::function<void(GrowingFile&)>;

  /// Takes space for so many bytes of a download, for as long as the result lives. Throws
  /// Error(NoSpace).
  using Reserve = std::function<std::unique_ptr<repo::SpaceClaim>(std::uint64_t bytes)>;

  /// `running` counts the threads of all downloads; borrowed.
  FollowedDownload(std::atomic<unsigned>& running, Import import, Reserve reserve = {});
  /// Ends the thread, and what it has written is gone, unless finish() was called.
  ~FollowedDownload() override;

  void announced(std::uint64_t more) override;
  void goes_to(FileDescriptor file, std::uint64_t size, std::uint64_t total) noexcept override;
  void grew(std::uint64_t size) noexcept override;
  void starts_over() noexcept override;

  /// The download is complete, and its file is at `where`: waits until it is imported, and throws
  /// what import threw. False if nobody has followed it. Any thread, while nothing is downloaded.
  bool finish(const PathAt& where);
  /// The file of the download stays, as an object, and so does its space.
  void keep_space() noexcept;

 private:
  class Follower;

  std::atomic<unsigned>& running_;
  Import import_;
  Reserve reserve_;
  std::unique_ptr<repo::SpaceClaim> space_;  ///< Of the download, which is removed in the end.
  std::unique_ptr<Follower> follower_;
};

}  // namespace xylem::pull
