#pragma once

/// \file
/// What is behind the classes of xylem/store.hpp.

#include <utility>

#include "repo/repo.hpp"
#include "repo/store/named_ingest.hpp"
#include "xylem/store.hpp"

namespace xylem {

struct ObjectStore::Impl {
  explicit Impl(repo::Repo opened) : repo(std::move(opened)) {}
  repo::Repo repo;
};

/// Reads from memory, from a plain file at any place, or from a stream that begins anew to go back.
struct ObjectReader::Impl {
  std::uint64_t size = 0;
  std::uint64_t position = 0;
  Bytes memory;
  repo::LoadedFile file;

  std::size_t read(MutableByteView buffer);
  void seek(std::uint64_t offset);
};

struct ObjectIngest::Impl {
  std::shared_ptr<ObjectStore::Impl> store;
  repo::NamedIngest ingest;
};

}  // namespace xylem
