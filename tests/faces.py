"""Everything that shows itself, of images whose names want to be more than text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from ocilayers.image.image import Image
from ocilayers.image.sample import sample_image
from ocilayers.notebook.figure import Figure
from ocilayers.tar.entry import Entry
from ocilayers.tree.diff import diff
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge

__all__ = ["DRAWN", "HOSTILE", "SHOWN", "hostile_image", "large_tree"]

HOSTILE: Final = (
    "<script>document.title='ran'</script><img src=x onerror=document.title='ran'>"
    "\u202e\x1b[31m\udcff\uffff&'\""
)
_NAME: Final = HOSTILE.replace("/", "|")


class _Shown(Protocol):
    """What notebooks show as HTML."""

    def _repr_html_(self) -> str: ...


def hostile_image() -> Image:
    """The sample image under a layer of a stranger."""
    entries = [
        Entry(_NAME, "file", content=b"x" * 900),
        Entry("link", "symlink", target=HOSTILE),
        Entry("pipe", "fifo"),
        Entry("long/" + "n" * 200, "file", content=b"y"),
    ]
    return sample_image().append(entries, created_by=HOSTILE.replace("\udcff", ""))


def large_tree() -> Filesystem:
    """44,000 files in folders of folders."""
    names = (f"usr/d{n % 40}/e{n % 700}/f{n}" for n in range(44_000))
    return merge([[Entry(name, "file", size=n % 977) for n, name in enumerate(names)]])


SHOWN: Final[dict[str, Callable[[Image], _Shown]]] = {
    "image": lambda image: image,
    "layer": lambda image: image.layers[-1],
    "manifest": lambda image: image.manifest,
    "config": lambda image: image.config,
    "filesystem": lambda image: image.filesystem(),
    "file": lambda image: image.filesystem()[_NAME],
    "folder": lambda image: image.filesystem()["/"],
    "diff": lambda image: diff(sample_image().filesystem(), image.filesystem()),
    "report": lambda image: image.verify(),
    "waste": lambda image: image.waste(),
}
"""What shows itself as a table, by name."""

DRAWN: Final[dict[str, Callable[[Image], Figure]]] = {
    "layers": lambda image: image.figures.layers(),
    "history": lambda image: image.figures.history(),
    "treemap": lambda image: image.figures.treemap(),
    "waste": lambda image: image.figures.waste(),
    "diff": sample_image().figures.diff,
}
"""Every picture, by name."""
