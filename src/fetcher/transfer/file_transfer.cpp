#include "fetcher/transfer/file_transfer.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>

#include "base/os/os.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace asio = boost::asio;

namespace {

constexpr std::size_t piece_size = 1024 * 1024;

/// What the reading thread works on. It outlives a fetch that was cancelled meanwhile.
struct OpenFile {
  std::string path;
  UniqueFd fd;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
  Bytes piece;
  std::exception_ptr error;

  void read_piece() {
    if (!fd.valid()) open();
    piece.resize(std::min<std::uint64_t>(piece_size, size - offset));
    piece.resize(os::read_at(fd, piece, offset));
    offset += piece.size();
  }

 private:
  void open() {
    fd = os::open({FileDescriptor::cwd(), path},
                  O_RDONLY | O_NONBLOCK);  // a FIFO is no reason to wait
    const struct stat info = os::stat(fd);
    if (!S_ISREG(info.st_mode)) throw Error(ErrorKind::Io, "not a file", {.path = path});
    size = static_cast<std::uint64_t>(info.st_size);
  }
};

/// Reads the next piece on the pool; `file->error` says how that went.
asio::awaitable<void> read_next(asio::thread_pool& pool, std::shared_ptr<OpenFile> file,
                                Waits& waits) {
  const auto executor = co_await asio::this_coro::executor;
  const auto done = std::make_shared<Event>(executor);
  asio::post(pool, [file, executor, done] {
    try {
      file->read_piece();
    } catch (...) {
      file->error = std::current_exception();
    }
    asio::post(executor, [done] { done->set(); });
  });
  co_await waits.wait(*done);
}

TransferResult unreadable(const OpenFile& file) {
  TransferResult result{.code = CURLE_FILE_COULDNT_READ_FILE};
  try {
    std::rethrow_exception(file.error);
  } catch (const Error& error) {
    result.reason = error.what();
  }
  return result;
}

}  // namespace

asio::thread_pool& FileReader::pool() {
  if (!pool_) pool_.emplace(1U);
  return *pool_;
}

asio::awaitable<TransferResult> FileReader::read(std::string url, BodyReceiver& receiver,
                                                 Waits& waits, Traffic& traffic) {
  const auto file = std::make_shared<OpenFile>();
  file->path = path_of_file_url(url);
  do {
    co_await read_next(pool(), file, waits);
    if (file->error) co_return unreadable(*file);
    if (!receiver.begun()) {
      ResponseHead head;
      head.content_length = file->size;
      receiver.begin(head);
    }
    traffic.count_received(file->piece.size());
    receiver.write(file->piece);
  } while (!file->piece.empty() && file->offset < file->size);
  co_return TransferResult{};
}

}  // namespace xylem::fetcher
