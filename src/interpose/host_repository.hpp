#pragma once

/// \file
/// The caller's OstreeRepo, borrowed through libostree's public interface.

#include <ostree.h>

#include <string>

#include "interpose/pull_call.hpp"
#include "repo/repo.hpp"
#include "xylem/repository.hpp"

namespace xylem::interpose {

/// Opens the repository once more, by its descriptor. Its configuration is what is on disk.
Repository open_host(OstreeRepo* repo);
/// The same for what the interface for programs does not offer.
repo::Repo open_host_files(OstreeRepo* repo);

/// What the object, rather than the call, says about a pull.
void apply_host_settings(OstreeRepo* repo, PullOptions& options);

/// Holds the caller's repository lock, shared, through its own object: if that holds it already,
/// even exclusively, there is nobody to wait for. Throws GErrorPtr.
class HostLock {
 public:
  HostLock(OstreeRepo* repo, GCancellable* cancellable);
  HostLock(const HostLock&) = delete;
  HostLock& operator=(const HostLock&) = delete;
  ~HostLock();

 private:
  OstreeRepo* repo_;
};

/// Whether the source of a call is a remote on a server.
bool is_on_server(OstreeRepo* repo, const char* source);

/// Sets the refs in the transaction that the caller has open.
void set_refs(OstreeRepo* repo, const std::string& remote, const PullResult& result);

/// Emits `gpg-verify-result` for each commit, if anybody listens.
void tell_gpg_results(OstreeRepo* repo, const PullOptions& options, const PullResult& result,
                      GCancellable* cancellable);

}  // namespace xylem::interpose
