// The C interface of errors.

#include "capi/c_types.hpp"
#include "xylem/version.hpp"

namespace {

static_assert(static_cast<int>(xylem::ErrorKind::Conflict) == XYLEM_ERROR_CONFLICT);

bool has_kind(xylem_error_kind kind) {
  return kind >= XYLEM_ERROR_NOT_FOUND && kind <= XYLEM_ERROR_CONFLICT;
}

int store_number(const std::optional<std::uint64_t>& number, uint64_t* bytes) {
  if (!number) return 0;
  if (bytes != nullptr) *bytes = *number;
  return 1;
}

}  // namespace

unsigned xylem_abi_version() {
  return XYLEM_ABI_VERSION;
}
const char* xylem_version() {
  return xylem::version;
}

xylem_error_kind xylem_error_get_kind(const xylem_error* error) {
  return error != nullptr ? error->kind : XYLEM_ERROR_OTHER;
}
const char* xylem_error_message(const xylem_error* error) {
  return error != nullptr ? error->message.c_str() : "";
}
const char* xylem_error_hint(const xylem_error* error) {
  return error != nullptr ? error->details.hint.c_str() : "";
}
const char* xylem_error_kind_name(xylem_error_kind kind) {
  // Names are literals, so they end with a NUL.
  return has_kind(kind) ? name(static_cast<xylem::ErrorKind>(kind)).data() : "other";
}
int xylem_error_kind_exit_code(xylem_error_kind kind) {
  return has_kind(kind) ? exit_code(static_cast<xylem::ErrorKind>(kind)) : 1;
}
const char* xylem_error_object(const xylem_error* error) {
  return error != nullptr ? error->details.object.c_str() : "";
}
const char* xylem_error_url(const xylem_error* error) {
  return error != nullptr ? error->details.url.c_str() : "";
}
const char* xylem_error_path(const xylem_error* error) {
  return error != nullptr ? error->details.path.c_str() : "";
}
long xylem_error_http_status(const xylem_error* error) {
  return error != nullptr ? error->details.http_status : 0;
}
int xylem_error_system_errno(const xylem_error* error) {
  return error != nullptr ? error->details.system_errno : 0;
}
int xylem_error_attempts(const xylem_error* error) {
  return error != nullptr ? error->details.attempts : 0;
}
int xylem_error_needed_bytes(const xylem_error* error, uint64_t* bytes) {
  return error != nullptr ? store_number(error->details.needed_bytes, bytes) : 0;
}
int xylem_error_available_bytes(const xylem_error* error, uint64_t* bytes) {
  return error != nullptr ? store_number(error->details.available_bytes, bytes) : 0;
}
void xylem_error_free(xylem_error* error) {
  delete error;
}
