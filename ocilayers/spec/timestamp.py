"""Times: RFC 3339 text kept exactly as written, and the instant that it names.

Law: a calendar is loaded when somebody asks for an instant; most only read texts.
Source: RFC 3339, section 5.6; image-spec, config.md, "created".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ocilayers._types import override
from ocilayers.errors import InvalidFieldError

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Timestamp"]

# What nearly all documents hold, and what needs no calendar to be right.
_PLAIN: Final = re.compile(
    r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?Z"
)


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
        from ocilayers.spec._calendar import text_of  # noqa: PLC0415 - on first use

        try:
            return cls(text_of(unix_ns))
        except OverflowError:
            raise InvalidFieldError(
                "a time that RFC 3339 cannot say",
                expected="the years 1 to 9999",
                actual=unix_ns,
            ) from None

    @property
    def is_valid(self) -> bool:
        """Whether it follows RFC 3339 and names a day that exists."""
        return _PLAIN.fullmatch(self) is not None or self.unix_ns is not None

    @property
    def unix_ns(self) -> int | None:
        """Nanoseconds since the epoch, or None where the text names no instant.

        A leap second counts as the second after it; digits past the ninth are cut.
        """
        from ocilayers.spec._calendar import instant_of  # noqa: PLC0415 - on first use

        return instant_of(self)

    @property
    def datetime(self) -> datetime | None:
        """The instant in UTC to the microsecond, or None where there is none."""
        from ocilayers.spec._calendar import moment_of  # noqa: PLC0415 - on first use

        instant = self.unix_ns
        return None if instant is None else moment_of(instant)

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}({super().__repr__()})"
