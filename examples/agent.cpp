// An update agent in a page: keeps one ref of a repository up to date.
//
//   agent REPOSITORY URL REF
//
// Pulls twice: once as an asynchronous operation beside other work of an event loop, and once
// blocking, which then finds nothing new.

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <xylem/repository.hpp>

namespace {

class Printer : public xylem::PullObserver {
 public:
  void on_progress(const xylem::PullProgress& progress) override {
    std::printf("%s: %llu of %llu files, %llu bytes\n", xylem::name(progress.phase),
                static_cast<unsigned long long>(progress.content_fetched),
                static_cast<unsigned long long>(progress.content_requested),
                static_cast<unsigned long long>(progress.bytes_transferred));
  }
};

void print(const xylem::PullResult& result) {
  for (const xylem::PulledRef& ref : result.refs)
    std::printf("%s is at %s%s\n", ref.ref.c_str(), ref.commit.c_str(),
                ref.changed ? "" : " already");
}

/// Pulls on the event loop; Ctrl-C cancels, and nothing that was fetched is lost.
void pull_asynchronously(const xylem::Repository& repository, const xylem::PullOptions& options) {
  boost::asio::io_context loop;
  boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
  boost::asio::cancellation_signal cancel;
  signals.async_wait([&](boost::system::error_code error, int) {
    if (!error) cancel.emit(boost::asio::cancellation_type::terminal);
  });

  Printer printer;
  std::exception_ptr failure;
  repository.async_pull(
      options, &printer,
      boost::asio::bind_cancellation_slot(
          cancel.slot(), boost::asio::bind_executor(
                             loop, [&](std::exception_ptr error, const xylem::PullResult& result) {
                               failure = error;
                               if (!error) print(result);
                               signals.cancel();
                             })));
  loop.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s REPOSITORY URL REF\n", argv[0]);
    return 2;
  }
  try {
    auto repository = xylem::Repository::create(argv[1], xylem::RepositoryMode::BareUser);
    // A real agent verifies signatures; this one talks to a test server.
    repository.set_remote("origin", argv[2], {{"gpg-verify", "false"}});

    xylem::PullOptions options;
    options.remote = "origin";
    options.refs = {argv[3]};
    pull_asynchronously(repository, options);
    print(repository.pull(options));
    return 0;
  } catch (const xylem::Error& error) {
    std::fprintf(stderr, "error (%s): %s\n", std::string(name(error.kind())).c_str(), error.what());
    if (!error.details().hint.empty())
      std::fprintf(stderr, "hint: %s\n", error.details().hint.c_str());
    return exit_code(error.kind());
  }
}
