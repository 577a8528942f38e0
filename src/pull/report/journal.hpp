#pragma once

/// \file
/// Entries in the journal of systemd for each pull that brought something, and for each request
/// that failed, with the fields and the message ids of libostree.

#include <string>
#include <utility>
#include <vector>

#include "fetcher/request/exchange_report.hpp"
#include "repo/config/remote.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

using JournalFields = std::vector<std::pair<std::string, std::string>>;

/// Pure.
JournalFields journal_fields(const repo::Remote& remote, const PullOptions& options,
                             const PullResult& result);

/// Whether the answer to a request was a failure: not for what may well not exist, and does not.
/// Pure.
bool is_worth_telling(const fetcher::ExchangeReport& report);
/// Of a request that failed. Pure.
JournalFields failure_fields(const std::string& remote, const fetcher::ExchangeReport& report);

/// The fields in the journal's own protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): values that hold
/// a line break are sent with their length. Pure.
std::string journal_datagram(const JournalFields& fields);

constexpr char journal_socket[] = "/run/systemd/journal/socket";

/// Where there is no journal nothing happens; it is an extra that must not fail a pull.
void send_to_journal(const JournalFields& fields,
                     const std::string& socket = journal_socket) noexcept;

}  // namespace xylem::pull
