#include "repo/disk/random_name.hpp"

#include <random>

namespace xylem::repo {

std::string random_name(std::string_view prefix) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device device;
  std::uniform_int_distribution<std::size_t> pick(0, letters.size() - 1);
  std::string name(prefix);
  for (int i = 0; i < 6; ++i) name += letters[pick(device)];
  return name;
}

}  // namespace xylem::repo
