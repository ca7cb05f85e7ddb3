"""Times: RFC 3339 text kept exactly as written, and the instant that it names.

Source: RFC 3339, section 5.6; image-spec, config.md, "created".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from ocilayers._types import override
from ocilayers.errors import InvalidFieldError

__all__ = ["Timestamp"]

# full-date "T" full-time; "T" and "Z" may also be lower case.
_GRAMMAR: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:)([0-9]{2})"
    r"(?:\.([0-9]+))?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
)
# What nearly all documents hold, and what needs no calendar to be right.
_PLAIN: Final = re.compile(
    r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?Z"
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LEAP_SECOND: Final = "60"


class Timestamp(str):
    """A time as a document writes it; a `str` that knows which instant it is.

    Any text passes, since real documents hold odd ones; see `is_valid`.

    >>> created = Timestamp("2021-06-07T01:07:31.224378431Z")
    >>> created.unix_ns
    1623028051224378431
    """

    __slots__ = ()

    @classmethod
    def of(cls, unix_ns: int) -> Timestamp:
        """The time *unix_ns* nanoseconds after the epoch, as Go writes it.

        >>> Timestamp.of(1623028051_500_000_000)
        Timestamp('2021-06-07T01:07:31.5Z')

        Raises:
            InvalidFieldError: It is outside the years 1 to 9999, which RFC 3339 cannot
                say.
        """
        seconds, fraction = divmod(unix_ns, 1_000_000_000)
        try:
            moment = _EPOCH + timedelta(seconds=seconds)
        except OverflowError:
            raise InvalidFieldError(
                "a time that RFC 3339 cannot say",
                expected="the years 1 to 9999",
                actual=unix_ns,
            ) from None
        text = f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0")
        digits = f".{fraction:09d}".rstrip("0").rstrip(".")
        return cls(f"{text}{digits}Z")

    @property
    def is_valid(self) -> bool:
        """Whether it follows RFC 3339 and names a day that exists."""
        return _PLAIN.fullmatch(self) is not None or self.unix_ns is not None

    @property
    def unix_ns(self) -> int | None:
        """Nanoseconds since the epoch, or None where the text names no instant.

        A leap second counts as the second after it; digits past the ninth are cut.
        """
        match = _GRAMMAR.fullmatch(self)
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

    @property
    def datetime(self) -> datetime | None:
        """The instant in UTC to the microsecond, or None where there is none."""
        instant = self.unix_ns
        if instant is None:
            return None
        try:
            return _EPOCH + timedelta(microseconds=instant // 1000)
        except OverflowError:  # year 9999, west of Greenwich
            return None

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}({super().__repr__()})"
