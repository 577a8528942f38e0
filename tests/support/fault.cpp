#include "support/fault.hpp"

#include <charconv>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>

namespace xylem::test {

namespace {

using Setter = std::function<void(Fault&, const std::string&)>;

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::invalid_argument("\"" + text + "\" is no number");
  return value;
}

unsigned small_number(const std::string& text) {
  return static_cast<unsigned>(number(text));
}

Setter end_with(BodyEnd end) {
  return [end](Fault& fault, const std::string& value) {
    fault.end = end;
    fault.end_at = number(value);
  };
}

Setter flag(bool Fault::*member) {
  return [member](Fault& fault, const std::string&) { fault.*member = true; };
}

const std::map<std::string, Setter>& setters() {
  static const std::map<std::string, Setter> all = {
      {"path", [](Fault& fault, const std::string& value) { fault.path = value; }},
      {"skip", [](Fault& fault, const std::string& value) { fault.skip = small_number(value); }},
      {"count", [](Fault& fault, const std::string& value) { fault.count = small_number(value); }},
      {"latency",
       [](Fault& fault, const std::string& value) {
         fault.latency = std::chrono::milliseconds(number(value));
       }},
      {"rate", [](Fault& fault, const std::string& value) { fault.rate = number(value); }},
      {"cut", end_with(BodyEnd::Cut)},
      {"reset", end_with(BodyEnd::Reset)},
      {"stall", end_with(BodyEnd::Stall)},
      {"flip", [](Fault& fault, const std::string& value) { fault.flip = number(value); }},
      {"status",
       [](Fault& fault, const std::string& value) { fault.status = small_number(value); }},
      {"retry-after", [](Fault& fault, const std::string& value) { fault.retry_after = value; }},
      {"redirect", [](Fault& fault, const std::string& value) { fault.redirect = value; }},
      {"auth", [](Fault& fault, const std::string& value) { fault.auth = value; }},
      {"length", [](Fault& fault, const std::string& value) { fault.length = number(value); }},
      {"headers", [](Fault& fault, const std::string& value) { fault.headers = number(value); }},
      {"gzip", flag(&Fault::gzip)},
      {"ignore-range", flag(&Fault::ignore_range)},
      {"wrong-range", flag(&Fault::wrong_range)},
      {"half-range", flag(&Fault::half_range)},
      {"chunked", flag(&Fault::chunked)},
      {"html", flag(&Fault::html)},
      {"junk", flag(&Fault::junk)},
      {"no-validators", flag(&Fault::no_validators)},
  };
  return all;
}

}  // namespace

Fault parse_fault(std::string_view text) {
  Fault fault;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    const auto setter = setters().find(word.substr(0, equals));
    if (setter == setters().end()) throw std::invalid_argument("\"" + word + "\" is no fault");
    setter->second(fault, equals == word.npos ? "" : word.substr(equals + 1));
  }
  return fault;
}

}  // namespace xylem::test
