"""The careful reader: every problem of a document, each at its place.

Law: it judges; how fast it is does not matter. What the quick reader takes, it takes
too, and makes the same of it.
"""

from __future__ import annotations

from typing import Any, cast

import attrs

from ocilayers._types import JSONValue
from ocilayers.errors import AmbiguousDocumentError
from ocilayers.spec.config import History
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.rules import (
    DUPLICATE_KEY,
    EMPTY_FOREIGN_MEMBER,
    NAME_CASE,
    NULL_HISTORY,
    NULL_MEMBER,
    UNVERIFIED_DATA,
)
from ocilayers.wire._json import Members, fold
from ocilayers.wire._members import NOTHING, SHAPES, Member
from ocilayers.wire._report import Report, at, shown
from ocilayers.wire._values import READERS, WRONG, integer, items, mapping

__all__ = ["read_list", "read_object"]


def read_list(cls: type, value: object, where: str, report: Report) -> object:
    """Read a list of objects, or return `WRONG` after the report was told why."""

    def read(item: object, here: str, report: Report) -> object:
        if item is None and cls is History:
            report.note(NULL_HISTORY, here)
            return History()
        return read_object(cls, item, here, report)

    return items(value, where, report, read)


def read_object(cls: type, value: object, where: str, report: Report) -> object:
    """Read one object, or return `WRONG` after the report was told why."""
    if not isinstance(value, Members):
        report.wrong(
            where, "the wrong value", expected="an object", actual=shown(value)
        )
        return WRONG
    return _Object(cls, value, where, report).read()


class _Object:
    """One object of a document while it is read."""

    def __init__(self, cls: type, members: Members, where: str, report: Report) -> None:
        self._cls = cls
        self._shape = SHAPES[cls]
        self._members = members
        self._where = where
        self._report = report
        self._fields: dict[str, Any] = {}
        self._unset: dict[str, JSONValue] = {}
        self._unknown: dict[str, JSONValue] = {}

    def read(self) -> object:
        so_far = len(self._report.problems)
        self._judge_names()
        for member in self._shape.members:
            self._read_member(member)
        for name, value in self._unknown.items():
            _judge_unknown(value, at(self._where, name), self._report)
        if self._cls is Descriptor:
            self._judge_data()
        if len(self._report.problems) > so_far:
            return WRONG
        if self._cls in (ImageManifest, ImageIndex):
            self._fields.setdefault("media_type", "")
        return self._cls(**self._fields, unknown=self._unknown, unset=self._unset)

    def _judge_names(self) -> None:
        """Say what is wrong with the names; keep the members that nobody knows."""
        shape, report = self._shape, self._report
        for again in self._members.duplicates:
            report.note(DUPLICATE_KEY, at(self._where, again))
        for name, value in self._members.items():
            folded = shape.folded.get(fold(name))
            if folded in shape.foreign:
                self._judge_foreign(name, value)
            elif name not in shape.by_name:
                self._unknown[name] = value
                if folded is not None:
                    report.note(NAME_CASE, at(self._where, name), expected=folded)

    def _judge_foreign(self, name: str, value: JSONValue) -> None:
        """Refuse what another reader would take for another kind of document."""
        here = at(self._where, name)
        if value:
            self._report.wrong(
                here,
                "a member of another kind of document",
                error=AmbiguousDocumentError,
            )
        else:
            self._unknown[name] = value
            self._report.note(EMPTY_FOREIGN_MEMBER, here)

    def _read_member(self, member: Member) -> None:
        name = self._find(member.name)
        if name is None:
            self._judge_absence(member)
            return
        value: object = self._members[name]
        here = at(self._where, name)
        if value is None:
            self._judge_null(member, here)
            return
        found = self._value(member, value, here)
        if found is WRONG:
            return
        is_said = member.is_required or found != NOTHING[member.kind]
        if is_said or getattr(found, "unset", None):
            self._fields[member.attribute] = found
        else:
            self._unset[member.name] = cast("JSONValue", value)

    def _find(self, name: str) -> str | None:
        """The member of that name, or the last unknown one that stands in for it."""
        if name in self._members:
            return name
        folded = fold(name)
        unknown = reversed(self._unknown)
        stand_in = next((n for n in unknown if fold(n) == folded), None)
        if stand_in is not None:
            del self._unknown[stand_in]
        return stand_in

    def _judge_absence(self, member: Member) -> None:
        if member.is_required:
            self._report.wrong(at(self._where, member.name), "a member is missing")
        elif member.if_absent is not None:
            self._report.note(member.if_absent, at(self._where, member.name))

    def _judge_null(self, member: Member, here: str) -> None:
        rule = member.if_null
        if rule is None and member.is_required:
            self._report.wrong(here, "null for a member that has to be there")
            return
        if rule is None and not self._shape.null_is_absent:
            rule = NULL_MEMBER
        if rule is not None:
            self._report.note(rule, here)
        self._unset[member.name] = None

    def _value(self, member: Member, value: object, here: str) -> object:
        report = self._report
        match member.kind:
            case "version":
                return self._version(value, here)
            case "model" | "settings":
                return read_object(_of(member), value, here, report)
            case "models":
                return read_list(_of(member), value, here, report)
            case "sources":
                return mapping(
                    value,
                    here,
                    report,
                    lambda item, at_, log: read_object(_of(member), item, at_, log),
                )
            case kind:
                return READERS[kind](value, here, report)

    def _version(self, value: object, here: str) -> object:
        expected: object = attrs.fields_dict(self._cls)["schema_version"].default
        found = integer(value, here, self._report)
        if found in (expected, WRONG):
            return found
        self._report.wrong(
            here, "a version that nobody knows", expected=expected, actual=found
        )
        return WRONG

    def _judge_data(self) -> None:
        """Embedded content is what the descriptor says, or it is not given out."""
        data, digest = self._fields.get("data"), self._fields.get("digest")
        size = self._fields.get("size")
        if data is None or digest is None or size is None:
            return
        here = at(self._where, "data")
        if len(data) != size:
            self._report.wrong(
                here,
                "more or fewer bytes than promised",
                expected=size,
                actual=len(data),
            )
            return
        is_right: bool | None = digest.matches(data)
        if is_right is None:
            self._report.note(UNVERIFIED_DATA, here)
            self._unset["data"] = self._members["data"]
            del self._fields["data"]
        elif not is_right:
            self._report.wrong(here, "other bytes than promised", expected=digest)


def _of(member: Member) -> type:
    return cast("type", member.of)


def _judge_unknown(value: object, where: str, report: Report) -> None:
    """Find names that come twice, however deep nobody knows what they mean."""
    # Only what is on the way has its place spelled out: there may be a million values.
    if isinstance(value, Members):
        for again in value.duplicates:
            report.note(DUPLICATE_KEY, at(where, again))
        for name, item in value.items():
            if _is_nested(item):
                _judge_unknown(item, at(where, name), report)
    elif isinstance(value, list):
        for place, item in enumerate(cast("list[object]", value)):
            if _is_nested(item):
                _judge_unknown(item, f"{where}[{place}]", report)


def _is_nested(value: object) -> bool:
    return isinstance(value, Members | list)
