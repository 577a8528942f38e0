#include <algorithm>
#include <cstring>

#include "capi/c_types.hpp"

using xylem::api::guarded;

namespace {

static_assert(static_cast<int>(xylem::ErrorKind::Io) == XYLEM_ERROR_IO);

xylem::RepositoryMode parse_mode(const std::string& mode) {
  if (mode == "archive") return xylem::RepositoryMode::Archive;
  if (mode == "bare") return xylem::RepositoryMode::Bare;
  if (mode == "bare-user") return xylem::RepositoryMode::BareUser;
  if (mode == "bare-user-only") return xylem::RepositoryMode::BareUserOnly;
  throw xylem::Error(xylem::ErrorKind::InvalidArgument, "Invalid mode '" + mode + "'");
}

class CallbackObserver : public xylem::PullObserver {
 public:
  CallbackObserver(xylem_progress_function function, void* user_data)
      : function_(function), user_data_(user_data) {}

  void on_progress(const xylem::PullProgress& progress) override {
    if (function_ == nullptr) return;
    const xylem_progress plain{name(progress.phase),      progress.bytes_transferred,
                               progress.metadata_fetched, progress.metadata_requested,
                               progress.content_fetched,  progress.content_requested};
    function_(&plain, user_data_);
  }

 private:
  xylem_progress_function function_;
  void* user_data_;
};

xylem_pull_result plain_result(const xylem::PullResult& result) {
  const auto changed = std::ranges::count_if(result.refs, &xylem::PulledRef::changed);
  return {result.metadata_fetched, result.content_fetched, result.bytes_transferred,
          result.bytes_written, static_cast<std::uint64_t>(changed)};
}

}  // namespace

xylem_error_kind xylem_error_get_kind(const xylem_error* error) {
  return error->kind;
}
const char* xylem_error_message(const xylem_error* error) {
  return error->message.c_str();
}
const char* xylem_error_hint(const xylem_error* error) {
  return error->hint.c_str();
}
void xylem_error_free(xylem_error* error) {
  delete error;
}

xylem_cancel* xylem_cancel_new() {
  return new xylem_cancel;
}
void xylem_cancel_request(xylem_cancel* cancel) {
  cancel->source.cancel();
}
void xylem_cancel_free(xylem_cancel* cancel) {
  delete cancel;
}

xylem_pull_options* xylem_pull_options_new(const char* remote) {
  auto* created = new xylem_pull_options;
  created->options.remote = remote;
  return created;
}
void xylem_pull_options_free(xylem_pull_options* options) {
  delete options;
}

void xylem_pull_options_add_ref(xylem_pull_options* options, const char* ref) {
  options->options.refs.emplace_back(ref);
}
void xylem_pull_options_add_subpath(xylem_pull_options* options, const char* path) {
  options->options.subpaths.emplace_back(path);
}
void xylem_pull_options_add_localcache_repo(xylem_pull_options* options, const char* path) {
  options->options.localcache_repos.emplace_back(path);
}
void xylem_pull_options_add_http_header(xylem_pull_options* options, const char* name,
                                        const char* value) {
  options->options.http_headers.emplace_back(name, value);
}
void xylem_pull_options_set_url(xylem_pull_options* options, const char* url) {
  options->options.url = url;
}
void xylem_pull_options_set_depth(xylem_pull_options* options, int depth) {
  options->options.depth = depth;
}
void xylem_pull_options_set_mirror(xylem_pull_options* options, int mirror) {
  options->options.mirror = mirror != 0;
}
void xylem_pull_options_set_commit_metadata_only(xylem_pull_options* options, int only) {
  options->options.commit_metadata_only = only != 0;
}
void xylem_pull_options_set_timestamp_check(xylem_pull_options* options, int check) {
  options->options.timestamp_check = check != 0;
}
void xylem_pull_options_set_sandbox(xylem_pull_options* options, int sandbox) {
  options->options.sandbox = sandbox != 0;
}
void xylem_pull_options_set_network_retries(xylem_pull_options* options, unsigned retries) {
  options->options.network_retries = retries;
}
void xylem_pull_options_set_update_frequency(xylem_pull_options* options, unsigned milliseconds) {
  options->options.update_frequency = std::chrono::milliseconds(milliseconds);
}

xylem_repository* xylem_repository_open(const char* path, xylem_error** error) {
  return guarded(error, [&] { return new xylem_repository{xylem::Repository::open(path)}; });
}

xylem_repository* xylem_repository_create(const char* path, const char* mode, xylem_error** error) {
  return guarded(error, [&] {
    return new xylem_repository{xylem::Repository::create(path, parse_mode(mode))};
  });
}

void xylem_repository_free(xylem_repository* repository) {
  delete repository;
}

int xylem_repository_set_remote(xylem_repository* repository, const char* name, const char* url,
                                int gpg_verify, xylem_error** error) {
  return guarded(error, [&] {
    repository->repository.set_remote(name, url,
                                      {{"gpg-verify", gpg_verify != 0 ? "true" : "false"}});
    return 1;
  });
}

char* xylem_repository_resolve(const xylem_repository* repository, const char* rev,
                               xylem_error** error) {
  return guarded(error, [&]() -> char* {
    const auto commit = repository->repository.resolve(rev);
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

int xylem_repository_pull(const xylem_repository* repository, const xylem_pull_options* options,
                          xylem_progress_function progress, void* user_data,
                          const xylem_cancel* cancel, xylem_pull_result* result,
                          xylem_error** error) {
  return guarded(error, [&] {
    CallbackObserver observer(progress, user_data);
    const xylem::PullResult pulled =
        repository->repository.pull(options->options, &observer, xylem::api::token_of(cancel));
    if (result != nullptr) *result = plain_result(pulled);
    return 1;
  });
}
