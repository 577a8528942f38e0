#pragma once

/// \file
/// How a response fits to the partial file that a request wants to continue. Pure.

#include <cstdint>
#include <optional>
#include <string>

#include "fetcher/download/download_record.hpp"
#include "fetcher/http/response_head.hpp"

namespace xylem::fetcher {

/// What is there already, and what was asked for.
struct ResumePoint {
  std::uint64_t offset = 0;  ///< Bytes that are there; 0 means that the whole body was asked for.
  std::optional<DownloadRecord> record;
  bool same_url = false;  ///< The record was made from the URL that is asked now.

  /// For `If-Range`; empty if the server's word on the version is of no use here.
  std::string validator() const {
    return same_url && record ? strong_validator(record->validators) : "";
  }
};

enum class ResumeAnswer {
  Whole,      ///< The body is the whole thing, from its first byte.
  Continued,  ///< The body goes on where the partial file ends.
  Complete,   ///< The partial file was the whole thing already.
  Refused,    ///< The answer does not fit: forget the partial file and ask for the whole thing.
  Page,       ///< A web page came in place of the thing; what is there stays.
  NoBody,     ///< The response is no success; its body is of no interest.
};

ResumeAnswer resume_answer(const ResumePoint& point, const ResponseHead& head);

}  // namespace xylem::fetcher
