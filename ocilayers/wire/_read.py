"""Bytes to a model: the quick reader where it can, the careful one where it must."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

from ocilayers.errors import DocumentSyntaxError
from ocilayers.findings import Finding
from ocilayers.limits import Limits
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import MediaType, Role
from ocilayers.spec.rules import BYTE_ORDER_MARK
from ocilayers.spec.saved import SavedImage
from ocilayers.wire._careful import read_list, read_object
from ocilayers.wire._json import BOM, Members, Odd, read, read_plain
from ocilayers.wire._judge import judge
from ocilayers.wire._kind import media_type_of, promised
from ocilayers.wire._quick import GAVE_UP, quick_reader
from ocilayers.wire._report import Report
from ocilayers.wire._signature import payload
from ocilayers.wire._values import mapping, text_map

__all__ = ["Expected", "Reading", "read_again", "read_bytes"]

Expected: TypeAlias = Role | Literal["saved", "repositories"]
"""What the caller asked for: a kind with a media type, or a file of `docker save`."""

_JSON: Final = MediaType("application/json")


Reading: TypeAlias = tuple[MediaType, Any, tuple[Finding, ...]]
"""Which kind of document it is, what it says, and what was noticed."""


def read_bytes(
    raw: bytes, media_type: str | None, expected: Expected | None, report: Report
) -> Reading:
    """Read a document.

    Args:
        raw: All of it.
        media_type: What the caller was told it is.
        expected: What the caller asked for.
        report: How strict to be, and what the document may cost.

    Raises:
        DocumentError: It is no such document; `problems` has every reason.
        LimitExceededError: It costs too much.
    """
    report.limits.check("document_bytes", len(raw))
    given = promised(media_type)
    if expected != "saved" and expected != "repositories":  # noqa: PLR1714 - for mypy
        # Not contextlib.suppress: it costs as much as reading a descriptor.
        try:
            return _quickly(raw, given, expected, report)
        except GAVE_UP:
            pass
    try:
        return _carefully(raw, given, expected, report.cleared())
    except RecursionError:
        # Only where the caller's limit is higher than the interpreter's.
        raise DocumentSyntaxError("nested too deep for this interpreter") from None


def _quickly(
    raw: bytes, given: MediaType | None, expected: Role | None, report: Report
) -> Reading:
    members, strings = read_plain(raw, report.limits)
    kind, cls = media_type_of(members, given, expected)
    seen: list[int] = []
    model = quick_reader(cls)(members, seen)
    judge(model, kind, report)
    if sum(seen) != strings or not report.is_empty:
        raise Odd
    payload(raw, kind)
    return kind, model, ()


def _carefully(
    raw: bytes, given: MediaType | None, expected: Expected | None, report: Report
) -> Reading:
    if raw.startswith(BOM):
        report.note(BYTE_ORDER_MARK, "")
    value = read(raw, report.limits)
    if expected == "saved":
        model = read_list(SavedImage, value, "", report)
        return _JSON, model, report.close()
    if expected == "repositories":
        model = mapping(value, "", report, text_map)
        return _JSON, model, report.close()
    members = value if isinstance(value, Members) else Members(())
    kind, cls = media_type_of(members, given, expected)
    model = read_object(cls, value, "", report)
    judge(model, kind, report)
    findings = report.close()
    payload(raw, kind)
    return kind, model, findings


def read_again(raw: bytes, model: object, media_type: MediaType) -> Reading:
    """Read what *model* was written into.

    Args:
        raw: What was written.
        model: What it should say.
        media_type: What it is, where the model does not say so itself.

    Raises:
        DocumentError: The model says what it is not allowed to say.
    """
    expected: Expected | None = None
    if isinstance(model, tuple):
        expected = "saved"
    elif isinstance(model, Mapping):
        expected = "repositories"
    elif isinstance(model, ImageManifest | ImageIndex):
        media_type = model.media_type or media_type
    report = Report(strict=False, limits=Limits.unlimited())
    return read_bytes(raw, media_type, expected, report)
