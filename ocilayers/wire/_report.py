"""What was found while reading one document: all of it, not the first alone."""

from __future__ import annotations

import re
from typing import Final, cast

from ocilayers.errors import DocumentError, InvalidFieldError
from ocilayers.findings import Finding, FindingLog, Rule
from ocilayers.limits import Limits

__all__ = ["Report", "at", "shown"]

_SIMPLE_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LONGEST_SHOWN: Final = 60
_LONGEST_PLACE: Final = 1000


def at(where: str, name: str) -> str:
    """The wire path of a member, cut where it is longer than anybody would read.

    Else one long name would be stored again for each member below it.

    >>> at("config", "Labels"), at("config.Labels", "a.b")
    ('config.Labels', "config.Labels['a.b']")
    """
    if _SIMPLE_NAME.fullmatch(name) is None:
        path = f"{where}[{name!r}]"
    else:
        path = f"{where}.{name}" if where else name
    return path if len(path) <= _LONGEST_PLACE else f"{path[:_LONGEST_PLACE]}…"


def shown(value: object) -> str:
    """A value from a document, cut to a length that fits into a message."""
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


class Report:
    """The problems and the findings of one document."""

    __slots__ = ("_log", "_strict", "limits", "problems")

    def __init__(self, *, strict: bool, limits: Limits) -> None:
        self.limits = limits
        self.problems: list[DocumentError] = []
        self._strict = strict
        self._log: FindingLog | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was noticed so far."""
        return self._log is None and not self.problems

    def cleared(self) -> Report:
        """A report on the same terms, with nothing in it."""
        return Report(strict=self._strict, limits=self.limits)

    def wrong(
        self,
        where: str,
        message: str,
        *,
        expected: object = None,
        actual: object = None,
        error: type[DocumentError] = InvalidFieldError,
    ) -> None:
        """Add a problem: no reader may take this.

        Raises:
            DocumentError: There are as many problems as one may have findings.
        """
        self.problems.append(
            error(message, where=where, expected=expected, actual=actual)
        )
        if len(self.problems) >= self.limits.findings:
            self.close()

    def note(
        self,
        rule: Rule,
        where: str,
        *,
        expected: object = None,
        actual: object = None,
    ) -> None:
        """Add a finding, or a problem where the caller is strict."""
        if self._strict and rule.severity == "error":
            error = cast("type[DocumentError]", rule.error)
            self.wrong(
                where, rule.summary, expected=expected, actual=actual, error=error
            )
        else:
            self._log = self._log or FindingLog(limits=self.limits)
            self._log.add(rule, where)

    def close(self) -> tuple[Finding, ...]:
        """The findings.

        Raises:
            DocumentError: There are problems: the first one, with all of them in it.
        """
        if not self.problems:
            return self._log.findings if self._log else ()
        first = self.problems[0]
        first.problems = tuple(self.problems)
        raise first
