// As std.hpp, with what tests are written in.
#include "std.hpp"

#include <catch2/catch.hpp>
