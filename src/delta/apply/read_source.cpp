#include "delta/apply/read_source.hpp"

#include <fmt/format.h>

#include <utility>

#include "xylem/error.hpp"

namespace xylem::delta {

void ReadSource::set(const Checksum& file) {
  if (file_ == file) return;
  unset();
  file_ = file;
}

void ReadSource::unset() {
  window_.reset();
  opened_.reset();
  file_.reset();
}

const RandomSource& ReadSource::content() {
  const Checksum& file = file_.value();
  if (!opened_) {
    opened_ = store_.open(file);
    if (!opened_) {
      ErrorDetails details;
      details.object = object::ObjectName{file, object::ObjectType::File}.text();
      throw Error(ErrorKind::NotFound,
                  fmt::format("The delta reads from file {}, which is missing here", file.hex()),
                  std::move(details));
    }
    window_ = std::make_unique<Window>(*opened_);
  }
  used_.insert(file);
  return *window_;
}

std::set<Checksum> ReadSource::take_used() {
  return std::exchange(used_, {});
}

}  // namespace xylem::delta
