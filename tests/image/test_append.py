"""One more layer on top, and images that begin with none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from built_images import BASE, TOP, image_of

from ocilayers.errors import ContentNotKeptError, ImageError, InvalidFieldError
from ocilayers.image.image import Image
from ocilayers.spec.config import History
from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_LAYER_GZIP,
    DOCKER_LAYER_ZSTD,
    DOCKER_MANIFEST,
    OCI_LAYER_GZIP,
    OCI_LAYER_ZSTD,
)
from ocilayers.spec.platform import Platform
from ocilayers.tar.entry import Entry
from ocilayers.tree.changeset import Changeset

PLAIN = History()
ADDED = History(created_by="ADD base")
LEFT_OVER = History(created_by="ADD base", empty_layer=True)
ENV = History(created_by="ENV a=b", empty_layer=True)


def test_a_layer_lies_on_the_others() -> None:
    """Manifest, config and history say so, and it verifies."""
    image = image_of(BASE, history=[ADDED, ENV]).append(
        TOP,
        created_by="COPY new /",
        comment="by hand",
        author="me",
        created="2026-11-24T00:00:00Z",
    )

    top = image.layers[-1]
    assert (TOP.descriptor, TOP.diff_id) == (top.descriptor, top.diff_id)
    assert (
        ADDED,
        ENV,
        History(
            created="2026-11-24T00:00:00Z",
            created_by="COPY new /",
            author="me",
            comment="by hand",
        ),
    ) == image.config.model.history
    assert () == image.verify().findings
    assert b"n" * 5000 == image.filesystem()["/new"].read_bytes()


def test_no_time_is_written_that_was_not_given() -> None:
    """Nothing here reads a clock."""
    image = Image.empty().append(BASE, created_by="COPY . .")

    assert b"created" not in image.config.raw.replace(b"created_by", b"")


@pytest.mark.parametrize("created", ["yesterday", "2021-02-30T00:00:00Z", "0"])
def test_no_time_is_written_that_is_none(created: str) -> None:
    """Engines refuse a config for it; of a `datetime`, `isoformat()` is one."""
    with pytest.raises(InvalidFieldError, match="created: no time, expected RFC 3339"):
        Image.empty().append(BASE, created=created)

    moment = datetime(2026, 11, 24, tzinfo=UTC)
    image = Image.empty().append(BASE, created=moment.isoformat())
    assert moment == image.config.model.history[0].created.datetime


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        pytest.param([], "", [], id="none, and nothing to say"),
        pytest.param([], "x", [PLAIN, PLAIN], id="none, and something to say"),
        pytest.param([ADDED], "x", [ADDED, PLAIN], id="one of two"),
        pytest.param([ADDED, PLAIN, ENV], "", [ADDED, PLAIN, ENV], id="all"),
        pytest.param([ADDED] * 3, "x", [ADDED, ADDED, LEFT_OVER], id="three of two"),
    ],
)
def test_a_step_belongs_to_its_layer(
    before: list[History], step: str, after: list[History]
) -> None:
    """Layers below without one get one that says nothing; one left over made none."""
    image = image_of(BASE, TOP, history=before).append(BASE, created_by=step)

    own = [History(created_by=step)] if after else []
    assert (*after, *own) == image.config.model.history
    assert step == image.layers[-1].created_by


@pytest.mark.parametrize(
    "layer",
    [
        [Entry("a", "file", content=b"1")],
        Changeset([Entry("a", "file", content=b"1")]),
    ],
    ids=["entries", "changeset"],
)
def test_entries_are_written_as_a_layer(layer: list[Entry]) -> None:
    """So a difference can be appended as it is."""
    image = Image.empty().append(layer)

    assert b"1" == image.filesystem()["/a"].read_bytes()
    assert OCI_LAYER_GZIP == image.layers[0].descriptor.media_type


def test_a_file_without_content_cannot_be_written() -> None:
    """It is named."""
    with pytest.raises(ContentNotKeptError, match="/a"):
        Image.empty().append([Entry("a", "file", size=1)])


def test_an_image_that_says_two_things_takes_no_layer() -> None:
    """Nobody knows which diff_id is whose."""
    with pytest.raises(ImageError, match="number of diff_ids"):
        image_of(BASE, TOP, diff_ids=[BASE.diff_id]).append(TOP)


@pytest.mark.parametrize(
    ("dialect", "names"),
    [
        ("oci", [OCI_LAYER_GZIP, OCI_LAYER_ZSTD]),
        ("docker", [DOCKER_LAYER_GZIP, DOCKER_LAYER_ZSTD]),
    ],
)
def test_a_layer_has_the_name_of_its_manifests_standard(
    dialect: str, names: list[str]
) -> None:
    """For zstd in Docker's that is BuildKit's and containerd's name."""
    image = Image.empty(dialect="docker" if dialect == "docker" else "oci")
    image = image.append(BASE).append(TOP)

    assert names == [layer.descriptor.media_type for layer in image.layers]


def test_an_empty_image_has_no_layers() -> None:
    """The same every time, and all of it is new."""
    image = Image.empty("linux/arm/v7")

    assert Platform(os="linux", architecture="arm", variant="v7") == image.platform
    assert () == image.layers
    assert b'"diff_ids":[]' in image.config.raw
    assert image == Image.empty("linux/arm/v7")
    assert ["/"] == list(image.filesystem())
    assert [image.image_id, image.digest] == [
        descriptor.digest for descriptor, _ in image.blobs_written()
    ]


def test_an_empty_image_of_docker_is_one_of_docker() -> None:
    """With the platform as a value, too."""
    image = Image.empty(Platform(os="windows", architecture="amd64"), dialect="docker")

    assert DOCKER_MANIFEST == image.manifest.media_type
    assert DOCKER_CONFIG == image.config.media_type
    assert DOCKER_CONFIG == image.manifest.model.config.media_type
    assert "windows" == image.platform.os


def test_what_is_no_platform_or_no_dialect_is_refused() -> None:
    """As everywhere."""
    with pytest.raises(InvalidFieldError):
        Image.empty("")
    with pytest.raises(InvalidFieldError, match="no such dialect"):
        Image.empty(dialect="OCI")  # type: ignore[arg-type]  # the mistake
