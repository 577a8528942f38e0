// The C interface of what a pull may do with the network.

#include "capi/c_types.hpp"

struct xylem_rate_limit {
  xylem::RateLimit limit;
};

xylem_rate_limit* xylem_rate_limit_new(uint64_t bytes_per_second) {
  return new xylem_rate_limit{xylem::RateLimit(bytes_per_second)};
}
void xylem_rate_limit_set(xylem_rate_limit* limit, uint64_t bytes_per_second) {
  limit->limit.set(bytes_per_second);
}
void xylem_rate_limit_free(xylem_rate_limit* limit) {
  delete limit;
}

void xylem_pull_options_set_rate_limit(xylem_pull_options* options, const xylem_rate_limit* limit) {
  options->options.limit_rate = limit->limit;
}
void xylem_pull_options_set_max_bytes(xylem_pull_options* options, uint64_t bytes) {
  options->options.max_bytes = bytes;
}
void xylem_pull_options_set_deadline(xylem_pull_options* options, unsigned seconds) {
  options->options.deadline = std::chrono::seconds(seconds);
}
void xylem_pull_options_set_wait_online(xylem_pull_options* options, int wait) {
  options->options.wait_online = wait != 0;
}
void xylem_pull_options_set_low_speed(xylem_pull_options* options, uint32_t bytes_per_second,
                                      uint32_t seconds) {
  options->options.low_speed_limit_bytes = bytes_per_second;
  options->options.low_speed_time_seconds = seconds;
}
void xylem_pull_options_set_max_requests(xylem_pull_options* options, uint32_t requests) {
  options->options.max_outstanding_fetcher_requests = requests;
}
void xylem_pull_options_set_trace_file(xylem_pull_options* options, const char* path) {
  options->options.trace_file.reset();
  if (path != nullptr) options->options.trace_file = path;
}

void xylem_pull_options_set_authorization(xylem_pull_options* options,
                                          xylem_authorization_function function, void* user_data) {
  options->options.authorization = nullptr;
  if (function == nullptr) return;
  options->options.authorization = [=](const std::string& url, const std::string& refused) {
    const char* value = function(url.c_str(), refused.c_str(), user_data);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}
