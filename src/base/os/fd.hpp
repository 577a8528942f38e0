#pragma once

/// \file
/// Two descriptor types: FileDescriptor borrows, UniqueFd owns.

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace xylem {

/// A borrowed descriptor; whoever made it keeps it open for as long as this is used.
class FileDescriptor {
 public:
  constexpr FileDescriptor() = default;
  constexpr explicit FileDescriptor(int fd) : fd_(fd) {}
  static constexpr FileDescriptor cwd() { return FileDescriptor(AT_FDCWD); }

  constexpr int get() const { return fd_; }
  constexpr bool valid() const { return fd_ >= 0 || fd_ == AT_FDCWD; }

 private:
  int fd_ = -1;
};

/// Owns a descriptor and closes it. A failing close is ignored: what must be durable was synced.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~UniqueFd() { reset(); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  operator FileDescriptor() const { return FileDescriptor(fd_); }
  int release() { return std::exchange(fd_, -1); }
  void reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

/// A name inside an open directory: what every `*at` call takes.
struct PathAt {
  FileDescriptor dir = FileDescriptor::cwd();
  std::string name;
};

}  // namespace xylem
