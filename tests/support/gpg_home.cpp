#include "support/gpg_home.hpp"

#include <sys/stat.h>

#include "support/process.hpp"

namespace xylem::test {

GpgHome::GpgHome() {
  ::chmod(path().c_str(), 0700);
}

GpgHome::~GpgHome() {
  run({"gpgconf", "--homedir", path(), "--kill", "all"});
}

std::vector<std::string> GpgHome::command(const std::string& when,
                                          const std::vector<std::string>& words) const {
  std::vector<std::string> command{"gpg",     "--homedir",       path(),    "--batch",
                                   "--quiet", "--no-tty",        "--yes",   "--passphrase",
                                   "",        "--pinentry-mode", "loopback"};
  if (!when.empty()) command.insert(command.end(), {"--faked-system-time", when + "T000000!"});
  command.insert(command.end(), words.begin(), words.end());
  return command;
}

std::string GpgHome::make_key(const std::string& name, const std::string& expiry,
                              const std::string& when) const {
  const std::string user = name + " <" + name + "@example.org>";
  run_ok(command(when, {"--quick-gen-key", user, "ed25519", "sign", expiry}));
  const std::string listing = run_ok(command("", {"--with-colons", "--list-keys", user}));
  const std::size_t start = listing.find("fpr:::::::::") + 12;
  return listing.substr(start, 40);
}

Bytes GpgHome::export_keys(const std::vector<std::string>& ids, bool armor) const {
  const std::string file = dir_ / "exported";
  std::vector<std::string> words{"--output", file, "--export"};
  if (armor) words.insert(words.begin(), "--armor");
  words.insert(words.end(), ids.begin(), ids.end());
  run_ok(command("", words));
  return read_file(file);
}

void GpgHome::revoke(const std::string& fingerprint) const {
  const Bytes made = read_file(dir_ / ("openpgp-revocs.d/" + fingerprint + ".rev"));
  std::string certificate(as_text(made));
  // gpg puts a colon there, against accidents.
  certificate.erase(certificate.find(":-----BEGIN"), 1);
  const std::string file = dir_ / "revocation";
  write_file(file, certificate);
  run_ok(command("", {"--import", file}));
}

Bytes GpgHome::sign(const std::string& fingerprint, ByteView data, const std::string& when,
                    const std::vector<std::string>& options) const {
  const std::string input = dir_ / "input";
  const std::string output = dir_ / "output";
  write_file(input, data);
  std::vector<std::string> words{"--local-user", fingerprint, "--output", output};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(input);
  run_ok(command(when, words));
  return read_file(output);
}

}  // namespace xylem::test
