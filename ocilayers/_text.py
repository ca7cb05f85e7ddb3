"""Text from an image, made safe to show.

Names, labels and commands come from strangers. Whatever is printed passes
through here first, so that none of it moves a cursor, turns the reading
direction or breaks an encoder, and so that names that differ look different.

Source: Unicode Character Database, DerivedCoreProperties.txt,
Default_Ignorable_Code_Point: what may be shown as nothing at all.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

__all__ = ["safe_text", "shortened"]

_LONGEST_SHOWN: Final = 1000

_UNSAFE: Final = (
    "["
    "\\x00-\\x1f\\x7f-\\x9f"  # C0, DEL, C1
    "\\u200e\\u200f\\u2028-\\u202e\\ufff9-\\ufffb"  # lines, bidi, annotations
    # Default_Ignorable_Code_Point
    "\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200d"
    "\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8"
    "\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
    "\\ud800-\\udfff"  # lone surrogates: bytes that are not UTF-8
    "]"
)


def safe_text(text: str) -> str:
    r"""*text* with everything invisible or dangerous written as an escape.

    A byte that was not UTF-8 (a lone surrogate) is written as `\xff`.

    >>> print(safe_text("a\x1b[31mb\u202e"))
    a\x1b[31mb\u202e
    """
    return _unsafe().sub(_escape, text)


@cache
def _unsafe() -> re.Pattern[str]:
    # A millisecond, which nobody pays who shows nothing.
    return re.compile(_UNSAFE)


def shortened(value: object) -> str:
    """The start of *value* as text: a stranger's name may have megabytes."""
    text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if "\udc80" <= character <= "\udcff":
        # PEP 383 keeps the undecodable byte 0xNN as U+DCNN.
        return f"\\x{ord(character) - 0xDC00:02x}"
    code = ord(character)
    if code > 0xFFFF:  # noqa: PLR2004 - the last that four digits can write
        return f"\\U{code:08x}"
    return f"\\x{code:02x}" if character <= "\xff" else f"\\u{code:04x}"
