#include "sign/keys/key_set.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "sign/keys/key_text.hpp"
#include "xylem/error.hpp"

namespace xylem::sign {

namespace {

constexpr std::uint64_t largest_file = 1024 * 1024;

/// Follows symlinks: whoever can write to a directory of keys is trusted anyway. Invalid if there
/// is no such file.
UniqueFd open_key_file(const std::string& path) {
  return os::try_open({FileDescriptor::cwd(), path}, O_RDONLY | O_NONBLOCK);
}

void require_regular(FileDescriptor fd, const std::string& path) {
  if (S_ISREG(os::stat(fd).st_mode)) return;
  throw Error(ErrorKind::Io, fmt::format("{} is not a regular file", path));
}

/// A key as an option or the configuration has it.
Bytes decode_key(Engine engine, const std::string& text, const std::string& what) {
  if (engine != Engine::Dummy) return decode_base64(text, what);
  return {text.begin(), text.end()};
}

std::vector<Bytes> parse_keys(Engine engine, std::string_view text, std::string_view label,
                              const std::string& path) {
  if (engine == Engine::Spki) return parse_pem(text, label, path);
  return engine == Engine::Dummy ? parse_words(text) : parse_key_lines(text, path);
}

/// Keys of a file whose PEM label, if it is PEM, is this one.
std::vector<Bytes> read_keys(Engine engine, const std::string& path, std::string_view label) {
  const UniqueFd fd = open_key_file(path);
  if (!fd.valid()) os::fail(ENOENT, "open the key file", path);
  require_regular(fd, path);
  Bytes text = os::read_file(fd, largest_file);
  std::vector<Bytes> keys = parse_keys(engine, as_text(text), label, path);
  OPENSSL_cleanse(text.data(), text.size());
  if (keys.empty())
    throw Error(ErrorKind::InvalidArgument, fmt::format("There is no key in {}", path))
        .hint(engine == Engine::Spki ? "it must hold PEM blocks" : "it must hold base64 lines");
  return keys;
}

/// Regular files, and symlinks to them, of a directory that may be missing; sorted.
std::vector<std::string> files_of(const std::string& path) {
  std::vector<std::string> files;
  const UniqueFd dir = os::try_open_dir({FileDescriptor::cwd(), path});
  if (!dir.valid()) return files;
  for (const DirEntry& entry : list_directory(dir))
    if (entry.type == DT_REG || entry.type == DT_LNK) files.push_back(path + "/" + entry.name);
  std::ranges::sort(files);
  return files;
}

}  // namespace

const std::vector<std::string>& system_key_dirs() {
  static const std::vector<std::string> dirs{"/etc/ostree", "/usr/share/ostree"};
  return dirs;
}

bool KeySet::is_revoked(const PublicKey& key) const {
  return std::ranges::any_of(
      revoked_, [&](const PublicKey& revoked) { return revoked.encoded() == key.encoded(); });
}

void KeySet::trust_text(const std::string& base64, const std::string& what) {
  trusted_.emplace_back(engine_, decode_key(engine_, base64, what), what);
}

void KeySet::trust_file(const std::string& path) {
  add_file(path, trusted_);
}

void KeySet::trust_dirs(const std::vector<std::string>& dirs) {
  add_dirs(dirs, "trusted", trusted_);
}

void KeySet::revoke_dirs(const std::vector<std::string>& dirs) {
  add_dirs(dirs, "revoked", revoked_);
}

void KeySet::add_file(const std::string& path, Keys& keys) const {
  for (Bytes& key : read_keys(engine_, path, "PUBLIC KEY"))
    keys.emplace_back(engine_, std::move(key), path);
}

void KeySet::add_dirs(const std::vector<std::string>& dirs, const std::string& kind,
                      Keys& keys) const {
  if (engine_ == Engine::Dummy) return;  // No system trusts it.
  for (const std::string& dir : dirs) {
    const std::string base = fmt::format("{}/{}.{}", dir, kind, name(engine_));
    if (open_key_file(base).valid()) add_file(base, keys);
    for (const std::string& file : files_of(base + ".d")) add_file(file, keys);
  }
}

std::vector<SecretKey> read_secret_keys(Engine engine, const std::string& path) {
  std::vector<SecretKey> keys;
  for (Bytes& key : read_keys(engine, path, "PRIVATE KEY"))
    keys.emplace_back(engine, std::move(key), path);
  return keys;
}

SecretKey parse_secret_key(Engine engine, const std::string& base64) {
  const std::string what = fmt::format("The {} secret key", name(engine));
  return {engine, decode_key(engine, base64, what), what};
}

}  // namespace xylem::sign
