#include "selinux/policy.hpp"

#include <fmt/format.h>
#include <selinux/label.h>
#include <selinux/selinux.h>

#include <cerrno>

#include "base/bytes.hpp"
#include "base/os/os.hpp"
#include "selinux/policy_config.hpp"
#include "xylem/error.hpp"

namespace xylem::selinux {

namespace {

constexpr std::uint64_t max_config_size = 1024 * 1024;

struct FreeContext {
  void operator()(char* context) const { ::freecon(context); }
};
using ContextPtr = std::unique_ptr<char, FreeContext>;

struct Found {
  std::string dir;  ///< Relative to the root.
  PolicyConfig config;
};

std::optional<Found> find_config(FileDescriptor root) {
  for (const char* dir : {"etc/selinux", "usr/etc/selinux"}) {
    if (!os::exists({root, dir})) continue;
    const auto text = os::try_read_file({root, fmt::format("{}/config", dir)}, max_config_size);
    if (!text) return std::nullopt;
    return Found{dir, parse_policy_config(as_text(*text))};
  }
  return std::nullopt;
}

}  // namespace

struct Policy::Handle {
  explicit Handle(selabel_handle* opened) : handle(opened) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { ::selabel_close(handle); }

  selabel_handle* handle;
};

Policy::Policy(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}

Policy::~Policy() = default;

std::shared_ptr<const Policy> Policy::open(FileDescriptor root) {
  const auto found = find_config(root);
  if (!found || !found->config.enabled || found->config.type.empty()) return nullptr;
  const std::string contexts =
      fmt::format("{}/{}/contexts/files/file_contexts", found->dir, found->config.type);
  const std::string shown = os::path_of(PathAt{root, contexts});
  // By path, through /proc: libselinux opens several files beside this one.
  const std::string path =
      root.get() == AT_FDCWD ? contexts : fmt::format("/proc/self/fd/{}/{}", root.get(), contexts);
  const selinux_opt options[] = {{SELABEL_OPT_PATH, path.c_str()}};
  selabel_handle* handle = ::selabel_open(SELABEL_CTX_FILE, options, 1);
  if (handle == nullptr) {
    const int error = errno;
    throw Error(error == ENOENT ? ErrorKind::NotFound : ErrorKind::Io,
                fmt::format("Opening the SELinux file contexts {}: {}", shown,
                            std::generic_category().message(error)),
                {.path = shown, .system_errno = error});
  }
  return std::shared_ptr<const Policy>(new Policy(std::make_unique<Handle>(handle)));
}

std::optional<std::string> Policy::label(const std::string& path, std::uint32_t mode) const {
  // What is mounted there has labels of its own; the empty directory is labelled as other mount
  // points are.
  const std::string& looked_up = path == "/proc" ? std::string("/mnt") : path;
  const std::scoped_lock lock(mutex_);
  char* raw = nullptr;
  const int result =
      ::selabel_lookup_raw(handle_->handle, &raw, looked_up.c_str(), static_cast<int>(mode));
  const int error = errno;
  const ContextPtr context(raw);
  if (result == 0) return std::string(context.get());
  if (error == ENOENT) return std::nullopt;
  throw Error(ErrorKind::Io,
              fmt::format("Looking up the SELinux label of {}: {}", path,
                          std::generic_category().message(error)),
              {.path = path, .system_errno = error});
}

}  // namespace xylem::selinux
