// The C interface of what is told while something runs.

#include "capi/c_types.hpp"
#include "xylem/log.hpp"

const char* xylem_message_code(const xylem_message* message) {
  return message != nullptr ? name(message->message.code) : "";
}
const char* xylem_message_text(const xylem_message* message) {
  return message != nullptr ? message->message.text.c_str() : "";
}
const char* xylem_message_source(const xylem_message* message) {
  return message != nullptr ? message->message.source.c_str() : "";
}
int xylem_message_is_warning(const xylem_message* message) {
  return message != nullptr && message->message.is_warning ? 1 : 0;
}
void xylem_pull_options_set_message_function(xylem_pull_options* options,
                                             xylem_message_function function, void* user_data) {
  if (options == nullptr) return;
  options->listener.message = function;
  options->listener.message_data = user_data;
}

const char* xylem_signature_commit(const xylem_signature* signature) {
  return signature != nullptr ? signature->signature.commit.c_str() : "";
}
const char* xylem_signature_engine(const xylem_signature* signature) {
  return signature != nullptr ? signature->signature.engine.c_str() : "";
}
const char* xylem_signature_verdict(const xylem_signature* signature) {
  return signature != nullptr ? signature->signature.verdict.c_str() : "";
}
const char* xylem_signature_key(const xylem_signature* signature) {
  return signature != nullptr ? signature->signature.key.c_str() : "";
}
int xylem_signature_is_valid(const xylem_signature* signature) {
  return signature != nullptr && signature->signature.valid ? 1 : 0;
}
void xylem_pull_options_set_signature_function(xylem_pull_options* options,
                                               xylem_signature_function function, void* user_data) {
  if (options == nullptr) return;
  options->listener.signature = function;
  options->listener.signature_data = user_data;
}

void xylem_set_log_function(xylem_log_function function, xylem_log_severity least,
                            void* user_data) {
  const auto severity = static_cast<xylem::LogSeverity>(least);
  if (function == nullptr) return xylem::set_log_function({}, severity);
  xylem::set_log_function(
      [=](xylem::LogSeverity told, std::string_view text) {
        function(static_cast<xylem_log_severity>(told), std::string(text).c_str(), user_data);
      },
      severity);
}
