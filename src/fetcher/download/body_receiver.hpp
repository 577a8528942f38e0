#pragma once

/// \file
/// Takes the body of one response: judges by the headers and the first bytes what it is, and hands
/// on what is wanted of it.

#include <optional>
#include <string>

#include "fetcher/download/body_sink.hpp"
#include "fetcher/download/gzip_decoder.hpp"
#include "fetcher/download/resume.hpp"

namespace xylem::fetcher {

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
  std::uint64_t size() const { return sink_.size(); }
  /// Nothing of what the server announced is missing.
  bool complete() const { return sink_.complete() && (!decoder_ || decoder_->finished()); }
  /// The transfer has failed: what was kept in memory goes to the partial file, if it has a name,
  /// for the next try to continue. Losing it costs bytes only, so it never throws.
  void save() noexcept;
  /// The whole body. Once, and only if complete().
  Body finish() { return sink_.finish(); }

 private:
  void begin_body(const ResponseHead& head);
  bool decide();

  bool never_page_;
  ResumePoint point_;
  BodySink sink_;
  bool begun_ = false;
  std::optional<ResponseHead> odd_head_;  ///< Until enough has come to judge the body.
  Bytes front_;                           ///< What has come until then.
  std::optional<GzipDecoder> decoder_;
  ResumeAnswer answer_ = ResumeAnswer::NoBody;
  std::uint64_t discarded_ = 0;
};

}  // namespace xylem::fetcher
