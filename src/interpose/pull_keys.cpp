#include "interpose/pull_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "base/glib.hpp"
#include "object/variant/variant.hpp"

namespace xylem::interpose {

namespace {

using object::bytes_of;
using object::child;
using object::text_of;

bool flag_of(GVariant* value) {
  return g_variant_get_boolean(value) != FALSE;
}

std::vector<std::string> texts_of(GVariant* value) {
  std::vector<std::string> texts;
  for (std::size_t index = 0; index < g_variant_n_children(value); ++index)
    texts.emplace_back(text_of(child(value, index).get()));
  return texts;
}

/// Of "a(sss)" or "a(ss)".
std::vector<std::vector<std::string>> tuples_of(GVariant* value) {
  std::vector<std::vector<std::string>> tuples;
  for (std::size_t index = 0; index < g_variant_n_children(value); ++index) {
    const GVariantPtr tuple = child(value, index);
    tuples.push_back(texts_of(tuple.get()));
  }
  return tuples;
}

void add_collection_refs(PullKeys& keys, GVariant* value) {
  for (const auto& tuple : tuples_of(value))
    keys.collection_refs.push_back({tuple[0], tuple[1], tuple[2]});
}

void add_headers(PullKeys& keys, GVariant* value) {
  for (const auto& tuple : tuples_of(value))
    keys.call.options.http_headers.emplace_back(tuple[0], tuple[1]);
}

void add_subpaths(PullKeys& keys, const std::vector<std::string>& paths) {
  auto& all = keys.call.options.subpaths;
  all.insert(all.end(), paths.begin(), paths.end());
}

void set_update_frequency(PullKeys& keys, GVariant* value) {
  const guint32 milliseconds = g_variant_get_uint32(value);
  if (milliseconds > 0)
    keys.call.options.update_frequency = std::chrono::milliseconds(milliseconds);
}

void refuse_dry_run(PullKeys& /*keys*/, GVariant* value) {
  if (flag_of(value)) throw NotOurs{"dry-run: its output is libostree's own"};
}

/// A key that sets a member of PullOptions and nothing else.
template <auto Member>
void set_flag(PullKeys& keys, GVariant* value) {
  keys.call.options.*Member = flag_of(value);
}
template <auto Member>
void set_text(PullKeys& keys, GVariant* value) {
  keys.call.options.*Member = text_of(value);
}
template <auto Member>
void set_number(PullKeys& keys, GVariant* value) {
  keys.call.options.*Member = g_variant_get_uint32(value);
}

struct Key {
  const char* name;
  const char* type;
  void (*read)(PullKeys&, GVariant*);
};

using P = PullOptions;

constexpr std::array known_keys = {
    Key{"refs", "as", [](PullKeys& keys, GVariant* value) { keys.refs = texts_of(value); }},
    Key{"override-commit-ids", "as",
        [](PullKeys& keys, GVariant* value) { keys.commits = texts_of(value); }},
    Key{"collection-refs", "a(sss)", add_collection_refs},
    Key{"override-remote-name", "s",
        [](PullKeys& keys, GVariant* value) { keys.override_remote = text_of(value); }},
    Key{"flags", "i",
        [](PullKeys& keys, GVariant* value) { keys.flags = g_variant_get_int32(value); }},
    Key{"inherit-transaction", "b",
        [](PullKeys& keys, GVariant* value) { keys.call.in_transaction = flag_of(value); }},
    Key{"sign-verify", "b",
        [](PullKeys& keys, GVariant* value) {
          keys.verifies_signatures |= flag_of(value);
          keys.call.options.disable_sign_verify = !flag_of(value);
        }},
    Key{"sign-verify-summary", "b",
        [](PullKeys& keys, GVariant* value) {
          keys.verifies_signatures |= flag_of(value);
          keys.call.options.disable_sign_verify_summary = !flag_of(value);
        }},
    Key{"summary-bytes", "ay",
        [](PullKeys& keys, GVariant* value) { keys.summary = as_text(bytes_of(value)); }},
    Key{"summary-sig-bytes", "ay",
        [](PullKeys& keys, GVariant* value) { keys.summary_signature = as_text(bytes_of(value)); }},
    Key{"subdir", "s",
        [](PullKeys& keys, GVariant* value) { add_subpaths(keys, {std::string(text_of(value))}); }},
    Key{"subdirs", "as",
        [](PullKeys& keys, GVariant* value) { add_subpaths(keys, texts_of(value)); }},
    Key{"depth", "i",
        [](PullKeys& keys, GVariant* value) {
          keys.call.options.depth = g_variant_get_int32(value);
        }},
    Key{"max-metadata-size", "t",
        [](PullKeys& keys, GVariant* value) {
          keys.call.options.max_metadata_size = g_variant_get_uint64(value);
        }},
    Key{"localcache-repos", "as",
        [](PullKeys& keys, GVariant* value) {
          keys.call.options.localcache_repos = texts_of(value);
        }},
    Key{"http-headers", "a(ss)", add_headers},
    Key{"update-frequency", "u", set_update_frequency},
    Key{"dry-run", "b", refuse_dry_run},
    Key{"gpg-verify", "b", set_flag<&P::gpg_verify>},
    Key{"gpg-verify-summary", "b", set_flag<&P::gpg_verify_summary>},
    Key{"disable-sign-verify", "b", set_flag<&P::disable_sign_verify>},
    Key{"disable-sign-verify-summary", "b", set_flag<&P::disable_sign_verify_summary>},
    Key{"disable-verify-bindings", "b", set_flag<&P::disable_verify_bindings>},
    Key{"disable-static-deltas", "b", set_flag<&P::disable_static_deltas>},
    Key{"require-static-deltas", "b", set_flag<&P::require_static_deltas>},
    Key{"per-object-fsync", "b", set_flag<&P::per_object_fsync>},
    Key{"timestamp-check", "b", set_flag<&P::timestamp_check>},
    Key{"timestamp-check-from-rev", "s", set_text<&P::timestamp_check_from_rev>},
    Key{"override-url", "s", set_text<&P::url>},
    Key{"append-user-agent", "s", set_text<&P::append_user_agent>},
    Key{"n-network-retries", "u", set_number<&P::network_retries>},
    Key{"low-speed-limit-bytes", "u", set_number<&P::low_speed_limit_bytes>},
    Key{"low-speed-time-seconds", "u", set_number<&P::low_speed_time_seconds>},
    Key{"retry-all-network-errors", "b", set_flag<&P::retry_all_network_errors>},
    Key{"max-outstanding-fetcher-requests", "u", set_number<&P::max_outstanding_fetcher_requests>},
};

void read_key(PullKeys& keys, const char* name, GVariant* value) {
  const auto* known = std::ranges::find(known_keys, std::string_view(name), &Key::name);
  if (known == known_keys.end()) throw NotOurs{fmt::format("the option {} is not known", name)};
  if (!g_variant_is_of_type(value, G_VARIANT_TYPE(known->type)))
    throw NotOurs{fmt::format("the option {} has type {}, not {}", name,
                              g_variant_get_type_string(value), known->type)};
  known->read(keys, value);
}

}  // namespace

PullKeys read_keys(GVariant* options) {
  PullKeys keys;
  keys.call.options.max_metadata_size = OSTREE_MAX_METADATA_SIZE;
  if (options == nullptr) return keys;
  if (!g_variant_is_of_type(options, G_VARIANT_TYPE_VARDICT))
    throw NotOurs{"the options are no dictionary"};
  for (std::size_t index = 0; index < g_variant_n_children(options); ++index) {
    const GVariantPtr entry = child(options, index);
    const GVariantPtr name = child(entry.get(), 0);
    const GVariantPtr boxed = child(entry.get(), 1);
    const GVariantPtr value(g_variant_get_variant(boxed.get()));
    read_key(keys, g_variant_get_string(name.get(), nullptr), value.get());
  }
  return keys;
}

}  // namespace xylem::interpose
