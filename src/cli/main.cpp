#include <string>
#include <vector>

#include "cli/run.hpp"

int main(int argc, char** argv) {
  return xylem::cli::run(std::vector<std::string>(argv, argv + argc));
}
