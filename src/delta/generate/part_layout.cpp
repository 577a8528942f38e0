#include "delta/generate/part_layout.hpp"

#include <algorithm>
#include <numeric>

#include "delta/match/source_finder.hpp"

namespace xylem::delta {

namespace {

/// ".so" and ".py"; nothing for names without a dot.
std::string_view extension_of(std::string_view path) {
  const std::string_view name = base_name(path);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot);
}

/// The indexes of files, in the order in which they go into parts.
std::vector<std::size_t> order_of(const std::vector<NewFile>& files,
                                  const std::vector<Encoding>& encodings) {
  std::vector<std::size_t> order(files.size());
  std::iota(order.begin(), order.end(), 0);
  const auto kind = [&](std::size_t index) {
    // Those that take the fewest bytes first, behind the metadata.
    const Encoding& encoding = encodings[index];
    return std::holds_alternative<Copies>(encoding)  ? 0
           : std::holds_alternative<Patch>(encoding) ? 1
                                                     : 2;
  };
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    if (kind(a) != kind(b)) return kind(a) < kind(b);
    const std::string& first = files[a].paths.front();
    const std::string& second = files[b].paths.front();
    if (extension_of(first) != extension_of(second))
      return extension_of(first) < extension_of(second);
    return first < second;
  });
  return order;
}

/// The last part, as long as there is room in it.
class Parts {
 public:
  explicit Parts(std::uint64_t max_size) : max_size_(max_size) {}

  PartPlan& with_room_for(std::uint64_t size) {
    const PartPlan& last = parts_.back();
    if (!last.empty() && last.blob_size() + size > max_size_) parts_.emplace_back();
    return parts_.back();
  }

  std::vector<PartPlan> take() { return std::move(parts_); }

 private:
  std::uint64_t max_size_;
  std::vector<PartPlan> parts_ = std::vector<PartPlan>(1);
};

/// Adds a file as it is encoded.
class FileAdder {
 public:
  FileAdder(PartPlan& part, const NewFile& file) : part_(part), file_(file) {}
  void operator()(const Alone&) const {}
  template <typename Other>
  void operator()(const Other& encoding) const {
    part_.add_file(file_, encoding);
  }

 private:
  PartPlan& part_;
  const NewFile& file_;
};

}  // namespace

std::vector<PartPlan> lay_out(const repo::Repo& repo, const NewObjects& objects,
                              const std::vector<Encoding>& encodings, std::uint64_t max_size) {
  Parts parts(max_size);
  for (const object::ObjectName& name : objects.metadata) {
    const std::uint64_t size = stored_size(repo, name);
    parts.with_room_for(size).add_metadata(name, size);
  }
  for (const std::size_t index : order_of(objects.files, encodings)) {
    if (std::holds_alternative<Alone>(encodings[index])) continue;
    const NewFile& file = objects.files[index];
    PartPlan& part = parts.with_room_for(blob_bytes(file, encodings[index]));
    std::visit(FileAdder(part, file), encodings[index]);
  }
  for (const NewFile& link : objects.links)
    parts.with_room_for(link.header.symlink_target.size()).add_link(link);
  return parts.take();
}

}  // namespace xylem::delta
