#pragma once

#include <memory>

#include "base/codec/checksum.hpp"

struct evp_md_ctx_st;

namespace xylem {

/// SHA-256, fed piece by piece. One object, one thread at a time.
class Sha256 {
 public:
  Sha256();
  void update(ByteView bytes);
  /// The digest of all that was fed; afterwards the object starts afresh.
  Checksum finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Checksum sha256(ByteView bytes);

}  // namespace xylem
