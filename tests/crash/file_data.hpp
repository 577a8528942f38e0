#pragma once

/// \file
/// What is left of the bytes of a file after a power cut.

#include <map>
#include <memory>
#include <tuple>

#include "crash/recording.hpp"

namespace xylem::test {

/// What becomes of the bytes that were not synced.
enum class Unsynced { Lost, Zeros, Cut, Whole };
constexpr Unsynced all_fates[] = {Unsynced::Lost, Unsynced::Zeros, Unsynced::Cut, Unsynced::Whole};
const char* name(Unsynced fate);

/// Content of the files of a recording; remembers what it worked out.
class FileData {
 public:
  explicit FileData(const Recording& recording);

  /// Files with bytes that are written and not synced after the first `cut` steps.
  std::vector<Inode> unsynced(std::size_t cut) const;
  /// Content after the first `cut` steps, if this becomes of what is not synced then.
  std::shared_ptr<const Bytes> content(Inode inode, std::size_t cut, Unsynced fate);
  /// Whether a file was ever written.
  bool is_written(Inode inode) const { return writes_.contains(inode); }
  /// All files that were ever written.
  std::vector<Inode> written() const;

 private:
  /// How many steps, of the first `cut`, are safe for this file.
  std::size_t synced(Inode inode, std::size_t cut) const;

  const Recording& recording_;
  std::map<Inode, std::vector<std::size_t>> writes_;  ///< Steps.
  std::map<Inode, std::vector<std::size_t>> syncs_;   ///< Steps.
  std::vector<std::size_t> syncs_of_all_;
  std::map<std::tuple<Inode, std::size_t, std::size_t, Unsynced>, std::shared_ptr<const Bytes>>
      known_;
};

}  // namespace xylem::test
