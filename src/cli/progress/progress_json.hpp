#pragma once

#include "cli/progress/progress.hpp"

namespace xylem::cli {

/// One JSON object a line, each with "event": "progress", "message", "signature", and at last
/// "done" or "error". The keys are described in xylem-pull(1).
class JsonDisplay : public PullDisplay {
 public:
  void on_progress(const PullProgress& progress) override;
  void on_message(const PullMessage& message) override;
  void on_signature(const SignatureResult& signature) override;
  void finish(const PullResult& result) override;
  void fail(const std::exception& error) override;
};

}  // namespace xylem::cli
