"""What was noticed while reading, without refusing it.

A `Rule` is one thing that can be noticed; a `Finding` is one place where it was.
A `FindingLog` collects them, or raises the first error when the caller is strict.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from ocilayers.errors import OCILayersError
from ocilayers.limits import Limits

__all__ = ["Finding", "FindingLog", "Rule", "Severity"]

Severity: TypeAlias = Literal["error", "warning", "note"]


@attrs.frozen
class Finding:
    """One thing that was noticed, at one place.

    Attributes:
        code: Stable, kebab-case; the docs have a page with all of them.
        severity: `error` (a strict reader refuses it), `warning` or `note`.
        where: A wire path, a path of the file system, or a blob.
        message: What was noticed, in one sentence without a full stop.
        source: The sentence or the tool that decides, when one does.
        hint: What to do about it.
    """

    code: str
    severity: Severity
    where: str
    message: str
    source: str = ""
    hint: str = ""


@attrs.frozen
class Rule:
    """One thing that can be noticed.

    Attributes:
        code: Stable, kebab-case.
        severity: Of every finding of this rule.
        summary: What it means for whoever has the image, in one sentence.
        error: What a strict reader raises.
        source: The sentence or the tool that decides, when one does.
        hint: What to do about it.
    """

    code: str
    severity: Severity
    summary: str
    error: type[OCILayersError] = OCILayersError
    source: str = ""
    hint: str = ""


@attrs.define(eq=False)
class FindingLog:
    """Findings in the order they were made.

    Attributes:
        strict: Raise the first finding of severity `error` instead of keeping it.
        limits: `limits.findings` is the most that are kept.
        total: How many were made, kept or not.
    """

    strict: bool = False
    limits: Limits = attrs.field(factory=Limits)
    total: int = 0
    _kept: list[Finding] = attrs.field(factory=list[Finding])

    def add(
        self,
        rule: Rule,
        where: str,
        message: str = "",
        *,
        expected: object = None,
        actual: object = None,
        offset: int | None = None,
    ) -> None:
        """Keep a finding of *rule*; its summary stands in for an empty *message*.

        Raises:
            OCILayersError: The log is strict and the rule an error: `rule.error`.
        """
        message = message or rule.summary
        if self.strict and rule.severity == "error":
            raise rule.error(
                message, where=where, expected=expected, actual=actual, offset=offset
            )
        self.total += 1
        if len(self._kept) < self.limits.findings:
            self._kept.append(
                Finding(
                    rule.code, rule.severity, where, message, rule.source, rule.hint
                )
            )

    def extend(self, findings: tuple[Finding, ...]) -> None:
        """Keep findings that another log made."""
        self.total += len(findings)
        room = self.limits.findings - len(self._kept)
        self._kept.extend(findings[: max(room, 0)])

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those kept, in the order they were made."""
        return tuple(self._kept)
