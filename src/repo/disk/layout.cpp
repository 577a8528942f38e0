#include "repo/disk/layout.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "base/os/os.hpp"
#include "xylem/error.hpp"

namespace xylem::repo::layout {

namespace {

using object::ObjectName;
using object::ObjectType;

constexpr char partial_suffix[] = ".commitpartial";

std::string read_boot_id() {
  const UniqueFd fd =
      os::open({FileDescriptor::cwd(), "/proc/sys/kernel/random/boot_id"}, O_RDONLY);
  std::array<std::uint8_t, 64> buffer{};
  const std::size_t size = os::read_at(fd, buffer, 0);
  const std::string_view text = as_text(ByteView(buffer).first(size));
  return std::string(text.substr(0, text.find('\n')));
}

std::string boot_id() {
  const char* given = std::getenv("OSTREE_BOOTID");
  if (given == nullptr) return read_boot_id();
  if (std::string_view(given).find('/') != std::string_view::npos)
    throw Error(ErrorKind::InvalidArgument, "OSTREE_BOOTID must not contain '/'");
  return given;
}

std::string object_path(const Checksum& checksum, std::string_view extension) {
  std::string path = checksum.hex();
  path.insert(2, 1, '/');
  path.append(".").append(extension);
  return path;
}

}  // namespace

std::string staging_prefix() {
  return any_staging_prefix + boot_id() + "-";
}

std::string object_dir(const Checksum& checksum) {
  return object_dir(checksum.bytes()[0]);
}

std::string object_dir(std::uint8_t prefix) {
  return fmt::format("{:02x}", prefix);
}

std::string loose_extension(ObjectType type, Mode mode) {
  std::string text(object::extension(type));
  if (mode == Mode::Archive && !object::is_metadata(type)) text += 'z';
  return text;
}

std::string loose_object(const ObjectName& name, Mode mode) {
  return object_path(name.checksum, loose_extension(name.type, mode));
}

std::optional<ObjectName> parse_loose_object(std::string_view two_digits,
                                             std::string_view file_name, Mode mode) {
  constexpr std::size_t rest_size = Checksum::hex_size - 2;
  if (two_digits.size() != 2 || file_name.size() <= rest_size || file_name[rest_size] != '.')
    return std::nullopt;
  const auto checksum =
      Checksum::from_hex(std::string(two_digits).append(file_name.substr(0, rest_size)));
  std::string_view extension = file_name.substr(rest_size + 1);
  auto type = object::type_from_extension(extension);
  if (!type && extension.ends_with('z')) {
    extension.remove_suffix(1);
    type = object::type_from_extension(extension);
  }
  if (!checksum || !type) return std::nullopt;
  const ObjectName name{*checksum, *type};
  // What is left to be told apart: "file" in an archive, "filez" in a bare repository.
  if (file_name.substr(rest_size + 1) != loose_extension(*type, mode)) return std::nullopt;
  return name;
}

std::string partial_marker(const Checksum& commit) {
  return std::string(state) + "/" + commit.hex() + partial_suffix;
}

std::optional<Checksum> parse_partial_marker(std::string_view file_name) {
  if (!file_name.ends_with(partial_suffix)) return std::nullopt;
  file_name.remove_suffix(sizeof partial_suffix - 1);
  return Checksum::from_hex(file_name);
}

std::string remote_object(const ObjectName& name) {
  std::string path = loose_object(name, Mode::Archive);
  path.insert(0, "/").insert(0, objects);
  return path;
}

std::string ref_file(std::string_view ref) {
  return std::string(refs_heads).append("/").append(ref);
}

std::string remote_ref_file(std::string_view remote, std::string_view ref) {
  return std::string(refs_remotes).append("/").append(remote).append("/").append(ref);
}

std::string mirror_ref_file(std::string_view collection, std::string_view ref) {
  return std::string(refs_mirrors).append("/").append(collection).append("/").append(ref);
}

std::string remote_keyring(std::string_view remote) {
  return std::string(remote).append(".trustedkeys.gpg");
}

std::string remote_cookies(std::string_view remote) {
  return std::string(remote).append(".cookies.txt");
}

std::string cached_summary(std::string_view remote) {
  return std::string(cached_summaries).append("/").append(remote);
}

}  // namespace xylem::repo::layout
