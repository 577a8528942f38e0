#pragma once

#include <optional>

#include "repo/store/named_ingest.hpp"

namespace xylem::repo {

/// The record in a directory of an ingest; nullopt if there is none, or none that can be read.
std::optional<IngestRecord> read_ingest_record(FileDescriptor dir);
/// Not durable: what is lost is begun anew.
void write_ingest_record(FileDescriptor dir, const IngestRecord& record);

}  // namespace xylem::repo
