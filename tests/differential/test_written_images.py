"""What we write, read by skopeo, unpacked by umoci and loaded by buildah."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import attrs
import pytest
from written_images import KINDS, REF, ToolError, Tools, Written, tree, walker

from ocilayers.archive.archive import open_archive
from ocilayers.archive.oci_layout import open_layout
from ocilayers.image.image import Image

pytestmark = pytest.mark.differential

#: What umoci 0.4 does not know, by what it says then.
UMOCI_REFUSES = {
    "zstd": "not correct mediatype",
    "mixed": "not correct mediatype",
    "Docker's documents": "tag is not found",
    "several platforms": "tag is ambiguous",
}


@attrs.frozen
class Case:
    """One kind, written, and the tools to read it with."""

    kind: str
    written: Written
    tools: Tools

    @property
    def image(self) -> Image:
        """What was written."""
        return self.written.image

    @property
    def folder(self) -> Path:
        """Where tools may write."""
        return self.tools.folder


@pytest.fixture(scope="module", params=KINDS)
def case(
    request: pytest.FixtureRequest,
    shared: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Case:
    """Each kind, written once."""
    folder = tmp_path_factory.mktemp("written")
    oracle = walker(shared / "tools" / "overlay_oracle.py")
    written = Written.store(KINDS[request.param](), folder)
    return Case(request.param, written, Tools(oracle, folder))


def needs(tool: str, *, root: bool = False) -> None:
    """Skip where *tool* or root is missing."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    if root and os.geteuid():
        pytest.skip(f"{tool} needs root to make owners and devices")


def same(image: Image, other: Image) -> None:
    """Whether the one shows what the other does."""
    assert other.verify().ok
    assert image.image_id == other.image_id
    assert list(image.filesystem().rows()) == list(other.filesystem().rows())


def test_we_read_back_what_we_wrote(case: Case) -> None:
    """Layout and new archive have the same digests; the old one the same image ID."""
    image, written = case.image, case.written
    layout = open_layout(written.layout, platform="linux/amd64")
    with written.new.open("rb") as new, written.old.open("rb") as old:
        read = [layout, open_archive(new, ref=REF)]
        for one in (*read, open_archive(old, ref=REF)):
            same(image, one)

    assert [image.digest] * 2 == [one.digest for one in read]


def test_skopeo_inspects_the_layout(case: Case) -> None:
    """And finds the digest of what is listed."""
    needs("skopeo")

    assert case.written.digest == case.tools.skopeo_inspect(case.written.oci)


def test_skopeo_copies_the_layout(case: Case) -> None:
    """It verifies every blob that it copies."""
    needs("skopeo")
    case.tools.skopeo_copy(case.written.oci, f"dir:{case.folder}/copied")
    copied = (case.folder / "copied" / "manifest.json").read_bytes()

    assert case.image.manifest.raw == copied


@pytest.mark.parametrize("form", ["new", "old"])
def test_skopeo_copies_the_archives(case: Case, form: str) -> None:
    """From `docker save` to a layout, which shows the same tree."""
    needs("skopeo")
    source = getattr(case.written, form)
    to = case.folder / f"from-{form}"
    case.tools.skopeo_copy(f"docker-archive:{source}:{REF}", f"oci:{to}:1")

    rows = [list(one.filesystem().rows()) for one in (case.image, open_layout(to))]
    assert rows[0] == rows[1]


def test_umoci_unpacks_the_tree_that_we_say(case: Case) -> None:
    """Or says what it does not know."""
    needs("umoci", root=True)
    if case.kind in UMOCI_REFUSES:
        with pytest.raises(ToolError, match=UMOCI_REFUSES[case.kind]):
            case.tools.umoci(case.written.layout)
        return

    assert [] == tree(case.image, case.tools.umoci(case.written.layout), files=True)


def test_buildah_shows_the_tree_that_we_say(case: Case) -> None:
    """Of the layout, and of the archive as Docker wrote it before version 25."""
    needs("buildah", root=True)
    for source in (case.written.oci, f"docker-archive:{case.written.old}"):
        assert [] == tree(case.image, case.tools.buildah(source), files=True)
