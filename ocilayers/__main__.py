"""`python -m ocilayers [PATH]`: what an image is made of, verified, for people.

The only file of the package that opens files. It ends with 0 when everything is
verified, 1 when something is not or a finding is an error, 2 when there is no image
to read.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from ocilayers._text import safe_text
from ocilayers.archive.archive import open_archive
from ocilayers.archive.oci_layout import open_layout
from ocilayers.errors import OCILayersError
from ocilayers.findings import Finding
from ocilayers.image.image import Image
from ocilayers.image.sample import sample_image
from ocilayers.image.verify import LayerReport, Report
from ocilayers.limits import MIB
from ocilayers.spec.created_by import read_created_by
from ocilayers.tar.entry import Kind
from ocilayers.tree.filesystem import Filesystem

__all__ = ["main"]

#: Below this many stored bytes nobody waits long enough to want to see progress.
_LARGE_BYTES: Final = 32 * MIB
#: As many digits as Docker prints of a digest.
_SHORT: Final = 12
_COMMAND_WIDTH: Final = 72
_MOST_HIDDEN: Final = 10
_MOST_FINDINGS: Final = 25
_KINDS: Final[Mapping[Kind, str]] = {
    Kind.FILE: "file",
    Kind.DIRECTORY: "directory",
    Kind.SYMLINK: "symlink",
}
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")
_STEP: Final = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report, and say how the process ends."""
    options = _read(arguments)
    # Not every terminal can show every letter.
    reconfigure: Callable[..., object] = getattr(sys.stdout, "reconfigure", dict)
    reconfigure(errors="backslashreplace")
    try:
        with ExitStack() as files:
            image = _open(options, files)
            progress = _progress(image)
            report = image.verify(progress=progress)
            if progress is not None:
                sys.stderr.write("\r\x1b[K")
            text = "".join(f"{line}\n" for line in _lines(options, image, report))
    except (OCILayersError, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        sys.stderr.write(safe_text(f"ocilayers: {options.path}: {reason}") + "\n")
        return 2
    sys.stdout.write(text)
    return 0 if report.verified and report.ok else 1


def _read(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(
        prog="python -m ocilayers",
        description="Show what a container image is made of, and verify all of it.",
    )
    parser.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        help="an OCI layout (folder or tar) or what docker save wrote, also gzipped;"
        " without it, a small sample image",
    )
    parser.add_argument(
        "--platform", metavar="OS/ARCH", help="which image: that of this machine"
    )
    parser.add_argument("--ref", metavar="NAME", help="which image: its name or digest")
    options = parser.parse_args(arguments)
    if options.path is None and (options.platform or options.ref):
        parser.error("the sample is one image: --platform and --ref need a PATH")
    return options


def _open(options: Namespace, files: ExitStack) -> Image:
    if options.path is None:
        return sample_image()
    path = Path(options.path)
    if path.is_dir():
        return open_layout(path, ref=options.ref, platform=options.platform)
    file = files.enter_context(path.open("rb"))
    return open_archive(file, ref=options.ref, platform=options.platform)


def _progress(image: Image) -> Callable[[int], None] | None:
    size = sum(layer.descriptor.size for layer in image.layers)
    if size < _LARGE_BYTES or not sys.stderr.isatty():
        return None
    read, shown = 0, -1

    def advance(count: int) -> None:
        nonlocal read, shown
        read += count
        percent = min(100 * read // size, 100)
        if percent != shown:
            shown = percent
            sys.stderr.write(f"\r\x1b[Kreading {percent}% of {_size(size)}")
            sys.stderr.flush()

    return advance


def _lines(options: Namespace, image: Image, report: Report) -> Iterator[str]:
    yield safe_text(options.path or "a sample image that comes with ocilayers")
    yield ""
    yield f"manifest  {image.digest}"
    yield f"config    {image.image_id}"
    yield f"platform  {safe_text(str(image.platform))}"
    yield ""
    yield from _layers(image, report)
    yield ""
    if report.filesystem is not None:
        yield from _contents(report.filesystem)
        yield from _hidden(report.filesystem)
    yield from _findings(report.findings)
    yield ""
    if report.verified:
        yield "verified: every byte is what its digest promises"
    else:
        wrong = sum(not layer.verified for layer in report.layers)
        which = f"{_some(wrong, 'layer')} of {len(report.layers)}, " if wrong else ""
        yield f"NOT VERIFIED: {which}see the findings"


def _layers(image: Image, report: Report) -> Iterator[str]:
    """A line for each step of the history, and for each layer without one."""
    yield _row("layer", "diff_id", "stored", "plain", "made by")
    left = dict(enumerate(report.layers))
    for step in image.history:
        made = None if step.layer is None else left.pop(step.layer.index)
        yield _layer(made, str(read_created_by(step.history.created_by)))
    for made in left.values():
        yield _layer(made, "")


def _layer(made: LayerReport | None, created_by: str) -> str:
    command = safe_text(created_by)
    if len(command) > _COMMAND_WIDTH:
        command = f"{command[: _COMMAND_WIDTH - 3]}..."
    if made is None:
        return _row("-", "", "", "", command)
    layer = made.layer
    diff_id = layer.diff_id.encoded[:_SHORT] if layer.diff_id else "none"
    plain = "" if made.index is None else _size(made.index.facts.uncompressed_size)
    return _row(
        layer.descriptor.digest.encoded[:_SHORT],
        f"{diff_id} {'ok' if made.verified else 'WRONG'}",
        _size(layer.descriptor.size),
        plain,
        command,
    )


def _row(layer: str, diff_id: str, stored: str, plain: str, made_by: str) -> str:
    row = f"{layer:12}  {diff_id:18}  {stored:>8}  {plain:>8}  {made_by}"
    return row.rstrip()


def _contents(filesystem: Filesystem) -> Iterator[str]:
    counts, size = Counter[str](), 0
    for node in filesystem.walk():
        if node.path != node.links[0]:
            counts["hard link"] += 1
        else:
            counts[_KINDS.get(node.kind, "other")] += 1
            size += node.size
    kinds = (*_KINDS.values(), "hard link", "other")
    yield f"contents  {', '.join(_some(counts[kind], kind) for kind in kinds)}"
    yield f"          {_size(size)} in files"


def _hidden(filesystem: Filesystem) -> Iterator[str]:
    # Two names of one inode waste its bytes once.
    found = {(node.layer, id(node.entry)): node for node in filesystem.hidden()}
    hidden = found.values()
    if not hidden:
        yield "hidden    nothing"
        return
    wasted = _size(sum(node.size for node in hidden))
    yield f"hidden    {_some(len(hidden), 'path')}, {wasted} stored that nobody sees"
    shown = sorted(hidden, key=lambda node: (-node.size, node.path))[:_MOST_HIDDEN]
    for node in shown:
        by = f"of layer {node.layer}, hidden by layer {node.hidden_by.layer}"
        yield f"  {_size(node.size):>8}  {safe_text(node.path)}  {by}"
    yield from _more(len(hidden) - len(shown))


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    yield f"findings  {len(findings) or 'none'}"
    for found in findings[:_MOST_FINDINGS]:
        where = f"{found.where}: " if found.where else ""
        text = f"{found.severity}  {found.code}  {where}{found.message}"
        yield f"  {safe_text(text)}"
    yield from _more(len(findings) - _MOST_FINDINGS)


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield f"  and {count} more"


def _some(count: int, thing: str) -> str:
    plural = "directories" if thing == "directory" else f"{thing}s"
    return f"{count} {thing if count == 1 else plural}"


def _size(count: int) -> str:
    """A number of bytes as Docker writes it: in steps of 1000."""
    size, unit = float(count), 0
    while size >= _STEP and unit < len(_UNITS) - 1:
        size, unit = size / _STEP, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit else f"{count} B"


if __name__ == "__main__":
    sys.exit(main())
