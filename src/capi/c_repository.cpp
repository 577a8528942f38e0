// The C interface of a repository, its refs and remotes.

#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "capi/c_types.hpp"

using xylem::api::guarded;
using xylem::api::required;

struct xylem_refs {
  std::vector<std::pair<std::string, std::string>> refs;  ///< Names and commits.
};

namespace {

xylem::RepositoryMode parse_mode(const std::string& mode) {
  if (mode == "archive") return xylem::RepositoryMode::Archive;
  if (mode == "bare") return xylem::RepositoryMode::Bare;
  if (mode == "bare-user") return xylem::RepositoryMode::BareUser;
  if (mode == "bare-user-only") return xylem::RepositoryMode::BareUserOnly;
  throw xylem::Error(xylem::ErrorKind::InvalidArgument, "Invalid mode '" + mode + "'");
}

}  // namespace

xylem_cancel* xylem_cancel_new() {
  return new xylem_cancel;
}
void xylem_cancel_request(xylem_cancel* cancel) {
  if (cancel != nullptr) cancel->source.cancel();
}
void xylem_cancel_free(xylem_cancel* cancel) {
  delete cancel;
}

xylem_repository* xylem_repository_open(const char* path, xylem_error** error) {
  return guarded(
      error, [&] { return new xylem_repository{xylem::Repository::open(required(path, "path"))}; });
}

xylem_repository* xylem_repository_create(const char* path, const char* mode, xylem_error** error) {
  return guarded(error, [&] {
    return new xylem_repository{
        xylem::Repository::create(required(path, "path"), parse_mode(required(mode, "mode")))};
  });
}

void xylem_repository_free(xylem_repository* repository) {
  delete repository;
}

int xylem_repository_set_remote(xylem_repository* repository, const char* name, const char* url,
                                int gpg_verify, xylem_error** error) {
  return guarded(error, [&] {
    required(repository, "repository")
        ->repository.set_remote(required(name, "name"), required(url, "url"),
                                {{"gpg-verify", gpg_verify != 0 ? "true" : "false"}});
    return 1;
  });
}

char* xylem_repository_resolve(const xylem_repository* repository, const char* rev,
                               xylem_error** error) {
  return guarded(error, [&]() -> char* {
    const auto commit =
        required(repository, "repository")->repository.resolve(required(rev, "rev"));
    if (!commit)
      throw xylem::Error(xylem::ErrorKind::NotFound,
                         "Refspec '" + std::string(rev) + "' not found");
    auto* copy = new char[commit->size() + 1];
    std::memcpy(copy, commit->c_str(), commit->size() + 1);
    return copy;
  });
}

void xylem_string_free(char* string) {
  delete[] string;
}

int xylem_repository_is_complete(const xylem_repository* repository, const char* commit,
                                 xylem_error** error) {
  constexpr int yes = 2;  // guarded() returns 0 after a failure
  const int answer = guarded(error, [&] {
    return required(repository, "repository")->repository.is_complete(required(commit, "commit"))
               ? yes
               : yes - 1;
  });
  return answer - 1;
}

xylem_refs* xylem_repository_refs(const xylem_repository* repository, xylem_error** error) {
  return guarded(error, [&] {
    auto list = std::make_unique<xylem_refs>();
    for (auto& ref : required(repository, "repository")->repository.refs())
      list->refs.emplace_back(ref.first, ref.second);
    return list.release();
  });
}
size_t xylem_refs_count(const xylem_refs* refs) {
  return refs != nullptr ? refs->refs.size() : 0;
}
const char* xylem_refs_name(const xylem_refs* refs, size_t index) {
  return index < xylem_refs_count(refs) ? refs->refs[index].first.c_str() : nullptr;
}
const char* xylem_refs_commit(const xylem_refs* refs, size_t index) {
  return index < xylem_refs_count(refs) ? refs->refs[index].second.c_str() : nullptr;
}
void xylem_refs_free(xylem_refs* refs) {
  delete refs;
}
