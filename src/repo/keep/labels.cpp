#include "repo/keep/labels.hpp"

#include <fmt/format.h>

#include "base/printable.hpp"
#include "repo/disk/store_layout.hpp"
#include "repo/keep/extras.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

constexpr char label_group[] = "labels";

Extras labels_in(const Repo& repo) {
  return {repo, layout::labels};
}

Labels read_labels(const KeyFile& file) {
  Labels labels;
  for (const std::string& name : file.keys(label_group))
    labels.emplace(name, file.find_string(label_group, name).value_or(""));
  return labels;
}

void require_small(const Labels& labels) {
  constexpr std::size_t largest = 4096;
  for (const auto& [name, value] : labels)
    if (name.size() + value.size() > largest)
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("Label {} is larger than {} bytes", printable(name), largest));
}

bool is_of_nothing(const Repo& repo, const std::string& file) try {
  return !repo.store().has(parse_object_name(file));
} catch (const Error&) {
  return false;  // somebody else's file
}

}  // namespace

Labels labels_of(const Repo& repo, const object::ObjectName& object) {
  return read_labels(labels_in(repo).load(object.text()));
}

Labels edit_labels(Repo& repo, const object::ObjectName& object, const LabelChanges& changes) {
  require_small(changes.set);
  const RepoLock lock = repo.lock(os::LockMode::Shared);
  require_own(repo, object);
  Labels after;
  labels_in(repo).edit(object.text(), [&](KeyFile& file) {
    for (const std::string& name : changes.remove) file.remove_key(label_group, name);
    for (const auto& [name, value] : changes.set) file.set(label_group, name, value);
    after = read_labels(file);
    if (after.empty()) file.remove_group(label_group);
  });
  return after;
}

void remove_labels_of_nothing(Repo& repo) {
  for (const std::string& file : labels_in(repo).names())
    if (is_of_nothing(repo, file)) labels_in(repo).remove(file);
}

}  // namespace xylem::repo
