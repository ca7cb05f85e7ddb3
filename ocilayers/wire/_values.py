"""One value of a document, read with care: what it is, or what is wrong with it.

Law: every function takes the value, its wire path and the report; it returns what the
model holds, or `WRONG` after it has told the report why.
"""

import binascii
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast

from ocilayers._types import EMPTY_MAP, FrozenMap
from ocilayers.errors import InvalidDigestError
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.rules import (
    BAD_ENVIRONMENT,
    BAD_TIME,
    DUPLICATE_KEY,
    EMPTY_LABEL_NAME,
    EMPTY_PLATFORM,
    INTEGER_AS_FLOAT,
    LIST_AS_TEXT,
    LOWER_CASE_TIME,
    MEDIA_TYPE_CASE,
    MULTILINE_ENVIRONMENT,
    UNTAGGED_IMAGE,
)
from ocilayers.spec.timestamp import Timestamp
from ocilayers.wire._json import Members
from ocilayers.wire._members import Kind
from ocilayers.wire._report import Report, at, shown

__all__ = ["READERS", "WRONG", "integer", "items", "mapping"]

WRONG: Final = object()
"""Stands for a value that cannot be read."""

Reader: TypeAlias = Callable[[object, str, Report], object]

_INT64: Final = range(-(1 << 63), 1 << 63)
#: Where every integer is a float of its own; beyond, one is read as another.
_EXACT: Final = 1 << 53
# URI = scheme ":" hier-part [ "?" query ] [ "#" fragment ]        — RFC 3986, 3
_URI: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
)


def text(value: object, where: str, report: Report) -> object:
    """A text."""
    if isinstance(value, str):
        return value
    return _wrong(report, where, "a text", value)


def name(value: object, where: str, report: Report) -> object:
    """The name of an operating system or an architecture."""
    if value == "":
        report.note(EMPTY_PLATFORM, where)
    return text(value, where, report)


def filled(value: object, where: str, report: Report) -> object:
    """A text that must not be empty."""
    if value == "":
        return _wrong(report, where, "a text that is not empty", value)
    return text(value, where, report)


def media_type(value: object, where: str, report: Report) -> object:
    """A media type of the form of RFC 6838, or none."""
    if value == "":
        return MediaType("")
    return content_type(value, where, report)


def content_type(value: object, where: str, report: Report) -> object:
    """A media type of the form of RFC 6838, and not an empty one."""
    if not isinstance(value, str):
        return _wrong(report, where, "a text", value)
    found = MediaType(value)
    if not found.is_valid:
        return _wrong(report, where, "a media type (RFC 6838, 4.2)", value)
    if found.role is None and MediaType(found.lower()).role is not None:
        report.note(MEDIA_TYPE_CASE, where, actual=shown(value))
    return found


def digest(value: object, where: str, report: Report) -> object:
    """A digest."""
    if not isinstance(value, str):
        return _wrong(report, where, "a digest", value)
    try:
        return Digest(value)
    except InvalidDigestError as error:
        report.wrong(where, error.message, expected=error.expected, actual=error.actual)
        return WRONG


def time(value: object, where: str, report: Report) -> object:
    """A time; an odd one is kept."""
    if not isinstance(value, str):
        return _wrong(report, where, "a text", value)
    found = Timestamp(value)
    if found and not found.is_valid:
        report.note(BAD_TIME, where, expected="RFC 3339", actual=shown(value))
    elif found != found.upper():
        report.note(LOWER_CASE_TIME, where, actual=shown(value))
    return found


def integer(value: object, where: str, report: Report) -> object:
    """An integer of 64 bits with a sign."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        report.note(INTEGER_AS_FLOAT, where, actual=shown(value))
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return _wrong(report, where, "an integer", value)
    if value not in _INT64:
        return _wrong(report, where, "an integer of 64 bits", value)
    return value


def size(value: object, where: str, report: Report) -> object:
    """A length in bytes."""
    found = integer(value, where, report)
    if isinstance(found, int) and found < 0:
        return _wrong(report, where, "0 or more", found)
    return found


def boolean(value: object, where: str, report: Report) -> object:
    """True or false."""
    if isinstance(value, bool):
        return value
    return _wrong(report, where, "true or false", value)


def data(value: object, where: str, report: Report) -> object:
    """Content in base64, padded."""
    if not isinstance(value, str):
        return _wrong(report, where, "a text in base64", value)
    try:
        return binascii.a2b_base64(value, strict_mode=True)
    except ValueError:
        return _wrong(report, where, "base64 (RFC 4648, 4)", value)


def texts(value: object, where: str, report: Report) -> object:
    """A list of texts."""
    return items(value, where, report, text)


def digests(value: object, where: str, report: Report) -> object:
    """A list of digests."""
    return items(value, where, report, digest)


def command(value: object, where: str, report: Report) -> object:
    """A list of texts; the engine takes one text too."""
    if isinstance(value, str):
        report.note(LIST_AS_TEXT, where, actual=shown(value))
        value = [value]
    return texts(value, where, report)


def environment(value: object, where: str, report: Report) -> object:
    """A list of `NAME=VALUE`."""
    return items(value, where, report, _variable)


def urls(value: object, where: str, report: Report) -> object:
    """A list of absolute URIs."""
    return items(value, where, report, _url)


def tags(value: object, where: str, report: Report) -> object:
    """A list of names of images, with their tags."""
    return items(value, where, report, _tag)


def text_map(value: object, where: str, report: Report) -> object:
    """A map from text to text."""
    return mapping(value, where, report, text)


def labels(value: object, where: str, report: Report) -> object:
    """A map from text to text, as `docker build --label` makes it."""
    if isinstance(value, Members) and "" in value:
        report.note(EMPTY_LABEL_NAME, where)
    return text_map(value, where, report)


def names(value: object, where: str, report: Report) -> object:
    """A set of names: a map whose values say nothing."""
    return mapping(value, where, report, lambda item, _where, _report: item)


def mapping(value: object, where: str, report: Report, read: Reader) -> object:
    """A map from text to whatever *read* reads."""
    if not isinstance(value, Members):
        return _wrong(report, where, "an object", value)
    for again in value.duplicates:
        report.note(DUPLICATE_KEY, at(where, again))
    found = {key: read(item, at(where, key), report) for key, item in value.items()}
    if WRONG in found.values():
        return WRONG
    return FrozenMap(found) if found else EMPTY_MAP


def items(value: object, where: str, report: Report, read: Reader) -> object:
    """A list of whatever *read* reads."""
    if not isinstance(value, list):
        return _wrong(report, where, "a list", value)
    found = tuple(
        read(item, f"{where}[{place}]", report)
        for place, item in enumerate(cast("list[object]", value))
    )
    return WRONG if WRONG in found else found


def _variable(value: object, where: str, report: Report) -> object:
    found = text(value, where, report)
    if isinstance(found, str):
        if found.find("=") < 1:
            report.note(
                BAD_ENVIRONMENT, where, expected="NAME=VALUE", actual=shown(value)
            )
        elif "\n" in found:
            report.note(MULTILINE_ENVIRONMENT, where)
    return found


def _url(value: object, where: str, report: Report) -> object:
    found = text(value, where, report)
    if isinstance(found, str) and _URI.fullmatch(found) is None:
        return _wrong(report, where, "an absolute URI (RFC 3986)", value)
    return found


def _tag(value: object, where: str, report: Report) -> object:
    found = text(value, where, report)
    if isinstance(found, str) and ":" not in found.rpartition("/")[2]:
        report.note(UNTAGGED_IMAGE, where, expected="name:tag", actual=shown(value))
    return found


def _wrong(report: Report, where: str, expected: str, value: object) -> object:
    report.wrong(where, "the wrong value", expected=expected, actual=shown(value))
    return WRONG


READERS: Final[Mapping[Kind, Reader]] = {
    "annotations": text_map,
    "boolean": boolean,
    "command": command,
    "content type": content_type,
    "data": data,
    "digest": digest,
    "digests": digests,
    "environment": environment,
    "filled": filled,
    "integer": integer,
    "labels": labels,
    "media type": media_type,
    "name": name,
    "names": names,
    "seconds": integer,
    "size": size,
    "tags": tags,
    "text": text,
    "texts": texts,
    "time": time,
    "urls": urls,
}
"""How each kind of plain value is read."""
