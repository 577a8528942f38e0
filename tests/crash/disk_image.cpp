#include "crash/disk_image.hpp"

#include <sys/stat.h>

#include <functional>
#include <string_view>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"

namespace xylem::test {

namespace {

constexpr std::uint64_t largest_file = 1ULL << 30;

PathAt at_cwd(const std::string& path) {
  return {FileDescriptor::cwd(), path};
}

Attributes attributes_of(const struct stat& info, std::vector<os::ExtendedAttribute> xattrs) {
  return {info.st_mode, info.st_uid, info.st_gid, info.st_mtime, std::move(xattrs)};
}

class Reader {
 public:
  Reader(DiskImage& image, FileIds& ids) : image_(image), ids_(ids) {}

  Inode read(const std::string& path) {
    const struct stat info = os::try_stat(at_cwd(path)).value();
    const auto [known, is_new] =
        ids_.try_emplace({info.st_dev, info.st_ino}, static_cast<Inode>(image_.nodes.size()));
    const Inode inode = known->second;
    if (!is_new) return inode;
    image_.nodes.push_back({read_attributes(path)});
    if (S_ISDIR(info.st_mode)) {
      for (const DirEntry& entry : list_directory(os::open_dir(at_cwd(path)))) {
        const Inode child = read(path + "/" + entry.name);
        image_.nodes[inode].entries.emplace(entry.name, child);
      }
    } else {
      image_.nodes[inode].content = std::make_shared<Bytes>(content_of(path, info.st_mode));
    }
    return inode;
  }

 private:
  static Bytes content_of(const std::string& path, mode_t mode) {
    if (S_ISREG(mode)) return os::try_read_file(at_cwd(path), largest_file).value();
    const std::string target = os::read_link(at_cwd(path));
    const ByteView bytes = as_bytes(target);
    return {bytes.begin(), bytes.end()};
  }

  DiskImage& image_;
  FileIds& ids_;
};

class Writer {
 public:
  Writer(const DiskImage& image, FileIds& ids) : image_(image), ids_(ids) {}

  void write(Inode inode, const std::string& path) {
    const auto [first, is_new] = paths_.try_emplace(inode, path);
    if (!is_new) {
      os::link(at_cwd(first->second), at_cwd(path));
      return;
    }
    const Node& node = image_.nodes[inode];
    make(node, path);
    const struct stat info = os::try_stat(at_cwd(path)).value();
    ids_.insert_or_assign({info.st_dev, info.st_ino}, inode);
    for (const auto& [name, child] : node.entries) write(child, path + "/" + name);
  }

 private:
  static void make(const Node& node, const std::string& path) {
    const Attributes& attributes = node.attributes;
    if (S_ISLNK(attributes.mode)) {
      os::symlink(as_text(*node.content), at_cwd(path));
      os::set_owner(at_cwd(path), attributes.uid, attributes.gid);
      return;
    }
    const bool is_dir = S_ISDIR(attributes.mode);
    if (is_dir) os::make_dir(at_cwd(path), 0700);
    const UniqueFd fd = is_dir ? os::open_dir(at_cwd(path))
                               : os::open(at_cwd(path), O_RDWR | O_CREAT | O_EXCL, 0600);
    if (!is_dir) os::write_all(fd, *node.content);
    os::set_owner(fd, attributes.uid, attributes.gid);
    os::set_mode(fd, attributes.mode & 07777);
    for (const auto& xattr : attributes.xattrs) os::set_xattr(fd, xattr.name, xattr.value);
    if (!is_dir) os::set_mtime(fd, attributes.mtime);
  }

  const DiskImage& image_;
  FileIds& ids_;
  std::map<Inode, std::string> paths_;
};

void mix(std::size_t& hash, std::size_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
  hash ^= hash >> 29;
}

std::size_t hash_of(ByteView bytes) {
  return std::hash<std::string_view>()(as_text(bytes));
}

void mix_node(std::size_t& hash, const DiskImage& image, Inode inode, const std::string& without) {
  const Node& node = image.nodes[inode];
  mix(hash, node.attributes.mode);
  mix(hash, node.attributes.uid);
  mix(hash, node.attributes.gid);
  for (const auto& xattr : node.attributes.xattrs) {
    mix(hash, hash_of(as_bytes(xattr.name)));
    mix(hash, hash_of(xattr.value));
  }
  mix(hash, hash_of(*node.content));
  for (const auto& [name, child] : node.entries) {
    if (name == without) continue;
    mix(hash, hash_of(as_bytes(name)));
    mix_node(hash, image, child, {});
  }
  mix(hash, node.entries.size());
}

}  // namespace

Attributes read_attributes(const std::string& path) {
  return attributes_of(os::try_stat(at_cwd(path)).value(), os::list_xattrs(at_cwd(path)));
}

Attributes read_attributes(FileDescriptor fd) {
  return attributes_of(os::stat(fd), os::list_xattrs(fd));
}

DiskImage DiskImage::read(const std::string& path, FileIds& ids) {
  DiskImage image;
  Reader(image, ids).read(path);
  return image;
}

void DiskImage::write(const std::string& path, FileIds& ids) const {
  Writer(*this, ids).write(root_inode, path);
}

std::size_t DiskImage::hash(const std::string& without) const {
  std::size_t hash = 0;
  mix_node(hash, *this, root_inode, without);
  return hash;
}

}  // namespace xylem::test
