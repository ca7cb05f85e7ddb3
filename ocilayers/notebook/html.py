"""HTML that survives where notebooks are shown: plain tables, escaped text.

Law: no `<style>`, no script, no class, no colour of text or background. Hosts strip the
first three, and each names its dark theme differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

import attrs

from ocilayers._text import safe_text

__all__ = ["Markup", "Size", "amount", "bar", "clipped", "table", "text"]

_TABLE: Final = "table-layout:auto;text-align:left;width:auto"
_LEFT: Final = (
    "text-align:left;vertical-align:top;padding:2px 8px;"
    "overflow-wrap:break-word;max-width:"
)
_RIGHT: Final = "white-space:nowrap;text-align:right;vertical-align:top;padding:2px 8px"
_LONGEST: Final = 100
#: A longer word, such as a digest, is broken before it makes its table too wide.
_WORD: Final = 40


@attrs.frozen
class Markup:
    """HTML that is safe as it is.

    Attributes:
        html: Tags, with all text in them escaped.
    """

    html: str


@attrs.frozen
class Size:
    """A number of bytes in a table, which people read in larger units.

    Attributes:
        count: How many.
    """

    count: int


def clipped(value: str, longest: int = 100) -> str:
    """*value* made safe to show, in at most *longest* characters.

    >>> clipped("a very long command", 10)
    'a very lo…'
    """
    # What is cut away need not be made safe: names may be megabytes long.
    shown = safe_text(value[: longest + 1])
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def text(value: str, longest: int = 100) -> Markup:
    """*value* as text that no browser takes for anything else.

    >>> text("<b>&").html
    '&lt;b&gt;&amp;'
    """
    return Markup(escape(clipped(value, longest)))


def amount(size: int) -> str:
    """A number of bytes for people.

    >>> amount(0), amount(1536), amount(3_000_000)
    ('0 B', '1.5 KiB', '2.9 MiB')
    """
    if abs(size) < _STEP:
        return f"{size} B"
    power = 1
    # Rounded before the unit is chosen, so that nothing is 1024.0 of one.
    while (tenths := _rounded(10 * abs(size), _STEP**power)) >= 10 * _STEP:
        if power == len(_UNITS):
            break
        power += 1
    sign = "-" if size < 0 else ""
    return f"{sign}{tenths // 10}.{tenths % 10} {_UNITS[power - 1]}"


_UNITS: Final = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_STEP: Final = 1024


def _rounded(number: int, unit: int) -> int:
    return (2 * number + unit) // (2 * unit)


def bar(part: int, whole: int, colour: str) -> Markup:
    """A bar as long as *part* is of *whole*, in pixels.

    Hosts squash what is a share of a cell.
    """
    width = round(120 * part / whole) if whole else 0
    return Markup(
        f'<div style="width:{width}px;height:10px;background-color:{colour}"></div>'
    )


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str | int | Size | Markup]],
    caption: str,
) -> Markup:
    """A table; numbers and sizes stand right, text left.

    Args:
        head: The names of the columns.
        rows: The cells: text, which is escaped, numbers, sizes, or markup.
        caption: What it is a table of; text.
    """
    # A digest fits on a line where there is one column of them.
    left = f"{_LEFT}{'420px' if head else '600px'}"
    names = "".join(
        f'<td style="{left}"><strong>{text(name).html}</strong></td>' for name in head
    )
    body = "".join(
        f"<tr>{''.join(_cell(value, left) for value in row)}</tr>" for row in rows
    )
    top = f"<tr>{names}</tr>" if head else ""
    return Markup(
        f'<div style="overflow-wrap:break-word">'
        f"<strong>{text(caption, 200).html}</strong></div>"
        f'<table style="{_TABLE}">{top}{body}</table>'
    )


def _cell(value: str | int | Size | Markup, left: str) -> str:
    if isinstance(value, Markup):
        return f'<td style="{left}">{value.html}</td>'
    if isinstance(value, str):
        is_long = any(len(word) > _WORD for word in value[:_LONGEST].split())
        style = f"{left};word-break:break-all" if is_long else left
        return f'<td style="{style}">{text(value).html}</td>'
    shown = amount(value.count) if isinstance(value, Size) else value
    return f'<td style="{_RIGHT}">{shown}</td>'
