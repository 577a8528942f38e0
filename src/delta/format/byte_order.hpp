#pragma once

/// \file
/// The order in which a superblock has its numbers. libostree writes them as the machine has them,
/// and since 2016.3 says so.

#include <cstdint>
#include <optional>
#include <span>

namespace xylem::delta {

enum class ByteOrder : std::uint8_t { Little = 'l', Big = 'B' };

/// How a number of that order looks to who reads it as little-endian; also the way back.
std::uint32_t reordered(std::uint32_t little, ByteOrder order);
std::uint64_t reordered(std::uint64_t little, ByteOrder order);

/// The order that a tag (`ostree.endianness`) names; nullopt for one that means nothing.
std::optional<ByteOrder> byte_order_of_tag(std::uint8_t tag);

/// For a superblock without a tag: sizes in the wrong order are huge, so it is the order in which
/// the largest of them is smaller. `sizes` were read as little-endian. Does not depend on the
/// machine, and is right for small deltas too, where libostree's own guess (it compares compressed
/// and uncompressed size) is wrong.
ByteOrder guess_byte_order(std::span<const std::uint64_t> sizes);

}  // namespace xylem::delta
