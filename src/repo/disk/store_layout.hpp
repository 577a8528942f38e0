#pragma once

/// \file
/// Names of what programs keep in a repository beside its objects, all of it ours.

namespace xylem::repo::layout {

/// One key file for each lease, under its name.
constexpr char leases[] = "extensions/xylem/leases";
/// One key file for each object that has labels: "<checksum>.<type>".
constexpr char labels[] = "extensions/xylem/labels";

/// Prefix of directories in tmp/ for what is being added under a name.
constexpr char ingest_prefix[] = "ingest-";
/// In such a directory: what has come so far, and what it shall be.
constexpr char ingest_data[] = "data";
constexpr char ingest_record[] = "record";

}  // namespace xylem::repo::layout
