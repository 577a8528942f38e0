"""Writes GVariants, also such as no library would: numbers big-endian, as objects have them.

Format: "GVariant Specification 1.0".
"""

import struct

FIXED = {"y": 1, "b": 1, "u": 4, "t": 8}


def split(types):
    """The types that stand one behind the other."""
    found, depth, start = [], 0, 0
    for position, letter in enumerate(types):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(letter, 0)
        if depth == 0 and letter != "a":
            found.append(types[start:position + 1])
            start = position + 1
    return found


def alignment(kind):
    if kind[0] in "({":
        return max((alignment(part) for part in split(kind[1:-1])), default=1)
    if kind[0] == "a":
        return alignment(kind[1:])
    return {"v": 8, "s": 1}.get(kind, FIXED.get(kind))


def is_fixed(kind):
    if kind[0] in "({":
        return all(is_fixed(part) for part in split(kind[1:-1]))
    return kind in FIXED


def pad(body, to):
    return body + bytes(-len(body) % to)


def framed(body, ends):
    """Adds the offsets, each of the fewest bytes that can hold the whole size."""
    size = next(size for size in (1, 2, 4, 8)
                if not ends or len(body) + size * len(ends) < 1 << (8 * size))
    return body + b"".join(end.to_bytes(size, "little") for end in ends)


def serialize(kind, value):
    if kind == "s":
        return (value if isinstance(value, bytes) else value.encode()) + b"\0"
    if kind == "v":
        return serialize(*value) + b"\0" + value[0].encode()
    if kind in FIXED:
        return struct.pack(">" + {"y": "B", "b": "B", "u": "I", "t": "Q"}[kind], value)
    if kind[0] == "a":
        return serialize_array(kind[1:], value)
    return serialize_tuple(split(kind[1:-1]), value, alignment(kind))


def serialize_array(kind, values):
    if kind == "y":
        return bytes(values)
    body, ends = b"", []
    for value in values:
        body = pad(body, alignment(kind)) + serialize(kind, value)
        ends.append(len(body))
    return body if is_fixed(kind) else framed(body, ends)


def serialize_tuple(kinds, values, align):
    body, ends = b"", []
    for index, (kind, value) in enumerate(zip(kinds, values, strict=True)):
        body = pad(body, alignment(kind)) + serialize(kind, value)
        if not is_fixed(kind) and index < len(kinds) - 1:
            ends.insert(0, len(body))
    if all(is_fixed(kind) for kind in kinds):
        return pad(body, align)
    return framed(body, ends)
