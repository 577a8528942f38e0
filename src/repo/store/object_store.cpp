#include "xylem/store.hpp"

#include "base/os/os.hpp"
#include "repo/keep/extras.hpp"
#include "repo/keep/labels.hpp"
#include "repo/keep/leases.hpp"
#include "repo/store/new_object.hpp"
#include "repo/store/object_walk.hpp"
#include "repo/store/store_impl.hpp"
#include "repo/upkeep/remove_objects.hpp"

namespace xylem {

using object::ObjectName;

ObjectStore::ObjectStore(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
ObjectStore::ObjectStore(ObjectStore&&) noexcept = default;
ObjectStore& ObjectStore::operator=(ObjectStore&&) noexcept = default;
ObjectStore::~ObjectStore() = default;

ObjectStore ObjectStore::open(const std::string& path) {
  return ObjectStore(std::make_shared<Impl>(repo::Repo::open(path)));
}

ObjectInfo ObjectStore::info(const std::string& object) const {
  const ObjectName name = repo::parse_object_name(object);
  for (const repo::Repo* at = &impl_->repo; at != nullptr; at = at->parent())
    if (auto info = repo::look_at_object(*at, name)) {
      info->of_parent = at != &impl_->repo;
      return std::move(*info);
    }
  repo::require_own(impl_->repo, name);
  throw Error(ErrorKind::NotFound, "No such object: " + object, {.object = object});
}

ObjectReader ObjectStore::read(const std::string& object) const {
  const ObjectName name = repo::parse_object_name(object);
  auto impl = std::make_unique<ObjectReader::Impl>();
  if (name.type == object::ObjectType::File) {
    impl->file = impl_->repo.load_file(name.checksum);
    impl->size = impl->file.size;
  } else {
    impl->memory = impl_->repo.load_metadata(name);
    impl->size = impl->memory.size();
  }
  return ObjectReader(std::move(impl));
}

void ObjectStore::walk(const ObjectFilter& filter,
                       const std::function<bool(const ObjectInfo&)>& visit,
                       const CancelToken& cancel) const {
  repo::walk_objects(impl_->repo, filter, visit, cancel);
}

RemovedObjects ObjectStore::remove(const std::vector<std::string>& objects,
                                   const CancelToken& cancel) {
  std::vector<ObjectName> names;
  for (const std::string& object : objects) names.push_back(repo::parse_object_name(object));
  const repo::RemovalReport report = repo::remove_objects(impl_->repo, names, cancel);
  return {report.objects, report.bytes_freed, report.failures.errors()};
}

ObjectIngest ObjectStore::ingest(const std::string& name, const NewObject& object) {
  impl_->repo.require_writable();
  repo::require_possible(object);
  return ObjectIngest(std::make_unique<ObjectIngest::Impl>(
      ObjectIngest::Impl{impl_, repo::NamedIngest::begin(impl_->repo.tmp(), name, object)}));
}

std::vector<IngestStatus> ObjectStore::ingests() const {
  return repo::list_ingests(impl_->repo.tmp());
}

void ObjectStore::abort_ingest(const std::string& name) {
  repo::abort_ingest(impl_->repo.tmp(), name);
}

std::vector<Lease> ObjectStore::leases() const {
  return repo::list_leases(impl_->repo);
}

Lease ObjectStore::lease(const LeaseRequest& request) {
  return repo::grant_lease(impl_->repo, request);
}

void ObjectStore::release(const std::string& lease) {
  repo::release_lease(impl_->repo, lease);
}

std::map<std::string, std::string> ObjectStore::label(
    const std::string& object, const std::map<std::string, std::optional<std::string>>& changes) {
  const ObjectName name = repo::parse_object_name(object);
  if (changes.empty()) {
    repo::require_own(impl_->repo, name);
    return repo::labels_of(impl_->repo, name);
  }
  repo::LabelChanges split;
  for (const auto& [label, value] : changes) {
    if (value)
      split.set.emplace(label, *value);
    else
      split.remove.insert(label);
  }
  return repo::edit_labels(impl_->repo, name, split);
}

}  // namespace xylem
