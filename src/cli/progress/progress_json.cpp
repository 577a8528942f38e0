#include "cli/progress/progress_json.hpp"

#include "cli/progress/json_text.hpp"

namespace xylem::cli {

namespace {

double seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

/// Bytes only as far as they are known.
Json plan_object(const PullPlan& plan) {
  Json object{{"basis", name(plan.basis)},
              {"metadata_objects", plan.metadata_objects},
              {"content_objects", plan.content_objects},
              {"bytes_available", plan.bytes_available}};
  if (plan.bytes_to_fetch) object["bytes_to_fetch"] = *plan.bytes_to_fetch;
  if (plan.bytes_on_disk) object["bytes_on_disk"] = *plan.bytes_on_disk;
  return object;
}

Json ref_object(const PulledRef& ref) {
  return {{"ref", ref.ref}, {"commit", ref.commit}, {"changed", ref.changed}};
}

}  // namespace

void JsonDisplay::on_progress(const PullProgress& progress) {
  Json object{{"event", "progress"},
              {"phase", name(progress.phase)},
              {"elapsed", seconds(progress.elapsed)},
              {"bytes_transferred", progress.bytes_transferred},
              {"metadata_fetched", progress.metadata_fetched},
              {"metadata_requested", progress.metadata_requested},
              {"content_fetched", progress.content_fetched},
              {"content_requested", progress.content_requested},
              {"content_imported", progress.content_imported},
              {"scanned_metadata", progress.scanned_metadata},
              {"bytes_staged", progress.bytes_staged},
              {"bytes_downloads", progress.bytes_downloads}};
  if (progress.delta_parts_requested > 0) {
    object["delta_parts_fetched"] = progress.delta_parts_fetched;
    object["delta_parts_requested"] = progress.delta_parts_requested;
  }
  if (progress.bytes_expected) object["bytes_expected"] = *progress.bytes_expected;
  if (progress.bytes_left) {
    object["bytes_left"] = *progress.bytes_left;
    object["bytes_left_estimated"] = progress.bytes_left_estimated;
  }
  print_json_line(object);
}

void JsonDisplay::on_message(const PullMessage& message) {
  Json object{{"event", "message"},
              {"code", name(message.code)},
              {"text", message.text},
              {"warning", message.is_warning}};
  if (!message.source.empty()) object["source"] = message.source;
  if (!message.reason.empty()) object["reason"] = message.reason;
  if (message.attempt > 0) object["attempt"] = message.attempt;
  if (message.pid > 0) object["pid"] = message.pid;
  print_json_line(object);
}

void JsonDisplay::on_signature(const SignatureResult& signature) {
  print_json_line({{"event", "signature"},
                   {"commit", signature.commit},
                   {"engine", signature.engine},
                   {"valid", signature.valid},
                   {"verdict", signature.verdict},
                   {"key", signature.key},
                   {"text", signature.text}});
}

void JsonDisplay::finish(const PullResult& result) {
  Json refs = Json::array();
  for (const PulledRef& ref : result.refs) refs.push_back(ref_object(ref));
  Json object{{"event", "done"},
              {"refs", refs},
              {"elapsed", seconds(result.elapsed)},
              {"bytes_transferred", result.bytes_transferred},
              {"bytes_written", result.bytes_written},
              {"bytes_resumed", result.bytes_resumed},
              {"requests", result.requests},
              {"retries", result.retries},
              {"metadata_fetched", result.metadata_fetched},
              {"content_fetched", result.content_fetched},
              {"metadata_imported", result.metadata_imported},
              {"content_imported", result.content_imported},
              {"content_requested", result.content_requested},
              {"plan", plan_object(result.plan)}};
  if (result.delta_parts_requested > 0) {
    object["delta_parts_fetched"] = result.delta_parts_fetched;
    object["delta_parts_requested"] = result.delta_parts_requested;
    object["delta_bytes_requested"] = result.delta_bytes_requested;
  }
  if (result.bytes_expected) object["bytes_expected"] = *result.bytes_expected;
  print_json_line(object);
}

void JsonDisplay::fail(const std::exception& error) {
  Json object{{"event", "error"}};
  object.update(json_of(error));
  print_json_line(object);
}

}  // namespace xylem::cli
