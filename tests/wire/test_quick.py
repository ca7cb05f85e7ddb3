"""The quick reader: it takes what is plainly right, and gives up at all else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from documents import DIGEST, compact, config, descriptor, index, manifest

from ocilayers.limits import Limits
from ocilayers.spec.config import ImageConfig, RootFS
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import OCI_LAYER
from ocilayers.spec.platform import Platform
from ocilayers.spec.saved import SavedImage
from ocilayers.spec.schema1 import FSLayer, Schema1History, Schema1Manifest
from ocilayers.wire._careful import read_object
from ocilayers.wire._json import read, read_plain
from ocilayers.wire._members import SHAPES
from ocilayers.wire._quick import GAVE_UP, quick_reader
from ocilayers.wire._report import Report

SETTINGS = {
    "Hostname": "",
    "User": "me",
    "Tty": False,
    "OpenStdin": True,
    "ExposedPorts": {"80/tcp": {}},
    "Env": ["A=1"],
    "Cmd": None,
    "Entrypoint": [],
    "Healthcheck": {"Test": ["NONE"], "Interval": 1},
    "Volumes": {},
    "Labels": {"a": "b"},
    "StopTimeout": 0,
    "Memory": 0,
    "MemorySwap": -1,
    "Extra": [1, 2.5, {"a": ["b"]}, None],
}
PLAIN: list[tuple[type, dict[str, Any]]] = [
    (Descriptor, descriptor()),
    (Descriptor, descriptor(annotations={"a": "b"}, artifactType="a/b")),
    (Descriptor, descriptor(annotations={}, artifactType="")),
    (ImageManifest, manifest(subject=descriptor(), mediaType="")),
    (ImageManifest, manifest(artifactType="", config=descriptor(artifactType=""))),
    (ImageIndex, index(descriptor(platform={"os": "a", "architecture": "b"}))),
    (ImageConfig, config(config=SETTINGS, container_config={}, created="")),
    (ImageConfig, config(history=[{"created": "2021-06-07T01:07:31+02:00"}])),
]


@pytest.mark.parametrize(("cls", "value"), PLAIN)
def test_what_is_plainly_right_is_read_as_the_careful_one_reads_it(
    cls: type, value: dict[str, Any]
) -> None:
    """What says nothing included, and every string counted."""
    value = json.loads(compact(value))
    seen: list[int] = []
    found = quick_reader(cls)(value, seen)
    report = Report(strict=True, limits=Limits())
    expected = read_object(cls, read(compact(value), Limits()), "", report)

    assert found == expected
    assert found.unset == expected.unset  # type: ignore[attr-defined]  # a model
    assert hash(found) == hash(expected)
    assert sum(seen) == read_plain(compact(value), Limits())[1]
    assert report.is_empty


@pytest.mark.parametrize(
    ("cls", "value"),
    [
        pytest.param(Descriptor, [], id="no object"),
        pytest.param(Descriptor, {}, id="a member missing"),
        pytest.param(Descriptor, descriptor(size=True), id="true for a number"),
        pytest.param(Descriptor, descriptor(size=-1), id="a negative size"),
        pytest.param(Descriptor, descriptor(size=1 << 63), id="a huge size"),
        pytest.param(Descriptor, descriptor(digest=1), id="no digest"),
        pytest.param(Descriptor, descriptor(digest=[]), id="a list for a digest"),
        pytest.param(Descriptor, descriptor(mediaType=""), id="no media type"),
        pytest.param(Descriptor, descriptor(mediaType=OCI_LAYER.upper()), id="letters"),
        pytest.param(Descriptor, descriptor(urls=[]), id="what is rare"),
        pytest.param(Descriptor, descriptor(data="e30="), id="what is to be verified"),
        pytest.param(Descriptor, descriptor(annotations=None), id="null"),
        pytest.param(Descriptor, descriptor(annotations={"a": 1}), id="no text"),
        pytest.param(Descriptor, descriptor(Size=1), id="a name in other letters"),
        pytest.param(Descriptor, descriptor(x=float("inf")), id="no number"),
        pytest.param(Descriptor, descriptor(x=10**640), id="too long a number"),
        pytest.param(Descriptor, descriptor(x=[[[[[[[[[[]]]]]]]]]]), id="deep lists"),
        pytest.param(
            Descriptor,
            descriptor(x={"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {}}}}}}}}}),
            id="deep objects",
        ),
        pytest.param(ImageManifest, manifest(manifests=[]), id="a foreign member"),
        pytest.param(ImageManifest, manifest(layers=[]), id="no layers"),
        pytest.param(ImageManifest, manifest(schemaVersion=1), id="another version"),
        pytest.param(ImageConfig, config(os=""), id="no system"),
        pytest.param(ImageConfig, config(created="x"), id="no time"),
        pytest.param(ImageConfig, config(created="2021-06-07t01:07:31z"), id="small t"),
        pytest.param(ImageConfig, config(history=[None]), id="no step"),
        pytest.param(ImageConfig, config(config={"Tty": 0}), id="no boolean"),
        pytest.param(ImageConfig, config(config={"Env": ["A"]}), id="no variable"),
        pytest.param(ImageConfig, config(config={"Env": ["A=\n"]}), id="two lines"),
        pytest.param(ImageConfig, config(config={"Cmd": "sh"}), id="text for a list"),
        pytest.param(ImageConfig, config(config={"Labels": {"": ""}}), id="no name"),
        pytest.param(ImageConfig, config(config={"User": 1}), id="no user"),
    ],
)
def test_at_all_else_it_gives_up(cls: type, value: object) -> None:
    """Also at what is right, if it is rare."""
    value = json.loads(json.dumps(value))

    with pytest.raises(GAVE_UP):
        quick_reader(cls)(value, [])


SMALLEST: dict[type, dict[str, Any]] = {
    Descriptor: descriptor(),
    ImageManifest: manifest(),
    ImageIndex: index(),
    ImageConfig: config(),
    RootFS: config()["rootfs"],
    Platform: {"os": "a", "architecture": "b"},
    FSLayer: {"blobSum": DIGEST},
    LayoutHeader: {"imageLayoutVersion": "1.0.0"},
    Schema1History: {"v1Compatibility": "{}"},
}


@pytest.mark.hostile("a key twice, or in other letters")
@pytest.mark.parametrize(
    ("cls", "name"),
    [
        pytest.param(cls, name, id=f"{cls.__name__}.{name}")
        for cls in SHAPES
        if cls not in {SavedImage, Schema1Manifest}  # too rare for it
        for name in [*SHAPES[cls].by_name, "x"]
    ],
)
def test_no_value_counts_for_more_strings_than_it_has(cls: type, name: str) -> None:
    """Else a member that came twice would not be missed."""
    texts = ["", "a", "a/b", DIGEST, "2021-06-07T01:07:31Z", "A=1", "\n", '\\"']
    others = [None, False, True, 0, 1, 2, -1, 0.0, 1.5, 1e300, 1 << 70]
    nested: list[Any] = [
        [],
        {},
        [0],
        [None],
        [[]],
        [{}],
        {"a": 0},
        {"a": None},
        {"a": {}},
    ]
    taken = 0
    for value in [*texts, *others, *nested, texts, [texts], {"": "a"}, {"a": texts}]:
        text = compact({**SMALLEST.get(cls, {}), name: value})
        members, strings = read_plain(text, Limits())
        seen: list[int] = []
        try:
            found = quick_reader(cls)(members, seen)
        except GAVE_UP:
            continue
        report = Report(strict=True, limits=Limits())
        taken += 1

        assert sum(seen) == strings
        assert found == read_object(cls, read(text, Limits()), "", report)
        assert report.is_empty

    assert taken or name in SHAPES[cls].by_name


def test_a_descriptor_that_says_no_more_than_it_must_is_kept() -> None:
    """One object for all; and true is not what 1 was."""
    read_descriptor = quick_reader(Descriptor)
    first = read_descriptor(descriptor(size=1), [])

    assert first is read_descriptor(descriptor(size=1), [])
    with pytest.raises(GAVE_UP):
        read_descriptor(descriptor(size=True), [])


def test_what_is_kept_of_descriptors_is_little() -> None:
    """Only so many, and no long ones, or hostile documents would leave much behind."""
    read_descriptor = quick_reader(Descriptor)
    long = descriptor(digest=f"x:{'a' * 600}")
    first = read_descriptor(descriptor(size=1), [])

    assert read_descriptor(long, []) is not read_descriptor(long, [])
    for size in range(2, 5000):
        read_descriptor(descriptor(size=size), [])
    assert first is not read_descriptor(descriptor(size=1), [])


def test_every_model_has_a_function() -> None:
    """And has it once."""
    assert all(quick_reader(cls) is quick_reader(cls) for cls in SHAPES)
    assert DIGEST
