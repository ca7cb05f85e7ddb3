"""Every refusal, as one tree.

```text
OCILayersError                    anything this library refuses (a ValueError)
├── DocumentError                 a JSON document is not what it should be
│   ├── DocumentSyntaxError       it is no JSON, or JSON that no two readers agree on
│   ├── DuplicateKeyError         a name twice in one object
│   ├── InvalidFieldError         a member is missing, or of the wrong type or value
│   ├── AmbiguousDocumentError    it can be read as two kinds of document
│   └── MediaTypeMismatchError    it is of another kind than was promised
├── DigestError
│   ├── InvalidDigestError        the text is no digest
│   ├── UnsupportedAlgorithmError the digest cannot be computed here
│   ├── DigestMismatchError       other bytes than were promised
│   └── SizeMismatchError         more or fewer bytes than were promised
├── CodecError
│   ├── TruncatedStreamError      the stream ends too early
│   ├── CorruptStreamError        the stream cannot be decoded
│   └── TrailingDataError         something follows the end of the stream
├── TarError
│   ├── BadHeaderError            a header block has no meaning
│   ├── BadExtensionError         a PAX or GNU extension has no meaning
│   ├── TruncatedArchiveError     the archive ends inside a member
│   ├── UnsupportedEntryError     a member of a type that nobody defined
│   └── PathEscapeError           a name climbs out of the root (also a MergeError)
├── MergeError
│   ├── RootNotDirectoryError     the root would become something else
│   ├── NotADirectoryPathError    a parent is no directory
│   ├── DuplicatePathError        a path twice in one layer
│   ├── HardlinkTargetError       a hard link to nothing, to itself or to a directory
│   ├── InvalidWhiteoutError      a whiteout that names nothing
│   └── SymlinkLoopError          more symlinks than a look-up may follow
├── ImageError
│   ├── BlobNotFoundError         a descriptor names a blob that is not there
│   ├── AmbiguousImageError       more than one image fits
│   └── ContentNotKeptError       the bytes of a file were not kept
├── PathNotFoundError             no such path in the file system (also a KeyError)
├── LimitExceededError            a limit of `Limits` was reached
└── SourceError                   the caller's stream broke its own contract
```

An exception raised by the caller's own stream or callback passes through as it is.
"""

from __future__ import annotations

from ocilayers._text import safe_text, shortened
from ocilayers._types import override

__all__ = [
    "AmbiguousDocumentError",
    "AmbiguousImageError",
    "BadExtensionError",
    "BadHeaderError",
    "BlobNotFoundError",
    "CodecError",
    "ContentNotKeptError",
    "CorruptStreamError",
    "DigestError",
    "DigestMismatchError",
    "DocumentError",
    "DocumentSyntaxError",
    "DuplicateKeyError",
    "DuplicatePathError",
    "HardlinkTargetError",
    "ImageError",
    "InvalidDigestError",
    "InvalidFieldError",
    "InvalidWhiteoutError",
    "LimitExceededError",
    "MediaTypeMismatchError",
    "MergeError",
    "NotADirectoryPathError",
    "OCILayersError",
    "PathEscapeError",
    "PathNotFoundError",
    "RootNotDirectoryError",
    "SizeMismatchError",
    "SourceError",
    "SymlinkLoopError",
    "TarError",
    "TrailingDataError",
    "TruncatedArchiveError",
    "TruncatedStreamError",
    "UnsupportedAlgorithmError",
    "UnsupportedEntryError",
]


class OCILayersError(ValueError):
    """Anything this library refuses to do, as a report.

    Attributes:
        message: What is wrong, in one sentence without a full stop.
        where: The place: a wire path (`manifest.layers[2].size`), a path of the
            file system, or the name of a blob. Empty when there is only one.
        expected: What should have been there, or the most that is allowed.
        actual: What was there.
        offset: Where in the stream, in bytes from its start.
        limit: The name of the `Limits` attribute that was reached.
    """

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        expected: object = None,
        actual: object = None,
        offset: int | None = None,
        limit: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.expected = expected
        self.actual = actual
        self.offset = offset
        self.limit = limit

    @override
    def __str__(self) -> str:
        place = f"{shortened(self.where)}: " if self.where else ""
        text = f"{place}{self.message}"
        if self.expected is not None:
            text += f", expected {shortened(self.expected)}"
        if self.actual is not None:
            text += f", found {shortened(self.actual)}"
        if self.offset is not None:
            text += f", at byte {self.offset}"
        if self.limit is not None:
            text += f" (limit {self.limit})"
        return safe_text(text)


class DocumentError(OCILayersError):
    """A JSON document is not what it should be."""

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        expected: object = None,
        actual: object = None,
        offset: int | None = None,
        limit: str | None = None,
        problems: tuple[DocumentError, ...] = (),
    ) -> None:
        super().__init__(
            message,
            where=where,
            expected=expected,
            actual=actual,
            offset=offset,
            limit=limit,
        )
        self.problems = problems or (self,)

    @property
    def problems(self) -> tuple[DocumentError, ...]:
        """Every problem found, this one included; alone it is its own only one."""
        return tuple(self if it is None else it for it in self._problems)

    @problems.setter
    def problems(self, problems: tuple[DocumentError, ...]) -> None:
        # None stands for this one: what pickles an error may not bear that it leads
        # to itself, such as what Dask brings along.
        self._problems = tuple(None if it is self else it for it in problems)

    @override
    def __str__(self) -> str:
        text, more = super().__str__(), len(self.problems) - 1
        return f"{text} (and {more} more)" if more else text


class DocumentSyntaxError(DocumentError):
    """The bytes are no JSON, or JSON that no two readers agree on."""


class DuplicateKeyError(DocumentError):
    """One object has two members of the same name."""


class InvalidFieldError(DocumentError):
    """A member is missing, or its type or value is not allowed."""


class AmbiguousDocumentError(DocumentError):
    """The document can be read as two kinds of document."""


class MediaTypeMismatchError(DocumentError):
    """The document is of another kind than was promised."""


class DigestError(OCILayersError):
    """A digest is no digest, cannot be computed, or does not fit."""


class InvalidDigestError(DigestError):
    """The text does not follow the grammar of digests, or has the wrong length."""


class UnsupportedAlgorithmError(DigestError):
    """The digest is well formed, but its algorithm cannot be computed here."""


class DigestMismatchError(DigestError):
    """The bytes received are not the bytes that were promised."""


class SizeMismatchError(DigestError):
    """More or fewer bytes were received than were promised."""


class CodecError(OCILayersError):
    """A compressed stream cannot be decoded."""


class TruncatedStreamError(CodecError):
    """The stream ends before its own end mark."""


class CorruptStreamError(CodecError):
    """The stream holds something its format does not allow."""


class TrailingDataError(CodecError):
    """Something that is no padding follows the end of the stream."""


class TarError(OCILayersError):
    """An archive cannot be read, or an entry cannot be written."""


class BadHeaderError(TarError):
    """A header block has a wrong checksum or a field without meaning."""


class BadExtensionError(TarError):
    """A PAX record or GNU extension has no meaning."""


class TruncatedArchiveError(TarError):
    """The archive ends inside a member."""


class UnsupportedEntryError(TarError):
    """A member is of a type that no reader agrees on."""


class MergeError(OCILayersError):
    """Layers cannot be made into a file system."""


class PathEscapeError(TarError, MergeError):
    """A name climbs out of the root."""


class RootNotDirectoryError(MergeError):
    """The root directory would become something else."""


class NotADirectoryPathError(MergeError):
    """A path leads through something that is no directory."""


class DuplicatePathError(MergeError):
    """One layer names a path twice."""


class HardlinkTargetError(MergeError):
    """A hard link leads to nothing, to itself or to a directory."""


class InvalidWhiteoutError(MergeError):
    """A whiteout names nothing, its own directory or its parent."""


class SymlinkLoopError(MergeError):
    """A look-up followed more symlinks than it may."""


class ImageError(OCILayersError):
    """Documents, blobs and layers do not make an image."""


class BlobNotFoundError(ImageError):
    """A descriptor names a blob that its source does not have."""


class AmbiguousImageError(ImageError):
    """More than one image fits what was asked for.

    Attributes:
        choices: What to choose from, as text: references or platforms.
    """

    choices: tuple[str, ...]

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        expected: object = None,
        actual: object = None,
        choices: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, where=where, expected=expected, actual=actual)
        self.choices = choices

    @override
    def __str__(self) -> str:
        if not self.choices:
            return super().__str__()
        return f"{super().__str__()}: {safe_text(', '.join(self.choices))}"


class ContentNotKeptError(ImageError):
    """The content of a file was not kept, and there is no source to fetch it from."""


class PathNotFoundError(OCILayersError, KeyError):
    """The file system has no such path."""


class LimitExceededError(OCILayersError):
    """A limit was reached; `limit` names it, `expected` is the most allowed."""


class SourceError(OCILayersError):
    """A stream or callback of the caller broke its own contract."""
