#include "object/object_name.hpp"
