"""Findings of one layer, each at its place."""

from __future__ import annotations

import attrs

from ocilayers.findings import FindingLog, Rule

__all__ = ["Notes"]


@attrs.frozen
class Notes:
    """A log that knows which layer it speaks of.

    Attributes:
        log: Where the findings go.
        layer: What stands before every path, such as `layers[2]`.
    """

    log: FindingLog
    layer: str = ""

    def where(self, path: str) -> str:
        """The place of *path*, for a finding or an error."""
        return f"{self.layer}/{path}"

    def add(self, rule: Rule, path: str, message: str = "") -> None:
        """Note that *rule* holds at *path*.

        Raises:
            MergeError: The log is strict and the rule an error.
        """
        self.log.add(rule, self.where(path), message)
