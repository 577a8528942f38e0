// The C interface of what a pull may do with the network.

#include "capi/c_types.hpp"

using xylem::PullOptions;
using xylem::api::optional_text;
using xylem::api::set;
using xylem::api::takes;

struct xylem_rate_limit {
  xylem::RateLimit limit;
};

xylem_rate_limit* xylem_rate_limit_new(uint64_t bytes_per_second) {
  return new xylem_rate_limit{xylem::RateLimit(bytes_per_second)};
}
void xylem_rate_limit_set(xylem_rate_limit* limit, uint64_t bytes_per_second) {
  if (limit != nullptr) limit->limit.set(bytes_per_second);
}
void xylem_rate_limit_free(xylem_rate_limit* limit) {
  delete limit;
}

void xylem_pull_options_set_rate_limit(xylem_pull_options* options, const xylem_rate_limit* limit) {
  if (limit != nullptr) set(options, &PullOptions::limit_rate, limit->limit);
}
void xylem_pull_options_set_max_bytes(xylem_pull_options* options, uint64_t bytes) {
  set(options, &PullOptions::max_bytes, bytes);
}
void xylem_pull_options_set_deadline(xylem_pull_options* options, unsigned seconds) {
  set(options, &PullOptions::deadline, std::chrono::seconds(seconds));
}
void xylem_pull_options_set_wait_online(xylem_pull_options* options, int wait) {
  set(options, &PullOptions::wait_online, wait != 0);
}
void xylem_pull_options_set_low_speed(xylem_pull_options* options, uint32_t bytes_per_second,
                                      uint32_t seconds) {
  set(options, &PullOptions::low_speed_limit_bytes, bytes_per_second);
  set(options, &PullOptions::low_speed_time_seconds, seconds);
}
void xylem_pull_options_set_max_requests(xylem_pull_options* options, uint32_t requests) {
  set(options, &PullOptions::max_outstanding_fetcher_requests, requests);
}
void xylem_pull_options_set_trace_file(xylem_pull_options* options, const char* path) {
  set(options, &PullOptions::trace_file, optional_text(path));
}

void xylem_pull_options_set_authorization(xylem_pull_options* options,
                                          xylem_authorization_function function, void* user_data) {
  if (options == nullptr) return;
  options->options.authorization = nullptr;
  if (function == nullptr) return;
  options->options.authorization = [=](const std::string& url, const std::string& refused) {
    const char* value = function(url.c_str(), refused.c_str(), user_data);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

void xylem_pull_options_add_http_header(xylem_pull_options* options, const char* name,
                                        const char* value) {
  if (takes(options, "name", name) && takes(options, "value", value))
    options->options.http_headers.emplace_back(name, value);
}
void xylem_pull_options_set_network_retries(xylem_pull_options* options, unsigned retries) {
  set(options, &PullOptions::network_retries, retries);
}
void xylem_pull_options_set_retry_all_network_errors(xylem_pull_options* options, int retry) {
  set(options, &PullOptions::retry_all_network_errors, retry != 0);
}
void xylem_pull_options_set_user_agent(xylem_pull_options* options, const char* text) {
  set(options, &PullOptions::user_agent, optional_text(text).value_or(""));
}
void xylem_pull_options_set_append_user_agent(xylem_pull_options* options, const char* text) {
  set(options, &PullOptions::append_user_agent, optional_text(text).value_or(""));
}
void xylem_pull_options_set_aws_sigv4(xylem_pull_options* options, const char* provider) {
  set(options, &PullOptions::aws_sigv4, optional_text(provider).value_or(""));
}
