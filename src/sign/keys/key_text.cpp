#include "sign/keys/key_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <memory>

#include "base/text.hpp"
#include "xylem/error.hpp"

namespace xylem::sign {

namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view dashes = "-----";

[[noreturn]] void refuse_text(std::string_view what, std::string_view why) {
  throw Error(ErrorKind::InvalidArgument, fmt::format("{}: {}", what, why));
}

/// Takes the first line off `text`, without white space around it.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::size_t padding_of(std::string_view text) {
  if (text.ends_with("==")) return 2;
  return text.ends_with('=') ? 1 : 0;
}

bool is_base64(std::string_view text) {
  text.remove_suffix(padding_of(text));
  return std::ranges::all_of(text, [](unsigned char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  });
}

using BioPtr = std::unique_ptr<BIO, decltype([](BIO* bio) { BIO_free(bio); })>;

/// What OpenSSL allocates for a block; it may be a secret key.
struct PemBlock {
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;

  PemBlock() = default;
  PemBlock(const PemBlock&) = delete;
  PemBlock& operator=(const PemBlock&) = delete;
  ~PemBlock() {
    OPENSSL_free(label);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<std::size_t>(size));
  }
};

/// The label of "-----BEGIN LABEL-----".
std::string_view pem_label(std::string_view line, std::string_view what) {
  if (!line.starts_with(begin_mark)) refuse_text(what, "there is text outside of PEM blocks");
  line.remove_prefix(begin_mark.size());
  if (!line.ends_with(dashes)) refuse_text(what, "a PEM line does not end in -----");
  line.remove_suffix(dashes.size());
  return line;
}

/// Takes the block that `text` begins with off its front.
Bytes take_pem_block(std::string_view& text, std::string_view what) {
  const BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  PemBlock block;
  const bool read =
      PEM_read_bio(bio.get(), &block.label, &block.header, &block.data, &block.size) == 1;
  ERR_clear_error();
  if (!read) refuse_text(what, "a PEM block is damaged or does not end as it begins");
  if (*block.header != '\0') refuse_text(what, "a PEM block is encrypted, or has other headers");
  text.remove_prefix(text.size() - BIO_pending(bio.get()));
  return {block.data, block.data + block.size};
}

}  // namespace

Bytes decode_base64(std::string_view text, std::string_view what) {
  text = trimmed(text);
  if (text.empty() || text.size() % 4 != 0 || !is_base64(text)) refuse_text(what, "not base64");
  Bytes bytes(text.size() / 4 * 3);
  const int size =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (size < 0) refuse_text(what, "not base64");
  bytes.resize(static_cast<std::size_t>(size) - padding_of(text));
  return bytes;
}

std::string encode_base64(ByteView bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::vector<Bytes> parse_key_lines(std::string_view text, std::string_view what) {
  std::vector<Bytes> keys;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = next_line(text);
    if (!line.empty())
      keys.push_back(decode_base64(line, fmt::format("{}, line {}", what, number)));
  }
  return keys;
}

std::vector<Bytes> parse_words(std::string_view text) {
  std::vector<Bytes> words;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (!line.empty()) words.emplace_back(line.begin(), line.end());
  }
  return words;
}

std::vector<Bytes> parse_pem(std::string_view text, std::string_view label, std::string_view what) {
  std::vector<Bytes> keys;
  // OpenSSL passes over text before a block in silence, so each block must begin where the last
  // one ended.
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    std::string_view rest = text;
    const std::string_view found = pem_label(next_line(rest), what);
    if (found != label)
      refuse_text(what, fmt::format("a PEM block is a {}, not a {}", found, label));
    keys.push_back(take_pem_block(text, what));
    if (keys.back().empty()) refuse_text(what, "a PEM block is empty");
  }
  return keys;
}

std::string hex(ByteView bytes) {
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

}  // namespace xylem::sign
