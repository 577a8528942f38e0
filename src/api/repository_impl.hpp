#pragma once

/// \file
/// Room `api`: what implements the public C++ interface, include/xylem/*.hpp. Knows nothing of C,
/// of the terminal.

#include <utility>

#include "repo/repo.hpp"
#include "xylem/repository.hpp"

namespace xylem {

struct Repository::Impl {
  explicit Impl(repo::Repo opened) : repo(std::move(opened)) {}
  repo::Repo repo;
};

}  // namespace xylem
