"""What the real images of the corpus waste, by others' trees and by hand."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from conftest import shared_root
from ocilayers._source import chunks
from ocilayers.archive.archive import open_archive
from ocilayers.image.blobs import opened
from ocilayers.image.image import Image


def _image(folder: Path) -> Image:
    return open_archive(io.BytesIO(next(folder.glob("image.*")).read_bytes()))


def _mounted() -> list[Path]:
    root = shared_root()
    found = [] if root is None else root.glob("corpus/images/*/tree.docker.jsonl")
    # Schema 1 has no config, so no image.
    return sorted(path.parent for path in found if path.parent.name != "nasty-v2s1")


@pytest.mark.parametrize("folder", _mounted(), ids=lambda path: path.name)
def test_what_docker_shows_is_what_is_no_waste(folder: Path) -> None:
    """What the layers store, as `tarfile` sums it, less each content that is seen."""
    image = _image(folder).recompress("none")
    stored = 0
    for layer in image.layers:
        with opened(image.blobs, layer.descriptor) as stream:
            plain = io.BytesIO(b"".join(chunks(stream)))
        with tarfile.open(fileobj=plain, mode="r:") as tar:
            stored += sum(member.size for member in tar if member.isreg())
    tree = (folder / "tree.docker.jsonl").read_text("utf-8").removesuffix("\n")
    rows = map(json.loads, tree.split("\n"))
    seen = {row["sha256"]: row["size"] for row in rows if row["type"] == "reg"}

    report = image.waste()

    assert stored == report.content
    assert stored - sum(seen.values()) == report.wasted


def test_the_image_of_the_article_has_files_of_alpine_twice(shared: Path) -> None:
    """As `sha256sum` finds them: two of OpenSSL's, and five keys of apk's.

    `apple.txt` and `banana.txt` are the upper layers, and no waste.
    """
    report = _image(shared / "corpus/images/docker-save-sample").waste()

    keys = "/usr/share/apk/keys/alpine-devel@lists.alpinelinux.org-"
    assert [
        ("/etc/ssl/openssl.cnf.dist", 12328),
        (f"{keys}6165ee59.rsa.pub", 800),
        (f"{keys}61666e3f.rsa.pub", 800),
        (f"{keys}4a6a0840.rsa.pub", 451),
        (f"{keys}5243ef4b.rsa.pub", 451),
        (f"{keys}5261cecb.rsa.pub", 451),
        ("/etc/ssl/ct_log_list.cnf.dist", 412),
    ] == [(item.path, item.size) for item in report.items]
    assert {(0, "duplicate")} == {(item.layer, item.cause) for item in report.items}
    assert "/etc/ssl/openssl.cnf" == report.items[0].same_as
    # The layers are plain tars, so the estimate is no guess.
    assert [(7_792_915, 15_693, 15_693), (6, 0, 0), (0, 0, 0)] == [
        (use.content, use.wasted, use.stored_waste_estimate) for use in report.layers
    ]


def test_the_nasty_image_wastes_in_every_way(shared: Path) -> None:
    """As the steps that built it say, and `tar tvf` shows."""
    report = _image(shared / "corpus/images/nasty-oci-gzip").waste()
    found = {
        (item.layer, item.path): (item.cause, item.by, item.size)
        for item in report.items
    }

    # Step 6 appends four bytes to a file of 200 000.
    assert ("overwritten", 6, 200_000) == found[0, "/random"]
    # Step 5 makes a hard link to a library, and buildah stores the file again.
    assert ("unchanged", 5, 5000) == found[0, "/usr/lib/libx.so.1.0"]
    # Step 4 changes owner, mode, capability and attribute.
    changed = {
        path: by for (_, path), (why, by, _) in found.items() if why == "metadata"
    }
    assert {
        "/usr/bin/su": 4,
        "/usr/bin/tool": 4,
        "/usr/bin/ping": 4,
        "/xattr/user": 4,
    } == changed
    # Step 5 links two of the three names of a file anew: both are one copy of it.
    assert ("link-broken", None, 13) == found[5, "/hl/four"]
    assert ("duplicate", None, 3) == found[0, "/ids/oct"]
    assert {
        "deleted": 814,
        "overwritten": 200_266,
        "metadata": 64 + 20 + 8 + 1,
        "unchanged": 5000,
        "link-broken": 13,
        "duplicate": 3,
    } == report.by_cause
