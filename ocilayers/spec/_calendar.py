"""RFC 3339 text and instants, where it takes a calendar to get from one to the other.

Source: RFC 3339, section 5.6.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["instant_of", "moment_of", "text_of"]

# full-date "T" full-time; "T" and "Z" may also be lower case.
_GRAMMAR: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:)([0-9]{2})"
    r"(?:\.([0-9]+))?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LEAP_SECOND: Final = "60"


def text_of(unix_ns: int) -> str:
    """The time *unix_ns* nanoseconds after the epoch, as Go writes it.

    Raises:
        OverflowError: It is outside the years 1 to 9999.
    """
    seconds, fraction = divmod(unix_ns, 1_000_000_000)
    moment = _EPOCH + timedelta(seconds=seconds)
    text = f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0")
    digits = f".{fraction:09d}".rstrip("0").rstrip(".")
    return f"{text}{digits}Z"


def instant_of(text: str) -> int | None:
    """Nanoseconds since the epoch, or None where *text* names no instant."""
    match = _GRAMMAR.fullmatch(text)
    if match is None:
        return None
    date, minute, second, fraction, sign, hours, minutes = match.groups()
    is_leap = second == _LEAP_SECOND
    try:
        moment = datetime.fromisoformat(
            f"{date}T{minute}{'59' if is_leap else second}+00:00"
        )
    except ValueError:
        return None
    elapsed = moment - _EPOCH
    seconds = elapsed.days * 86_400 + elapsed.seconds + is_leap
    if sign:
        offset = int(hours) * 3600 + int(minutes) * 60
        seconds -= offset if sign == "+" else -offset
    return seconds * 1_000_000_000 + int((fraction or "")[:9].ljust(9, "0"))


def moment_of(unix_ns: int) -> datetime | None:
    """The instant in UTC to the microsecond, or None where there is none."""
    try:
        return _EPOCH + timedelta(microseconds=unix_ns // 1000)
    except OverflowError:  # year 9999, west of Greenwich
        return None
