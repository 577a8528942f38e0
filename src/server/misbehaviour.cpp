#include "server/misbehaviour.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "xylem/error.hpp"

namespace xylem::server {

namespace {

using Setter = std::function<void(Misbehaviour&, std::string_view)>;

[[noreturn]] void refuse(std::string_view word);

template <typename T>
T number(std::string_view text, std::string_view word) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) refuse(word);
  return value;
}

Setter flag(bool Misbehaviour::*member) {
  return [member](Misbehaviour& all, std::string_view) { all.*member = true; };
}

Setter count(const char* name, unsigned Misbehaviour::*member) {
  return [=](Misbehaviour& all, std::string_view value) {
    all.*member = number<unsigned>(value, name);
  };
}

void set_portal(Misbehaviour& all, std::string_view value) {
  const auto colon = value.find(':');
  if (colon == value.npos) refuse("portal");
  all.portal = number<unsigned>(value.substr(0, colon), "portal");
  all.portal_length = number<unsigned>(value.substr(colon + 1), "portal");
}

const std::map<std::string_view, Setter>& setters() {
  static const std::map<std::string_view, Setter> all = {
      {"rate", [](Misbehaviour& bad,
                  std::string_view value) { bad.rate = number<std::uint64_t>(value, "rate"); }},
      {"delay",
       [](Misbehaviour& bad, std::string_view value) {
         bad.delay = std::chrono::milliseconds(number<std::uint32_t>(value, "delay"));
       }},
      {"queue", count("queue", &Misbehaviour::queue)},
      {"cut", count("cut", &Misbehaviour::cut)},
      {"limit", count("limit", &Misbehaviour::limit)},
      {"portal", set_portal},
      {"half", flag(&Misbehaviour::half)},
      {"close", flag(&Misbehaviour::close)},
      {"no-range", flag(&Misbehaviour::no_range)},
      {"no-validators", flag(&Misbehaviour::no_validators)},
  };
  return all;
}

void refuse(std::string_view word) {
  std::vector<std::string_view> names;
  for (const auto& profile : misbehaviour_profiles()) names.push_back(profile.name);
  std::vector<std::string_view> words;
  for (const auto& [name, setter] : setters()) words.push_back(name);
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("\"{}\" is no misbehaviour, or its value is none", word))
      .hint(fmt::format("give one of {}; or words with commas between, of {}, such as "
                        "rate=12000,delay=600,portal=30:20",
                        fmt::join(names, ", "), fmt::join(words, ", ")));
}

void set_word(Misbehaviour& all, std::string_view word) {
  const auto equals = word.find('=');
  const auto setter = setters().find(word.substr(0, equals));
  if (setter == setters().end()) refuse(word);
  setter->second(all, equals == word.npos ? "" : word.substr(equals + 1));
}

}  // namespace

const std::vector<MisbehaviourProfile>& misbehaviour_profiles() {
  static const std::vector<MisbehaviourProfile> all = {
      {"gprs", "rate=12000,delay=600,cut=40", "12 kB a second, long delays, torn connections"},
      {"satellite", "rate=60000,delay=650", "60 kB a second, very long delays"},
      {"hotel-portal", "rate=200000,delay=20,cut=60,portal=40:12",
       "a login page in place of twelve answers, in the middle"},
      {"overloaded-mirror", "limit=100,queue=5",
       "429 to all that goes beyond 100 requests a second"},
      {"corporate-proxy", "delay=20,cut=30,close,no-range,no-validators",
       "closes each connection, tears some, and refuses ranges"},
      {"old-server", "queue=5,close", "a queue of five connections, closed after each answer"},
      {"half-answers", "half,delay=5", "half of each body, unless a range is asked for"},
  };
  return all;
}

Misbehaviour parse_misbehaviour(std::string_view text) {
  for (const auto& profile : misbehaviour_profiles())
    if (profile.name == text) return parse_misbehaviour(profile.words);
  Misbehaviour all;
  for (;;) {
    const auto comma = text.find(',');
    set_word(all, text.substr(0, comma));
    if (comma == text.npos) return all;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace xylem::server
