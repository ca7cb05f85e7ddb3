"""Text from an image, made safe to show.

Names, labels and commands come from strangers. Whatever is printed passes
through here first, so that none of it moves a cursor, turns the reading
direction or breaks an encoder.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["safe_text"]

_UNSAFE: Final = re.compile(
    "["
    "\\x00-\\x1f\\x7f-\\x9f"  # C0, DEL, C1
    "\\xad"  # soft hyphen
    "\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f"  # invisible, bidi
    "\\ufeff\\ufff9-\\ufffb"  # byte order mark, annotations
    "\\ud800-\\udfff"  # lone surrogates: bytes that are not UTF-8
    "]"
)


def safe_text(text: str) -> str:
    r"""*text* with everything invisible or dangerous written as an escape.

    A byte that was not UTF-8 (a lone surrogate) is written as `\xff`.

    >>> print(safe_text("a\x1b[31mb\u202e"))
    a\x1b[31mb\u202e
    """
    return _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if "\udc80" <= character <= "\udcff":
        # PEP 383 keeps the undecodable byte 0xNN as U+DCNN.
        return f"\\x{ord(character) - 0xDC00:02x}"
    code = ord(character)
    return f"\\x{code:02x}" if character <= "\xff" else f"\\u{code:04x}"
