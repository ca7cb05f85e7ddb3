"""Images of many kinds, written by us, and what other people's tools make of them.

The tools have no network: everything lies in one folder. Unpacking needs root.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Final, Protocol, TypeAlias

import attrs
from built_images import image_of, stored
from judges import Answer, differences

from ocilayers.archive.member import Member, pack
from ocilayers.archive.write_archive import ArchiveForm, write_archive
from ocilayers.archive.write_layout import write_layout
from ocilayers.image.image import Image
from ocilayers.layer.builder import LayerBuilder
from ocilayers.spec.media_types import Compression
from ocilayers.tar.entry import Entry, Kind
from ocilayers.wire.parse import parse_index

__all__ = [
    "KINDS",
    "REF",
    "ToolError",
    "Tools",
    "Written",
    "run",
    "tree",
    "walker",
    "write_folder",
]

REF: Final = "judged:1"

Images: TypeAlias = Image | tuple[Image, ...]


class Walker(Protocol):
    """The oracle of the shared folder."""

    def walk(self, top: str) -> Answer:
        """Everything below *top*."""
        ...


def _base(compression: Compression = "gzip", text: str = "hello") -> Image:
    first = (
        LayerBuilder()
        .directory("/etc")
        .file("/etc/motd", text.encode())
        .file("/etc/old", b"old", mode=0o4755)
        .directory("/var", mode=0o1777)
        .file("/var/log", b"log" * 5000, uid=7, gid=8)
        .symlink("/run", "/var/run")
        .build(compression)
    )
    return image_of(first)


def _grown(base: Image, compression: Compression = "gzip") -> Image:
    top = (
        LayerBuilder()
        .whiteout("/etc/old")
        .file("/new", b"n" * 300_000)
        .hardlink("/newer", "/new")
        .build(compression)
    )
    return base.append(top, created_by="COPY new /")


def _hostile() -> Image:
    long = "é" * 127
    deep = "/".join([long] * 12)
    folders = ["/".join([long] * n) for n in range(1, 12)]
    entries = [
        Entry("dir\nwith newline", Kind.DIRECTORY, 0o755),
        Entry("dir\nwith newline/\udcff\udcfe", Kind.FILE, content=b"no UTF-8"),
        Entry(" spaces \t", Kind.FILE, content=b"s"),
        Entry("--help", Kind.FILE, content=b"option"),
        Entry("<b>&'\"$(x)\\", Kind.FILE, content=b"markup"),
        Entry("n" * 255, Kind.FILE, content=b"255 bytes"),
        *(Entry(folder, Kind.DIRECTORY, 0o700) for folder in folders),
        Entry(deep, Kind.FILE, content=b"3 KiB of path", mtime_ns=1_500_000_000),
        Entry("xattrs", Kind.FILE, content=b"x", xattrs={"user.é": b"\0\n=\xff"}),
        Entry("linked", Kind.HARDLINK, target="dir\nwith newline/\udcff\udcfe"),
        Entry("absolute", Kind.SYMLINK, target="/" + "t" * 300),
        Entry("null", Kind.CHAR, 0o666, device=(1, 3)),
        Entry("pipe", Kind.FIFO, 0o644),
        Entry("gone", Kind.DIRECTORY, 0o755),
        Entry("gone/x", Kind.FILE, content=b"x"),
        Entry("opaque", Kind.DIRECTORY, 0o755),
        Entry("opaque/x", Kind.FILE, content=b"x"),
    ]
    top = [
        Entry("gone", Kind.WHITEOUT, 0o644),
        Entry("opaque", Kind.DIRECTORY, 0o711),
        Entry("opaque", Kind.OPAQUE, 0o644),
        Entry("opaque/y", Kind.FILE, content=b"y"),
    ]
    return image_of(stored(entries), stored(top))


def _rebased() -> Image:
    old, new = _base(), _base(text="hello, you")
    return _grown(old).rebase(old, new)


def _platforms() -> tuple[Image, ...]:
    other = image_of(LayerBuilder().file("/arm", b"arm").build())
    config = attrs.evolve(other.config.model, architecture="arm64")
    return _grown(_base()), other.edit(config=config)


KINDS: Final[Mapping[str, Callable[[], Images]]] = {
    "gzip": lambda: _grown(_base()),
    "zstd": lambda: _grown(_base("zstd"), "zstd"),
    "plain": lambda: _grown(_base("none"), "none"),
    "mixed": lambda: _grown(_grown(_base("none"), "zstd")),
    "Docker's documents": lambda: _grown(_base()).to("docker"),
    "squashed": lambda: _grown(_grown(_base())).squash(1, 3),
    "flattened": lambda: _grown(_base()).flatten(),
    "stripped": lambda: _grown(_base()).strip(["/var"]),
    "rebased": _rebased,
    "recompressed": lambda: _grown(_base("zstd")).recompress("gzip", level=9),
    "several platforms": _platforms,
    "hostile names": _hostile,
}
"""What is written, by its name."""


@attrs.frozen
class Written:
    """One kind, stored in a folder.

    Attributes:
        image: The one for amd64.
        layout: The OCI layout.
        new: The archive as Docker writes it since version 25.
        old: As before.
    """

    image: Image
    layout: Path
    new: Path
    old: Path

    @classmethod
    def store(cls, images: Images, folder: Path) -> Written:
        """Write *images* in every form."""
        image = images if isinstance(images, Image) else images[0]
        is_oci = image.manifest.media_type.dialect == "oci"
        layout = folder / "layout"
        # skopeo finds Docker's manifests in a layout only where nothing is named.
        write_folder(write_layout(images, ref="1" if is_oci else None), layout)
        forms: Sequence[ArchiveForm] = ("new", "old")
        new, old = (
            _packed(folder / form, write_archive(image, ref=REF, form=form))
            for form in forms
        )
        return cls(image, layout, new, old)

    @property
    def digest(self) -> str:
        """What the layout lists: of the image, or of an index of images."""
        listed = parse_index((self.layout / "index.json").read_bytes())
        return listed.model.manifests[0].digest

    @property
    def oci(self) -> str:
        """The layout, as skopeo and buildah name it."""
        is_oci = self.image.manifest.media_type.dialect == "oci"
        return f"oci:{self.layout}:1" if is_oci else f"oci:{self.layout}"


def write_folder(members: Iterable[Member], folder: Path) -> None:
    """Store *members* as files."""
    for name, chunks in members:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(chunks)


def _packed(path: Path, members: Iterator[Member]) -> Path:
    with path.open("wb") as file:
        file.writelines(pack(members))
    return path


def walker(oracle: Path) -> ModuleType:
    """The oracle's functions, without its mounts."""
    spec = importlib.util.spec_from_file_location("oracle", oracle)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tree(image: Image, answer: Answer, *, files: bool = False) -> list[str]:
    """Where the tree that we say and the one that was found differ.

    Args:
        image: The image.
        answer: What was found.
        files: It was made of files, not by mounting layers: then removing a name
            changes the time of its directory.
    """
    return differences(image.filesystem(), answer, umoci=files)


class ToolError(Exception):
    """A tool refused."""


def run(*words: str | Path) -> str:
    """What a tool says.

    Raises:
        ToolError: It refused; the last it said.
    """
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ToolError(said[-1] if said else f"{words[0]}: {done.returncode}")
    return done.stdout.decode("utf-8", "surrogateescape")


@attrs.frozen
class Tools:
    """The tools, with everything they keep in one folder."""

    walker: Walker
    folder: Path

    def skopeo_inspect(self, source: str) -> str:
        """The digest that skopeo finds."""
        return run(
            "skopeo",
            "--override-arch=amd64",
            "inspect",
            "--format={{.Digest}}",
            source,
        ).strip()

    def skopeo_copy(self, source: str, to: str) -> None:
        """Copy one image, all of it verified by skopeo."""
        copy = ("copy", "--quiet")
        run("skopeo", "--insecure-policy", "--override-arch=amd64", *copy, source, to)

    def umoci(self, layout: Path) -> Answer:
        """The tree that umoci unpacks."""
        root = self.folder / "unpacked"
        try:
            run("umoci", "raw", "unpack", "--image", f"{layout}:1", root)
            return self.walker.walk(str(root))
        finally:
            shutil.rmtree(root, ignore_errors=True)

    def buildah(self, source: str) -> Answer:
        """The tree that buildah shows."""
        with self._stored("buildah") as buildah:
            policy = f"--signature-policy={self._policy()}"
            name = run(*buildah, "from", "--pull-never", policy, source).strip()
            return self.walker.walk(run(*buildah, "mount", name).strip())

    def podman(self, archive: Path) -> Answer:
        """The tree of what podman loads."""
        with self._stored("podman") as podman:
            policy = f"--signature-policy={self._policy()}"
            run(*podman, "load", policy, "--input", archive)
            return self.walker.walk(run(*podman, "image", "mount", REF).strip())

    @contextmanager
    def _stored(self, tool: str) -> Iterator[tuple[str, ...]]:
        at = self.folder / "storage"
        try:
            yield (
                tool,
                "--storage-driver=vfs",
                f"--root={at}/root",
                f"--runroot={at}/run",
            )
        finally:
            shutil.rmtree(at, ignore_errors=True)

    def _policy(self) -> Path:
        policy = self.folder / "policy.json"
        policy.write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
        return policy
