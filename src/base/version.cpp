#include "xylem/version.hpp"

namespace xylem {

const char* const version = XYLEM_VERSION;

}  // namespace xylem
