"""How JSON is written: spacing, escapes, numbers.

Law: this file knows nothing about images.
Source: Go, `encoding/json`; RFC 8785; ECMA-262, "Number::toString".
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Final

import attrs

from ocilayers._types import JSONValue
from ocilayers.errors import InvalidFieldError

__all__ = ["CANONICAL", "GO", "INDENT3", "Form", "encoded"]

_PLAIN_FROM: Final = -6
_PLAIN_UP_TO: Final = 21


@attrs.frozen(kw_only=True)
class Form:
    """One way to write JSON.

    Attributes:
        newline: Between two lines; empty for one line in all.
        indent: Of each level.
        between: Between two values of one line, the comma included.
        colon: Between a name and its value.
        html: Escape `<`, `>`, `&` and the line separators, as Go does.
        ascii: Escape everything that is not ASCII, as Python does.
        upper: Write the digits of these escapes in upper case.
        slash: Escape slashes, as PHP does.
        canonical: Order names by their UTF-16 code units, and write numbers as
            ECMAScript does: the same for all that are the same.
    """

    newline: str = ""
    indent: str = ""
    between: str = ","
    colon: str = ":"
    html: bool = True
    ascii: bool = False
    upper: bool = False
    slash: bool = False
    canonical: bool = False

    def write(self, value: JSONValue, depth: int = 0) -> str:
        """Write *value* as it stands *depth* levels deep.

        Raises:
            InvalidFieldError: It holds a number that JSON cannot say.
        """
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            members = self._ordered(value)
            parts = [
                f"{self.text(name)}{self.colon}{self.write(item, depth + 1)}"
                for name, item in members
            ]
            return self._wrapped("{}", parts, depth)
        if isinstance(value, list | tuple):
            parts = [self.write(item, depth + 1) for item in value]
            return self._wrapped("[]", parts, depth)
        return self._literal(value)

    def text(self, text: str) -> str:
        """Write a text, with its quotes."""
        written = json.dumps(text, ensure_ascii=self.ascii)
        if self.html:
            for character in "<>&\u2028\u2029":
                written = written.replace(character, f"\\u{ord(character):04x}")
        if self.slash:
            written = written.replace("/", "\\/")
        return _with_upper_escapes(written) if self.upper else written

    def gap(self, depth: int) -> str:
        """What comes before a value *depth* levels deep that begins a line."""
        return f"{self.newline}{self.indent * depth}" if self.newline else ""

    def separator(self, depth: int) -> str:
        """What comes between two values *depth* levels deep."""
        return f",{self.gap(depth)}" if self.newline else self.between

    def _literal(self, value: float | None) -> str:
        if isinstance(value, float):
            if not math.isfinite(value):
                raise InvalidFieldError("a number that JSON cannot say", actual=value)
            return _real(value) if self.canonical else repr(value)
        return json.dumps(value)

    def _wrapped(self, brackets: str, parts: list[str], depth: int) -> str:
        if not parts:
            return brackets
        inside = self.separator(depth + 1).join(parts)
        return (
            f"{brackets[0]}{self.gap(depth + 1)}{inside}{self.gap(depth)}{brackets[1]}"
        )

    def _ordered(self, members: Mapping[str, JSONValue]) -> list[tuple[str, JSONValue]]:
        if not self.canonical:
            return list(members.items())
        return sorted(members.items(), key=lambda item: _utf16(item[0]))


GO: Final = Form()
"""As Go's `json.Marshal` writes: what engines and BuildKit store."""

INDENT3: Final = Form(newline="\n", indent="   ", colon=": ")
"""As distribution writes its manifests: `json.MarshalIndent` with three spaces."""

CANONICAL: Final = Form(html=False, canonical=True)
"""RFC 8785: the same bytes for the same values, whoever writes them."""


def encoded(text: str) -> bytes:
    """JSON text as bytes.

    Raises:
        InvalidFieldError: It holds half a character, which UTF-8 cannot say.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InvalidFieldError(
            "text that is no Unicode", actual=repr(error.object[error.start])
        ) from None


def _real(value: float) -> str:
    """A number as ECMAScript writes it: the fewest digits that mean it."""
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The value is 0.DIGITS times ten to the power of *point*.
    point = int(exponent or 0) + len(digits) - len(fraction)
    digits = digits.rstrip("0")
    if not _PLAIN_FROM < point <= _PLAIN_UP_TO:
        rest = f".{digits[1:]}" if digits[1:] else ""
        return f"{sign}{digits[0]}{rest}e{point - 1:+d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return f"{sign}{digits}{'0' * (point - len(digits))}"
    return f"{sign}{digits[:point]}.{digits[point:]}"


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def _with_upper_escapes(written: str) -> str:
    parts = written.split("\\")
    for place in range(1, len(parts)):
        # A part is empty where a backslash is escaped; the next one is plain then.
        if parts[place].startswith("u") and (place == 1 or parts[place - 1]):
            parts[place] = "u" + parts[place][1:5].upper() + parts[place][5:]
    return "\\".join(parts)
