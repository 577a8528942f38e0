#include "repo/config/duplicate_keys.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/text.hpp"

namespace xylem::repo {

namespace {

constexpr std::array<std::string_view, 5> rules = {
    "gpg-verify", "gpg-verify-summary", "sign-verify", "sign-verify-summary", "timestamp-check"};

using Names = std::pair<std::string, std::string>;  // group and key

bool is_one_value(const std::vector<std::string>& values) {
  return std::ranges::all_of(values, [&](const auto& value) { return value == values.front(); });
}

}  // namespace

std::vector<DuplicateKey> find_duplicate_keys(std::string_view text) {
  std::map<Names, std::vector<std::string>> values;
  std::string_view group;
  while (!text.empty()) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(whole.size() + 1, text.size()));
    const std::string_view line = trimmed(whole);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t equals = line.find('=');
    if (line.front() == '[')
      group = line.substr(1, line.rfind(']') - 1);
    else if (equals != line.npos)
      values[{std::string(group), std::string(trimmed(line.substr(0, equals)))}].emplace_back(
          trimmed(line.substr(equals + 1)));
  }
  std::vector<DuplicateKey> keys;
  for (auto& [names, all] : values)
    if (!is_one_value(all)) keys.push_back({names.first, names.second, std::move(all)});
  return keys;
}

const std::string& choose_value(const DuplicateKey& key) {
  const bool is_rule =
      key.name == "tls-permissive" || std::ranges::find(rules, key.name) != rules.end();
  if (!is_rule) return key.values.back();
  const auto strict = std::ranges::find(key.values, "strict");
  if (strict != key.values.end()) return *strict;
  const auto found = std::ranges::find_if(
      key.values, [&](const std::string& value) { return !is_lax(key.name, value); });
  return found != key.values.end() ? *found : key.values.back();
}

bool is_lax(std::string_view key, std::string_view value) {
  const bool off = value == "false" || value == "0";
  if (key == "tls-permissive") return !off;
  return off && std::ranges::find(rules, key) != rules.end();
}

}  // namespace xylem::repo
