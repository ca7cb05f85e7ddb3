"""What is odd in a whole image, and what other tools make of it."""

from __future__ import annotations

import attrs
import pytest
from built_images import BASE, image_of, stored

from ocilayers.image.image import Image
from ocilayers.layer.builder import BuiltLayer
from ocilayers.spec.config import History
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.media_types import OCI_FOREIGN_LAYER_GZIP
from ocilayers.tar.entry import Entry

NOON = 1_700_000_000 * 10**9
DAY = 86_400 * 10**9
CREATED = "2023-11-14T22:13:20Z"


def of(*entries: Entry) -> BuiltLayer:
    """A layer, and a directory for what it has there."""
    return stored([Entry("d", "directory"), *entries])


def found(image: Image) -> list[tuple[str, str, str]]:
    """Severity, code and path of each finding."""
    return [
        (one.severity, one.code, one.where.rpartition(": ")[2])
        for one in image.verify().findings
    ]


def link(target: str) -> Entry:
    """A symlink in the directory `d`."""
    return Entry("d/link", "symlink", target=target)


LONG = "n" * 255
ODD = {
    "dangling": (link("gone"), "note", "dangling-symlink"),
    "through-a-file": (link("../f/x"), "note", "dangling-symlink"),
    "loop": (link("link"), "note", "dangling-symlink"),
    "long-name": (Entry(f"d/{LONG}n", "file"), "warning", "name-too-long"),
    "latin-1": (Entry("d/caf\udce9", "file"), "note", "name-not-utf8"),
    "owner": (Entry("d/o", "file", uid=65536), "note", "high-owner"),
    "group": (Entry("d/o", "file", gid=2**31), "note", "high-owner"),
    "before-1970": (Entry("d/t", "file", mtime_ns=-1), "note", "time-before-epoch"),
    "block": (Entry("d/b", "block", device=(8, 0)), "note", "device-node"),
    "char": (Entry("d/c", "char", device=(1, 3)), "note", "device-node"),
}


@pytest.mark.parametrize(("entry", "severity", "code"), ODD.values(), ids=ODD)
def test_what_is_odd_is_said(entry: Entry, severity: str, code: str) -> None:
    """With the layer and the path."""
    image = image_of(of(Entry("f", "file"), entry))

    assert [(severity, code, f"/{entry.path}")] == found(image)
    assert image.verify().verified
    assert image.verify().ok


def test_a_link_that_climbs_above_the_root_escapes() -> None:
    """A container stops at the root, where what it leads to may be."""
    image = image_of(of(Entry("f", "file"), link("../../f")))

    assert [("warning", "escaping-symlink", "/d/link")] == found(image)


USUAL = {
    "sibling": (Entry("d/s", "file"), link("s")),
    "above": (Entry("f", "file"), link("./../f")),
    "absolute": (Entry("f", "file"), link("/../f")),
    "kernel": (link("/proc/mounts"),),
    "kernel-relative": (link("../sys/kernel"),),
    "longest-name": (Entry(f"d/{LONG}", "file"),),
    "utf-8": (Entry("d/caf\u00e9", "file"),),
    "last-owner": (Entry("d/o", "file", uid=65535, gid=65535),),
    "fifo": (Entry("d/p", "fifo"),),
}


@pytest.mark.parametrize("entries", USUAL.values(), ids=USUAL)
def test_what_is_usual_is_not_said(entries: tuple[Entry, ...]) -> None:
    """No false alarm."""
    assert [] == found(image_of(of(*entries)))


def test_a_rule_says_once_a_layer_where_and_how_often() -> None:
    """Ten thousand devices do not drown all else."""
    one, two = (Entry(f"d/{name}", "char", device=(1, 3)) for name in "ab")
    (finding,) = image_of(BASE, of(one, two)).verify().findings

    assert finding.where.startswith("layers[1] ")
    assert finding.where.endswith(": /d/a")
    assert finding.message.endswith(", and 1 more")
    assert finding.hint


TIMES = {
    "later": (CREATED, NOON + DAY + 1, ["future-time"]),
    "same-day": (CREATED, NOON + DAY, []),
    "stamp": ("1970-01-01T00:00:01Z", NOON, []),
    "not-said": ("", NOON, []),
    "no-time": ("yesterday", NOON, ["bad-time"]),
}


@pytest.mark.parametrize(("created", "mtime", "codes"), TIMES.values(), ids=TIMES)
def test_the_future_is_what_the_image_is_older_than(
    created: str, mtime: int, codes: list[str]
) -> None:
    """There is no clock here: by a day, and by the latest time that the config says."""
    layer = of(Entry("f", "file", mtime_ns=mtime))
    image = image_of(layer, history=[History(created=created)])

    assert codes == [one.code for one in image.verify().findings]


def test_a_foreign_layer_is_named() -> None:
    """Registries need not have it."""
    foreign = attrs.evolve(BASE.descriptor, media_type=OCI_FOREIGN_LAYER_GZIP)
    image = image_of(BASE, descriptors=[foreign])

    assert ["foreign-layer"] == [one.code for one in image.verify().findings]


@pytest.mark.parametrize(("count", "codes"), [(125, []), (126, ["many-layers"])])
def test_docker_stacks_so_many_layers(count: int, codes: list[str]) -> None:
    """And the same layer is read once."""
    named: list[Descriptor] = [BASE.descriptor] * count
    image = image_of(BASE, descriptors=named, diff_ids=[BASE.diff_id] * count)

    assert codes == [one.code for one in image.verify().findings]
