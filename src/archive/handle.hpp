#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <string>

#include "xylem/error.hpp"

namespace xylem::archive {

struct FreeReader {
  void operator()(struct archive* handle) const { ::archive_read_free(handle); }
};
struct FreeWriter {
  void operator()(struct archive* handle) const { ::archive_write_free(handle); }
};
struct FreeEntry {
  void operator()(struct archive_entry* entry) const { ::archive_entry_free(entry); }
};
using ReaderHandle = std::unique_ptr<struct archive, FreeReader>;
using WriterHandle = std::unique_ptr<struct archive, FreeWriter>;
using EntryHandle = std::unique_ptr<struct archive_entry, FreeEntry>;

/// What libarchive says about its last failure.
inline std::string reason(struct archive* handle) {
  const char* text = ::archive_error_string(handle);
  return text != nullptr ? text : "unknown error";
}

}  // namespace xylem::archive
