#include "tree/commit/commit_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "object/names/names.hpp"
#include "repo/refs/require_whole.hpp"
#include "tree/commit/bootable.hpp"
#include "tree/commit/import_archive.hpp"
#include "tree/commit/import_commit.hpp"
#include "tree/commit/import_dir.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

std::uint64_t default_timestamp() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr) return static_cast<std::uint64_t>(std::time(nullptr));
  char* end = nullptr;
  errno = 0;
  const long long seconds = std::strtoll(text, &end, 10);
  const char* hint = "set it to the seconds since 1970 in decimal, or unset it";
  if (errno == ERANGE)
    throw Error(ErrorKind::InvalidArgument,
                "Parsing SOURCE_DATE_EPOCH: Numerical result out of range", {.hint = hint});
  if (end == text || *end != '\0' || seconds < 0)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Failed to convert SOURCE_DATE_EPOCH {}", object::quoted(text)),
                {.hint = hint});
  return static_cast<std::uint64_t>(seconds);
}

void import(ImportContext& context, const TreeSource& source, MutableTree& tree) {
  // libostree forgets the sizes of earlier trees at this point.
  context.writer.sizes().clear();
  if (source.kind == TreeSource::Kind::Dir) return import_dir(context, source.value, tree);
  if (source.kind == TreeSource::Kind::Tar) return import_archive(context, source.value, tree);
  const Checksum commit = repo::resolve_rev(context.repo(), source.value);
  repo::require_whole(context.repo(), commit);
  import_commit(context, root_of(context.repo(), commit), tree);
}

/// Beside what the caller gave under the same keys, as libostree does.
void add_bindings(const repo::Repo& repo, const CommitRequest& request,
                  object::DictBuilder& metadata) {
  std::vector<std::string> refs = request.bind_refs;
  std::sort(refs.begin(), refs.end());
  metadata.append(object::commit_key::ref_binding, refs);
  const auto& collection = repo.config().collection_id;
  if (collection && !request.metadata.find(object::commit_key::collection_binding))
    metadata.append(object::commit_key::collection_binding, *collection);
}

object::Dict complete_metadata(ObjectWriter& writer, const CommitRequest& request,
                               MutableTree& tree) {
  object::DictBuilder bound(request.metadata);
  if (request.bind) add_bindings(writer.repo(), request, bound);
  object::Dict metadata = bound.build();
  if (request.bootable) metadata = add_bootable(metadata, tree);
  if (writer.sizes().empty()) return metadata;
  return object::DictBuilder(metadata)
      .append(object::commit_key::sizes, writer.sizes().build())
      .build();
}

Checksum write_commit(ObjectWriter& writer, const CommitRequest& request, const DirNode& root,
                      MutableTree& tree) {
  object::Commit commit;
  commit.metadata = complete_metadata(writer, request, tree);
  commit.parent = request.parent;
  commit.subject = request.subject;
  commit.body = request.body;
  commit.timestamp = request.timestamp ? *request.timestamp : default_timestamp();
  commit.root_tree = root.tree;
  commit.root_meta = root.meta;
  const Checksum checksum = writer.write_commit(commit);
  if (!request.detached_metadata.empty())
    writer.transaction().ingest().write_commitmeta(
        checksum, object::serialize_dict_object(request.detached_metadata));
  return checksum;
}

bool unchanged(const repo::Repo& repo, const CommitRequest& request, const DirNode& root) {
  return request.skip_if_unchanged && request.parent && root_of(repo, *request.parent) == root;
}

void require_consumable(const repo::Repo& repo, const CommitRequest& request) {
  if (!request.modifier.consume) return;
  for (const TreeSource& source : request.trees)
    if (source.kind == TreeSource::Kind::Dir) require_apart(source.value, repo.dir());
}

}  // namespace

CommitOutcome commit_tree(repo::Transaction& transaction, const CommitRequest& request) {
  require_consumable(transaction.repo(), request);
  MutableTree tree(transaction.repo());
  ImportContext context(request, transaction);
  ObjectWriter& writer = context.writer;
  if (request.modifier.link_checkout_speedup || request.modifier.devino_canonical)
    context.devino = std::make_unique<DevinoCache>(context.repo());

  if (request.base) {
    repo::require_whole(writer.repo(), *request.base);
    tree.try_fill(root_of(writer.repo(), *request.base));
  }
  for (const TreeSource& source : request.trees) import(context, source, tree);
  context.filter.check_all_used();
  const DirNode root = tree.write(writer);

  CommitOutcome outcome;
  outcome.skipped = unchanged(writer.repo(), request, root);
  outcome.commit = outcome.skipped ? *request.parent : write_commit(writer, request, root, tree);
  outcome.metadata_total = writer.metadata_total();
  outcome.content_total = writer.content_total();
  outcome.cache_hits = context.cache_hits;
  if (request.modifier.consume) outcome.seen = std::move(context.seen);
  return outcome;
}

}  // namespace xylem::tree
