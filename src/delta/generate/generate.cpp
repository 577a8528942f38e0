#include "delta/generate/generate.hpp"

#include <algorithm>
#include <numeric>
#include <thread>

#include "base/os/os.hpp"
#include "delta/format/envelope.hpp"
#include "delta/format/limits.hpp"
#include "delta/generate/build_superblock.hpp"
#include "delta/generate/encoder.hpp"
#include "delta/generate/part_layout.hpp"
#include "delta/match/find_copies.hpp"
#include "delta/store/delta_place.hpp"
#include "repo/refs/require_whole.hpp"
#include "task/parallel.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

using object::ObjectName;
using object::ObjectType;

namespace {

unsigned thread_count(const GenerateOptions& options) {
  return options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
}

std::uint64_t memory_limit(const GenerateOptions& options) {
  return options.max_memory != 0 ? options.max_memory : available_memory() / 2;
}

/// libostree has the payload of a part in memory, and of a patched file both versions. xz needs
/// its dictionary.
GenerateOptions fit_for_memory(GenerateOptions options) {
  if (options.for_memory == 0) return options;
  options.max_part_size = std::min(options.max_part_size, options.for_memory / 4);
  options.max_patched_size = std::min(options.max_patched_size, options.for_memory / 4);
  return options;
}

XzBlocks blocks_for(const GenerateOptions& options) {
  constexpr std::uint64_t least_dictionary = 64 << 10;
  XzBlocks blocks;
  if (options.for_memory != 0)
    blocks.dictionary = std::clamp(options.for_memory / 8, least_dictionary, blocks.dictionary);
  return blocks;
}

EncodingRules rules_of(const GenerateOptions& options) {
  return {.patches = !options.disable_patches && options.max_patched_size > 0,
          .max_patched = options.max_patched_size,
          .min_alone = options.min_fallback_size,
          .max_plain = options.max_part_size};
}

/// One delta, step by step.
/// Files of the old commit that a new one may resemble. Empty without an old commit.
struct Candidates {
  std::optional<SourceFinder> by_path;
  std::optional<SimilarContent> similar;

  Sources sources() const { return {by_path ? &*by_path : nullptr, similar ? &*similar : nullptr}; }
};

class Generator {
 public:
  Generator(const repo::Repo& repo, const DeltaName& name, const GenerateOptions& options)
      : repo_(repo),
        options_(options),
        budget_(memory_limit(options)),
        place_(options.filename.empty() ? place_in_repo(repo, name)
                                        : place_at(options.filename, repo.config().fsync)),
        reader_(repo, spool_dir(), options.cancel),
        scratch_({.dir = spool_dir()}) {
    report_.name = name;
  }

  GenerateReport run() {
    compare();
    encode_files();
    note_files();
    write_parts();
    publish();
    return std::move(report_);
  }

 private:
  FileDescriptor spool_dir() const { return repo_.writable() ? repo_.tmp() : place_->dir(); }

  void compare() {
    const CommitContent to = list_content(repo_, report_.name.to, options_.cancel);
    if (report_.name.from) from_ = list_content(repo_, *report_.name.from, options_.cancel);
    objects_ = find_new(repo_, to, from_, thread_count(options_), options_.cancel);
    if (!from_) return;
    report_.changed_paths = count_changed(to, *from_);
    candidates_.by_path.emplace(repo_, *from_);
    find_similar(to);
  }

  /// For files whose paths say nothing.
  void find_similar(const CommitContent& to) {
    std::vector<const NewFile*> unknown;
    for (const NewFile& file : objects_.files)
      if (candidates_.by_path->find(file.paths, file.size).empty()) unknown.push_back(&file);
    candidates_.similar.emplace(repo_, *from_, to, unknown, thread_count(options_),
                                options_.cancel);
  }

  /// Large files first: then no thread has to wait long for another at the end.
  void encode_files() {
    const Encoder encoder(reader_, candidates_.sources(), rules_of(options_), scratch_, budget_);
    std::vector<std::size_t> order(objects_.files.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater<>(),
                             [&](std::size_t index) { return objects_.files[index].size; });
    encodings_.resize(order.size());
    const auto encode = [&](std::size_t index) {
      options_.cancel.check();
      encodings_[order[index]] = encoder.encode(objects_.files[order[index]]);
    };
    repo::for_each_index(order.size(), thread_count(options_), encode,
                         [&](std::size_t done) { tell(done, order.size() + 1); });
  }

  void note_files() {
    report_.metadata = objects_.metadata.size();
    report_.regular_files = objects_.files.size();
    report_.links = objects_.links.size();
    for (const ObjectName& name : objects_.metadata) report_.loose_size += stored_size(repo_, name);
    for (const NewFile& link : objects_.links) report_.loose_size += link.stored_size;
    for (std::size_t i = 0; i < encodings_.size(); ++i) note(objects_.files[i], encodings_[i]);
  }

  void note(const NewFile& file, const Encoding& encoding) {
    report_.loose_size += file.stored_size;
    if (std::holds_alternative<Patch>(encoding)) ++report_.patched;
    if (std::holds_alternative<Alone>(encoding))
      report_.fallbacks.push_back({{file.checksum, ObjectType::File}, file.stored_size, file.size});
    if (const auto* copies = std::get_if<Copies>(&encoding)) {
      ++report_.copied;
      report_.copied_bytes += file.size - new_bytes(copies->pieces);
    }
  }

  /// As many parts at a time as there are threads for; if they are fewer, several threads work on
  /// each.
  void write_parts() {
    const std::vector<PartPlan> plans =
        lay_out(repo_, objects_, encodings_, options_.max_part_size);
    parts_.resize(plans.size());
    XzBlocks blocks = blocks_for(options_);
    const unsigned threads = static_cast<unsigned>(std::clamp<std::uint64_t>(
        memory_limit(options_) / xz_block_memory(blocks), 1, thread_count(options_)));
    blocks.threads = static_cast<unsigned>(std::max<std::size_t>(1, threads / plans.size()));
    const auto write = [&](std::size_t index) {
      PayloadSource payload(plans[index], repo_, scratch_.bytes(), options_.cancel);
      parts_[index] =
          write_part({place_->dir(), std::to_string(index)}, plans[index], payload, blocks);
    };
    const std::size_t files = objects_.files.size();
    repo::for_each_index(plans.size(), threads, write,
                         [&](std::size_t done) { tell(files + done, files + plans.size()); });
  }

  /// Takes the files of the parts away from their place.
  std::vector<Bytes> take_inline_parts() {
    std::vector<Bytes> files;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const PathAt path{place_->dir(), std::to_string(i)};
      files.push_back(os::try_read_file(path, max_superblock_size).value());
      os::unlink(path);
    }
    return files;
  }

  void publish() {
    SuperblockContent content{.name = report_.name,
                              .order = options_.order,
                              .metadata = options_.metadata,
                              .parts = parts_,
                              .fallbacks = report_.fallbacks};
    if (options_.is_inline) content.inline_parts = take_inline_parts();
    Bytes superblock = build_superblock(repo_, content);
    if (options_.sign) superblock = serialize_envelope(superblock, options_.sign(superblock));
    options_.cancel.check();
    place_->publish(superblock);
    report_.superblock_size = superblock.size();
    for (const WrittenPart& part : parts_)
      report_.parts.push_back({part.header.objects.size(), part.header.size, part.payload_size});
  }

  void tell(std::size_t done, std::size_t total) const {
    options_.cancel.check();
    if (options_.progress) options_.progress(done, total);
  }

  const repo::Repo& repo_;
  const GenerateOptions& options_;
  MemoryBudget budget_;
  std::unique_ptr<DeltaPlace> place_;
  FileReader reader_;
  Scratch scratch_;
  std::optional<CommitContent> from_;
  Candidates candidates_;
  NewObjects objects_;
  std::vector<Encoding> encodings_;  ///< Of objects_.files.
  std::vector<WrittenPart> parts_;
  GenerateReport report_;
};

}  // namespace

std::uint64_t GenerateReport::size() const {
  std::uint64_t size = superblock_size;
  for (const GeneratedPart& part : parts) size += part.size;
  return size;
}

bool exists(const repo::Repo& repo, const DeltaName& name, const std::string& filename) {
  if (!filename.empty()) return os::exists({FileDescriptor::cwd(), filename});
  return os::exists({repo.dir(), name.superblock()});
}

GenerateReport generate(const repo::Repo& repo, const std::optional<Checksum>& from,
                        const Checksum& to, const GenerateOptions& options) {
  const DeltaName name{from, to};
  if (options.filename.empty()) repo.require_writable();
  if (options.if_not_exists && exists(repo, name, options.filename)) {
    GenerateReport report;
    report.name = name;
    report.existed = true;
    return report;
  }
  const repo::RepoLock lock = repo.lock(os::LockMode::Shared, options.cancel);
  if (from) repo::require_whole(repo, *from);
  repo::require_whole(repo, to);
  const GenerateOptions fitting = fit_for_memory(options);
  return Generator(repo, name, fitting).run();
}

}  // namespace xylem::delta
