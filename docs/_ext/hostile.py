"""Classes of hostile input, each of them the undoing of some reader of images.

A test that shows what becomes of one says so with `@pytest.mark.hostile(name)`.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CLASSES"]

CLASSES: Final[dict[str, tuple[str, ...]]] = {
    "Documents": (
        "a manifest that is an index too",
        "other values than those of the verified bytes",
        "a document without end",
        "a digest that is none",
        "a negative or huge size",
        "a key twice, or in other letters",
        "NaN, huge numbers, depth, other encodings, half characters",
        "null for a root file system, or none",
        "embedded data that is something else",
        "a title that is a path",
        "times with nanoseconds, of year 0, 30 February or second 60",
    ),
    "Tar archives": (
        "PAX size over ustar size 0",
        "PAX size over another ustar size",
        "PAX size before a GNU header",
        "a malformed extension header",
        "a record of length 0, a negative size",
        "a header that asks for memory",
        "a chain of extension headers",
        "records that a pattern backtracks over",
        "a sparse file",
        "a bad header in the middle, members after the end",
        "a link or directory with a size",
        "numbers out of range",
        "a type that readers take for another",
    ),
    "Names, links and merging": (
        "names with .. and absolute names",
        "a root that becomes a link or a file",
        "links out of the root",
        "symlinks in a circle, symlinks that multiply",
        "deep trees and long paths",
        "work that grows faster than the layers",
        "a whiteout that names nothing",
        "a whiteout beside what it names",
        "a path twice in one layer",
        "what AUFS left behind",
        "names that are markup or move a cursor",
    ),
    "Streams and compression": (
        "a few bytes that inflate to many",
        "more than one member or frame",
        "frames to be skipped",
        "a stream that is cut, or goes on",
        "other bytes than promised",
        "another compression than promised",
        "a reader that leaves early",
        "a source that gives little, nothing, or too much",
        "a source that fails",
    ),
}
"""By what is read; in no test the name of a class is written in another way."""
