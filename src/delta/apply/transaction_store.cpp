#include "delta/apply/transaction_store.hpp"

#include "base/os/random_file.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

namespace {

/// An object's own file, which has nothing but its content.
class PlainFile : public RandomSource {
 public:
  explicit PlainFile(UniqueFd fd) : fd_(std::move(fd)), file_(fd_) {}
  std::uint64_t size() const override { return file_.size(); }
  void read_at(MutableByteView buffer, std::uint64_t offset) const override {
    file_.read_at(buffer, offset);
  }

 private:
  UniqueFd fd_;
  RandomFile file_;
};

}  // namespace

std::unique_ptr<RandomSource> TransactionStore::open(const Checksum& file) {
  auto loaded = transaction_.try_load_file(file);
  if (!loaded || !loaded->content) return nullptr;
  if (loaded->is_plain) return std::make_unique<PlainFile>(std::move(loaded->fd));
  auto inflated = std::make_unique<Spool>(spool_);
  inflated->append_all(*loaded->content);
  return inflated;
}

bool TransactionStore::is_sound(const Checksum& file) try {
  auto loaded = transaction_.try_load_file(file);
  return loaded && repo::hash_file(*loaded) == file;
} catch (const Error& error) {
  if (error.kind() != ErrorKind::Corrupt) throw;
  return false;
}

}  // namespace xylem::delta
