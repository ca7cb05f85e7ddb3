"""Everything that reading a tar can notice.

`error`: tools disagree about it, or engines refuse it, so a strict reader refuses
it too. `warning`: a writer should not have done it. `note`: worth knowing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocilayers.errors import (
    BadExtensionError,
    BadHeaderError,
    InvalidWhiteoutError,
    PathEscapeError,
    TarError,
    TruncatedArchiveError,
    UnsupportedEntryError,
)
from ocilayers.findings import Rule

__all__ = [
    "CONTENT_IGNORED",
    "DANGLING_EXTENSION",
    "DOTTED_NAME",
    "EMPTY_NAME",
    "EMPTY_RECORD",
    "END_MISSING",
    "FILE_NAME_SLASH",
    "GLOBAL_COMMENT",
    "GLOBAL_RECORDS",
    "NUMBER_RANGE",
    "ODD_MARKER",
    "PADDING_MISSING",
    "REPEATED_EXTENSION",
    "RULES",
    "SPARSE",
    "TOC_BEHIND",
    "TRAILING_DATA",
    "TWO_NAMES",
    "UNUSUAL_TYPE",
    "XATTR_RECORD",
]

_LAYER_MD: Final = "image-spec, layer.md"
_PAX: Final = "POSIX.1-2024, pax, Extended Header"

END_MISSING: Final = Rule(
    "tar-end-missing",
    "warning",
    "the archive does not end with two zero blocks",
    source="POSIX.1-2024, pax, ustar Interchange Format: two 512-octet blocks of zeros",
    hint="write the layer again",
)
PADDING_MISSING: Final = Rule(
    "tar-padding-missing",
    "error",
    "the content of the last member is whole, but is not padded to a block",
    TruncatedArchiveError,
    "umoci insert 0.4.7 writes such layers; Go reads them, GNU tar and CPython do not",
    "write the layer again",
)
TRAILING_DATA: Final = Rule(
    "tar-trailing-data",
    "error",
    "something that is no zero follows the end of the archive; nobody reads it,"
    " but it counts for the diff_id",
    TarError,
    "engines hash it and do not look at it",
    "find out who hid what there",
)
TOC_BEHIND: Final = Rule(
    "tar-toc-behind",
    "note",
    "a table of contents of eStargz follows the end of the archive; who pulls the layer"
    " as a whole does not look at it",
    source="stargz-snapshotter, docs/estargz.md, TOC: the last entry; BuildKit keeps"
    " the end of the tar before it",
)
UNUSUAL_TYPE: Final = Rule(
    "tar-unusual-type",
    "error",
    "a member of a type that container engines refuse",
    UnsupportedEntryError,
    f"{_LAYER_MD}, File Types",
    "write the layer again with plain files, directories, links, devices and FIFOs",
)
SPARSE: Final = Rule(
    "tar-sparse",
    "warning",
    "a sparse file; its holes read as zeros",
    source=f"{_LAYER_MD}, File Types: sparse files SHOULD NOT be used because they"
    " lack consistent support across tar implementations",
    hint="write the layer again without --sparse",
)
GLOBAL_COMMENT: Final = Rule(
    "tar-global-comment",
    "note",
    "a global header with nothing but a comment, as git archive writes it",
    source=f"{_PAX} Keywords: comment",
)
GLOBAL_RECORDS: Final = Rule(
    "tar-global-records",
    "error",
    "a global header whose records are ignored, as containerd and Docker do;"
    " GNU tar and CPython apply them to what follows",
    BadExtensionError,
    f"{_PAX}",
    "write the records into each member's own header",
)
REPEATED_EXTENSION: Final = Rule(
    "tar-repeated-extension",
    "error",
    "two extension headers of one kind before one member; the last one counts",
    BadExtensionError,
    "Go, GNU tar and umoci take the last one, CPython the first",
    "write one header",
)
TWO_NAMES: Final = Rule(
    "tar-two-names",
    "error",
    "a GNU long name and a PAX path before one member; the GNU name counts",
    BadExtensionError,
    "Go takes the GNU name, GNU tar and CPython the one that comes last or first",
    "write the PAX record alone",
)
EMPTY_RECORD: Final = Rule(
    "tar-empty-record",
    "error",
    "a PAX record without a value; the header's own field counts",
    BadExtensionError,
    f"{_PAX}: a record without value deletes what was there before",
    "leave the record out",
)
XATTR_RECORD: Final = Rule(
    "tar-xattr-record",
    "error",
    "an extended attribute that cannot be decoded; it is left out",
    BadExtensionError,
    "libarchive leaves it out",
    "write the attribute as SCHILY.xattr",
)
DANGLING_EXTENSION: Final = Rule(
    "tar-dangling-extension",
    "error",
    "an extension header with no member after it",
    BadExtensionError,
    "Go ignores it, CPython refuses it",
    "write the layer again",
)
CONTENT_IGNORED: Final = Rule(
    "tar-content-ignored",
    "error",
    "a link, directory or device with a size; it has no content, as Go reads it",
    BadHeaderError,
    "GNU tar and Go go on reading at different places",
    "write the layer again with size 0",
)
ODD_MARKER: Final = Rule(
    "tar-odd-marker",
    "error",
    "a whiteout that is no empty regular file; its name alone counts",
    InvalidWhiteoutError,
    f"{_LAYER_MD}, Whiteouts: a whiteout file is an empty file",
    "write an empty regular file",
)
DOTTED_NAME: Final = Rule(
    "tar-dotted-name",
    "error",
    "the name holds '..', which was resolved as text",
    PathEscapeError,
    "containerd and Docker resolve it the same way",
    "write the resolved name",
)
EMPTY_NAME: Final = Rule(
    "tar-empty-name",
    "error",
    "a member without a name; it stands for the root",
    BadHeaderError,
    "Go and CPython read it",
    "write the layer again",
)
FILE_NAME_SLASH: Final = Rule(
    "tar-file-name-slash",
    "error",
    "a regular file whose name ends with a slash; it stays a file, as Go reads it",
    BadHeaderError,
    "GNU tar and libarchive make a directory of it",
    "write the layer again",
)
NUMBER_RANGE: Final = Rule(
    "tar-number-range",
    "error",
    "an owner, mode or device number that no file system can hold",
    BadHeaderError,
    "Linux: owners have 32 bits, device numbers 12 and 20",
    "write the layer again",
)

RULES: Final[Mapping[str, Rule]] = {
    rule.code: rule for rule in dict(globals()).values() if isinstance(rule, Rule)
}
"""All of them, by code."""
