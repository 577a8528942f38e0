#include "crash/program.hpp"

#include <iostream>

#include "crash/sample_source.hpp"

namespace xylem::test {

std::size_t sum_over_modes(const std::string& only,
                           const std::function<std::size_t(repo::Mode)>& call) {
  std::size_t sum = 0;
  for (const repo::Mode mode : testable_modes())
    if (only.empty() || only == repo::config_name(mode)) sum += call(mode);
  return sum;
}

int run_program(const std::function<int()>& main) try {
  return main();
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 2;
}

}  // namespace xylem::test
