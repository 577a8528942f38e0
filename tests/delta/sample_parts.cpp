#include "delta/sample_parts.hpp"

#include "base/random_source.hpp"
#include "xylem/error.hpp"

namespace xylem::test {

delta::PartOutcome execute(const PartBuilder& part, delta::PartStore& store) {
  const Bytes bytes = part.payload();
  const RandomMemory payload(bytes);
  return delta::execute_part(part.header(), payload, store);
}

std::string message_of(const PartBuilder& part, delta::PartStore& store) {
  try {
    execute(part, store);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace xylem::test
