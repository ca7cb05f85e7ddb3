"""Bytes to a model: the quick reader where it can, the careful one where it must."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import attrs

from ocilayers.findings import Finding
from ocilayers.limits import Limits
from ocilayers.spec.media_types import MediaType, Role
from ocilayers.spec.rules import BYTE_ORDER_MARK
from ocilayers.spec.saved import SavedImage
from ocilayers.wire._careful import read_list, read_object
from ocilayers.wire._json import BOM, Members, read
from ocilayers.wire._judge import judge
from ocilayers.wire._kind import media_type_of, promised
from ocilayers.wire._report import Report
from ocilayers.wire._values import mapping, text_map

__all__ = ["Expected", "Reading", "read_bytes"]

Expected: TypeAlias = Role | Literal["saved", "repositories"]
"""What the caller asked for: a kind with a media type, or a file of `docker save`."""

_JSON: Final = MediaType("application/json")


@attrs.frozen
class Reading:
    """What one document says.

    Attributes:
        media_type: Which kind of document it is.
        model: What it says.
        findings: What was noticed.
    """

    media_type: MediaType
    model: object
    findings: tuple[Finding, ...] = ()


def read_bytes(
    raw: bytes,
    media_type: str | None,
    expected: Expected | None,
    *,
    strict: bool,
    limits: Limits,
) -> Reading:
    """Read a document.

    Args:
        raw: All of it.
        media_type: What the caller was told it is.
        expected: What the caller asked for.
        strict: Refuse what a lenient reader only notices.
        limits: What it may cost.

    Raises:
        DocumentError: It is no such document; `problems` has every reason.
        LimitExceededError: It costs too much.
    """
    limits.check("document_bytes", len(raw))
    given = promised(media_type)
    report = Report(strict=strict, limits=limits)
    if raw.startswith(BOM):
        report.note(BYTE_ORDER_MARK, "")
    value = read(raw, limits)
    if expected == "saved":
        model = read_list(SavedImage, value, "", report)
        return Reading(_JSON, model, report.close())
    if expected == "repositories":
        model = mapping(value, "", report, text_map)
        return Reading(_JSON, model, report.close())
    members = value if isinstance(value, Members) else Members(())
    kind, cls = media_type_of(members, given, expected)
    model = read_object(cls, value, "", report)
    judge(model, kind, report)
    return Reading(kind, model, report.close())
