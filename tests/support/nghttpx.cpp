#include "support/nghttpx.hpp"

#include <fmt/format.h>

namespace xylem::test {

std::string Nghttpx::url() const {
  return fmt::format("https://127.0.0.1:{}", port_);
}

std::vector<std::string> Nghttpx::command(std::uint16_t backend,
                                          std::vector<std::string> options) const {
  options.insert(options.begin(),
                 {"nghttpx", "--conf=/dev/null", "--no-ocsp", "--workers=1", "--log-level=FATAL",
                  fmt::format("--frontend=127.0.0.1,{}", port_),
                  fmt::format("--backend=127.0.0.1,{}", backend)});
  options.insert(options.end(), {certificates_.server_key(), certificates_.server_certificate()});
  return options;
}

}  // namespace xylem::test
