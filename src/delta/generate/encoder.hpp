#pragma once

#include "delta/match/encoding.hpp"
#include "delta/match/file_reader.hpp"
#include "delta/match/memory_budget.hpp"
#include "delta/match/new_objects.hpp"
#include "delta/match/scratch.hpp"
#include "delta/match/similar_content.hpp"

namespace xylem::delta {

/// What files may be encoded as. Sizes are bytes.
struct EncodingRules {
  bool patches = true;
  /// Old and new file together, for a patch.
  std::uint64_t max_patched = 0;
  /// Larger files may be fetched by themselves; 0: none may.
  std::uint64_t min_alone = 0;
  /// Larger ones are, if they may, unless most of them comes from an old file.
  std::uint64_t max_plain = 0;
};

/// Where old files are found that new ones may be made of. Borrowed; without `similar`, content is
/// not asked for.
struct Sources {
  const SourceFinder* by_path = nullptr;
  const SimilarContent* similar = nullptr;

  std::vector<OldFile> find(const NewFile& file) const;
};

/// Chooses for each file the encoding that takes the fewest bytes once it is compressed.
/// Thread-safe.
class Encoder {
 public:
  /// All are borrowed.
  Encoder(const FileReader& reader, const Sources& sources, const EncodingRules& rules,
          Scratch& scratch, MemoryBudget& budget)
      : reader_(reader), sources_(sources), rules_(rules), scratch_(scratch), budget_(budget) {}

  Encoding encode(const NewFile& file) const;

 private:
  struct Choice;
  void try_source(const OldFile& old, Choice& best) const;
  bool may_patch(std::uint64_t old, std::uint64_t changed) const;
  std::uint64_t memory_for(const NewFile& file, const std::vector<OldFile>& sources) const;
  bool goes_alone(const NewFile& file, std::uint64_t plain_cost) const;

  const FileReader& reader_;
  Sources sources_;
  EncodingRules rules_;
  Scratch& scratch_;
  MemoryBudget& budget_;
};

}  // namespace xylem::delta
