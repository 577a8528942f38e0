#include <dirent.h>

#include <map>
#include <set>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "object/object_name.hpp"
#include "object/summary.hpp"
#include "repo/refs/static_deltas.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

namespace {

constexpr char indexes_dir[] = "delta-indexes";

/// `a{sv}` with the deltas under the key that they have in a summary.
Bytes build_index(const std::vector<DeltaEntry>& deltas) {
  object::DictBuilder index;
  index.set(object::summary_key::static_deltas, build_delta_digests(deltas));
  return object::serialize_dict_object(index.build());
}

/// Writes only what changed: each write costs a flush.
void update_index(const Repo& repo, const std::string& path, const Bytes& content) {
  const auto old = os::try_read_file({repo.dir(), path}, object::default_max_metadata_size);
  if (old == content) return;
  os::make_dirs({repo.dir(), path.substr(0, path.rfind('/'))}, 0775);
  replace_file({repo.dir(), path}, content, repo.config().fsync);
}

void remove_other_indexes(const Repo& repo, const std::set<std::string>& wanted) {
  const UniqueFd indexes = os::try_open_dir({repo.dir(), indexes_dir});
  if (!indexes.valid()) return;
  for (const DirEntry& two : list_directory(indexes)) {
    if (two.type != DT_DIR) continue;
    const UniqueFd dir = os::open_dir({indexes, two.name});
    for (const DirEntry& file : list_directory(dir)) {
      const std::string path = std::string(indexes_dir) + "/" + two.name + "/" + file.name;
      if (file.name.ends_with(".index") && !wanted.contains(path)) os::unlink({dir, file.name});
    }
  }
}

void promise_indexes(Repo& repo) {
  if (repo.key_file().find_bool("core", "indexed-deltas").value_or(false)) return;
  KeyFile config = repo.key_file();
  config.set("core", "indexed-deltas", "true");
  repo.write_config(std::move(config));
}

}  // namespace

GVariantPtr build_delta_digests(const std::vector<DeltaEntry>& deltas) {
  object::DictBuilder digests;
  for (const DeltaEntry& delta : deltas)
    digests.set(delta.name.text(), object::make_byte_array(delta.superblock.bytes()));
  return GVariantPtr(g_variant_ref(digests.build().get()));
}

void write_delta_indexes(Repo& repo, const std::vector<DeltaEntry>& deltas) {
  std::map<Checksum, std::vector<DeltaEntry>> by_target;
  for (const DeltaEntry& delta : deltas) by_target[delta.name.to].push_back(delta);
  std::set<std::string> wanted;
  for (const auto& [to, entries] : by_target) {
    const std::string path = delta_index_file(to);
    update_index(repo, path, build_index(entries));
    wanted.insert(path);
  }
  remove_other_indexes(repo, wanted);
  promise_indexes(repo);
}

}  // namespace xylem::repo
