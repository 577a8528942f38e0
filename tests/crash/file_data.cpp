#include "crash/file_data.hpp"

#include <algorithm>

namespace xylem::test {

using Kind = Step::Kind;

namespace {

/// How many of the sorted steps are below `cut`.
std::size_t count_below(const std::vector<std::size_t>& steps, std::size_t cut) {
  return static_cast<std::size_t>(std::lower_bound(steps.begin(), steps.end(), cut) -
                                  steps.begin());
}

void put(Bytes& content, const Step& step, const Bytes& bytes) {
  if (step.kind == Kind::Truncate) {
    content.resize(step.offset);
    return;
  }
  content.resize(std::max<std::size_t>(content.size(), step.offset + bytes.size()));
  std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(step.offset));
}

}  // namespace

const char* name(Unsynced fate) {
  switch (fate) {
    case Unsynced::Lost:
      return "lost";
    case Unsynced::Zeros:
      return "zeros";
    case Unsynced::Cut:
      return "cut";
    case Unsynced::Whole:
      return "whole";
  }
  return "";
}

FileData::FileData(const Recording& recording) : recording_(recording) {
  for (std::size_t index = 0; index < recording.steps.size(); ++index) {
    const Step& step = recording.steps[index];
    if (step.kind == Kind::Write || step.kind == Kind::Truncate)
      writes_[step.inode].push_back(index);
    else if (step.kind == Kind::Sync)
      syncs_[step.inode].push_back(index);
    else if (step.kind == Kind::SyncAll)
      syncs_of_all_.push_back(index);
  }
}

std::vector<Inode> FileData::written() const {
  std::vector<Inode> files;
  for (const auto& [inode, writes] : writes_) files.push_back(inode);
  return files;
}

std::size_t FileData::synced(Inode inode, std::size_t cut) const {
  std::size_t safe = 0;
  const auto own = syncs_.find(inode);
  for (const auto* syncs : {&syncs_of_all_, own == syncs_.end() ? nullptr : &own->second}) {
    const std::size_t count = syncs == nullptr ? 0 : count_below(*syncs, cut);
    if (count > 0) safe = std::max(safe, (*syncs)[count - 1]);
  }
  return safe;
}

std::vector<Inode> FileData::unsynced(std::size_t cut) const {
  std::vector<Inode> files;
  for (const auto& [inode, writes] : writes_)
    if (count_below(writes, synced(inode, cut)) < count_below(writes, cut)) files.push_back(inode);
  return files;
}

std::shared_ptr<const Bytes> FileData::content(Inode inode, std::size_t cut, Unsynced fate) {
  const auto& writes = writes_.at(inode);
  const std::size_t safe = count_below(writes, synced(inode, cut));
  const std::size_t issued = count_below(writes, cut);
  auto& known = known_[{inode, safe, issued, fate}];
  if (known) return known;

  Bytes content;
  if (inode < recording_.start.nodes.size()) content = *recording_.start.nodes[inode].content;
  const std::size_t kept = fate == Unsynced::Lost  ? safe
                           : fate == Unsynced::Cut ? safe + (issued - safe) / 2
                                                   : issued;
  for (std::size_t index = 0; index < kept; ++index) {
    const Step& step = recording_.steps[writes[index]];
    const bool zeros = fate == Unsynced::Zeros && index >= safe;
    put(content, step, zeros ? Bytes(step.bytes.size()) : step.bytes);
  }
  // A single write is torn, too.
  if (fate == Unsynced::Cut && kept < issued) {
    const Step& step = recording_.steps[writes[kept]];
    const auto half = step.bytes.begin() + static_cast<std::ptrdiff_t>(step.bytes.size() / 2);
    put(content, step, Bytes(step.bytes.begin(), half));
  }
  return known = std::make_shared<Bytes>(std::move(content));
}

}  // namespace xylem::test
