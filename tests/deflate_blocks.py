"""Deflate data read bit by bit, as RFC 1951 tells it; slow, and it knows its blocks."""

from __future__ import annotations

from typing import Final

__all__ = ["block_ends"]

#: Extra bits of lengths and distances — RFC 1951, section 3.2.5
_LENGTH_BITS: Final = [0] * 8 + [n for n in range(1, 6) for _ in range(4)] + [0]
_DISTANCE_BITS: Final = [0, 0, 0, 0] + [n // 2 - 1 for n in range(4, 30)]
#: The order of the lengths of code lengths — RFC 1951, section 3.2.7
_ORDER: Final = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
_END, _STORED, _FIXED = 256, 0, 1

_Code = dict[tuple[int, int], int]


class _Bits:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> int:
        value = 0
        for n in range(count):
            value |= (self.data[self.at >> 3] >> (self.at & 7) & 1) << n
            self.at += 1
        return value

    def symbol(self, code: _Code) -> int:
        bits = length = 0
        while (length, bits) not in code or not length:
            bits, length = bits << 1 | self.take(1), length + 1
        return code[length, bits]


def _code(lengths: list[int]) -> _Code:
    """The canonical code of *lengths* — RFC 1951, section 3.2.2."""
    code: _Code = {}
    bits = 0
    for length in range(1, 16):
        for symbol, found in enumerate(lengths):
            if found == length:
                code[length, bits] = symbol
                bits += 1
        bits <<= 1
    return code


def _dynamic(bits: _Bits) -> tuple[_Code, _Code]:
    literals, distances = bits.take(5) + 257, bits.take(5) + 1
    of_lengths = [0] * 19
    for symbol in _ORDER[: bits.take(4) + 4]:
        of_lengths[symbol] = bits.take(3)
    code = _code(of_lengths)
    lengths: list[int] = []
    while len(lengths) < literals + distances:
        symbol = bits.symbol(code)
        if symbol < 16:
            lengths.append(symbol)
        elif symbol == 16:
            lengths += [lengths[-1]] * (3 + bits.take(2))
        else:
            lengths += [0] * (3 + bits.take(3) if symbol == 17 else 11 + bits.take(7))
    return _code(lengths[:literals]), _code(lengths[literals:])


def _skip_block(bits: _Bits, kind: int) -> None:
    if kind == _STORED:
        bits.at = (bits.at + 7) // 8 * 8
        length = bits.take(16)
        bits.at += 16 + 8 * length
        return
    if kind == _FIXED:
        literals = _code([8] * 144 + [9] * 112 + [7] * 24 + [8] * 8)
        distances = _code([5] * 30)
    else:
        literals, distances = _dynamic(bits)
    while (symbol := bits.symbol(literals)) != _END:
        if symbol > _END:
            bits.take(_LENGTH_BITS[symbol - 257])
            bits.take(_DISTANCE_BITS[bits.symbol(distances)])


def block_ends(data: bytes) -> list[int]:
    """At which bytes of *data* a block begins, where it begins at one."""
    bits, found, last = _Bits(data), [], 0
    while not last:
        if bits.at % 8 == 0:
            found.append(bits.at // 8)
        last = bits.take(1)
        _skip_block(bits, bits.take(2))
    return found
