#include "object/dirtree.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "object/names/file_name.hpp"
#include "object/names/names.hpp"
#include "object/variant/framing.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

[[noreturn]] void refuse(std::string_view name, std::string_view why) {
  throw Error(ErrorKind::Corrupt, fmt::format("The dirtree entry {} {}", quoted(name), why));
}

std::string parse_name(ByteView stored) {
  const std::string_view name = framing::terminated(stored);
  if (!is_valid_file_name(name)) throw Error(ErrorKind::Corrupt, file_name_problem(name));
  return std::string(name);
}

Checksum parse_checksum(ByteView stored) {
  if (const auto checksum = Checksum::from_bytes(stored)) return *checksum;
  throw Error(ErrorKind::Corrupt,
              fmt::format("A dirtree entry has a checksum of {} bytes", stored.size()));
}

DirTree::File parse_file(ByteView entry) {
  const auto [name, checksum] = framing::split_tuple<2>(entry);
  return {parse_name(name), parse_checksum(checksum)};
}

DirTree::Dir parse_dir(ByteView entry) {
  const auto [name, tree, meta] = framing::split_tuple<3>(entry);
  return {parse_name(name), parse_checksum(tree), parse_checksum(meta)};
}

template <typename Entry>
std::vector<Entry> parse_list(ByteView bytes, Entry (*parse_entry)(ByteView)) {
  const framing::ArrayReader list(bytes);
  std::vector<Entry> entries;
  // A damaged list may claim any number of entries, but each of a sound one has a checksum.
  entries.reserve(std::min(list.size(), bytes.size() / Checksum::size));
  for (std::size_t i = 0; i < list.size(); ++i) {
    Entry entry = parse_entry(list[i]);
    if (!entries.empty() && entries.back().name >= entry.name)
      refuse(entry.name, "is out of order, or comes twice");
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// Both lists are sorted.
void refuse_file_that_is_dir(const DirTree& tree) {
  auto dir = tree.dirs.begin();
  for (const DirTree::File& file : tree.files) {
    while (dir != tree.dirs.end() && dir->name < file.name) ++dir;
    if (dir != tree.dirs.end() && dir->name == file.name)
      refuse(file.name, "is both a file and a directory");
  }
}

void append_file(Bytes& bytes, const DirTree::File& file) {
  const std::size_t start = bytes.size();
  framing::append_text(bytes, file.name);
  const std::size_t name_end = bytes.size();
  framing::append(bytes, file.checksum.bytes());
  framing::end_tuple(bytes, start, {name_end});
}

void append_dir(Bytes& bytes, const DirTree::Dir& dir) {
  const std::size_t start = bytes.size();
  framing::append_text(bytes, dir.name);
  const std::size_t name_end = bytes.size();
  framing::append(bytes, dir.tree.bytes());
  framing::append(bytes, dir.meta.bytes());
  framing::end_tuple(bytes, start, {name_end, name_end + Checksum::size});
}

template <typename Entry>
void append_list(Bytes& bytes, const std::vector<Entry>& entries,
                 void (*append_entry)(Bytes&, const Entry&)) {
  const std::size_t start = bytes.size();
  std::vector<std::size_t> ends;
  ends.reserve(entries.size());
  for (const Entry& entry : entries) {
    append_entry(bytes, entry);
    ends.push_back(bytes.size());
  }
  framing::end_array(bytes, start, ends);
}

}  // namespace

DirTree parse_dirtree(ByteView bytes) {
  const auto [files, dirs] = framing::split_tuple<2>(bytes);
  DirTree tree{parse_list(files, parse_file), parse_list(dirs, parse_dir)};
  refuse_file_that_is_dir(tree);
  return tree;
}

Bytes serialize_dirtree(const DirTree& tree) {
  Bytes bytes;
  append_list(bytes, tree.files, append_file);
  const std::size_t files_end = bytes.size();
  append_list(bytes, tree.dirs, append_dir);
  framing::end_tuple(bytes, 0, {files_end});
  return bytes;
}

}  // namespace xylem::object
