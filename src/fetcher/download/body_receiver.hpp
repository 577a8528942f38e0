#pragma once

/// \file
/// Takes the body of one response: into memory while it is small and the budget has room, else into
/// a file.

#include <chrono>
#include <optional>
#include <string>

#include "fetcher/download/budget.hpp"
#include "fetcher/download/gzip_decoder.hpp"
#include "fetcher/download/partial_file.hpp"
#include "fetcher/download/resume.hpp"
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

/// One response. One thread.
class BodyReceiver {
 public:
  /// `url` is for the record, without credentials; a `max_size` of 0 is no limit. `share` is grown
  /// and shrunk with the bytes in memory.
  BodyReceiver(BodyFile& file, ResumePoint point, std::string url, std::uint64_t max_size,
               BudgetShare& share);

  /// The headers are there. Throws Error(Corrupt) if the body is announced to be too large.
  void begin(const ResponseHead& head);
  bool begun() const { return begun_; }
  /// Takes the next bytes; false if the rest is of no interest. Throws Error(Corrupt) if the body
  /// is too large, Error(Io), Error(NoSpace).
  bool write(ByteView bytes);

  /// All bytes are there: nothing more is waited for.
  void end();

  ResumeAnswer answer() const { return answer_; }
  /// Bytes of the body so far, with what a partial file had before.
  std::uint64_t size() const;
  /// Nothing of what the server announced is missing.
  bool complete() const {
    return (!expected_ || *expected_ == size()) && (!decoder_ || decoder_->finished());
  }
  /// The transfer has failed: what was kept in memory goes to the partial file, if it has a name,
  /// for the next try to continue. Losing it costs bytes only, so it never throws.
  void save() noexcept;
  /// The whole body. Once, and only if complete().
  Body finish();

 private:
  void begin_body(const ResponseHead& head);
  bool decide();
  bool take(ByteView bytes);
  void expect(const ResponseHead& head);
  bool takes_long() const;
  void check_size(std::uint64_t size) const;
  bool fits_in_memory(std::uint64_t size);
  void move_to_file();
  void describe_file();
  void show_file();
  void ask_for_room(std::uint64_t total);

  BodyFile& file_;
  ResumePoint point_;
  std::string url_;
  std::uint64_t max_size_;
  BudgetShare& share_;
  bool begun_ = false;
  std::chrono::steady_clock::time_point since_{};
  std::optional<ResponseHead> odd_head_;  ///< Until enough has come to judge the body.
  Bytes front_;                           ///< What has come until then.
  std::optional<GzipDecoder> decoder_;
  ResumeAnswer answer_ = ResumeAnswer::NoBody;
  Validators validators_;
  std::optional<std::uint64_t> expected_;
  std::uint64_t discarded_ = 0;
  std::uint64_t room_ = 0;  ///< So large the file may get.
  Bytes bytes_;
};

}  // namespace xylem::fetcher
