"""An image to what `docker save` writes."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any, cast

import pytest
from archives import Files, blob_name
from built_images import BASE, TOP, blobs_of, flipped, image_of

from ocilayers._types import EMPTY_MAP
from ocilayers.archive.archive import open_archive
from ocilayers.archive.member import Member, pack
from ocilayers.archive.oci_layout import CONTAINERD_NAME
from ocilayers.archive.write_archive import ArchiveForm, write_archive
from ocilayers.archive.write_layout import Progress
from ocilayers.codec.layer import LayerDecoder
from ocilayers.errors import DigestMismatchError, ImageError, InvalidFieldError
from ocilayers.image.image import Image
from ocilayers.layer.builder import LayerBuilder
from ocilayers.layer.index import LayerIndex
from ocilayers.spec.annotations import REF_NAME

PLAIN = LayerBuilder().file("/plain", b"p").build("none")
IMAGE = image_of(BASE, TOP, PLAIN)
FORMS: list[ArchiveForm] = ["new", "old"]


def files_of(
    image: Image = IMAGE,
    *,
    ref: str | None = None,
    form: ArchiveForm = "new",
    progress: Progress = None,
) -> Files:
    """What is written."""
    members = write_archive(image, ref=ref, form=form, progress=progress)
    return {name: b"".join(chunks) for name, chunks in members}


def archive(
    *,
    ref: str | None = None,
    form: ArchiveForm = "new",
    indexes: Mapping[str, LayerIndex] = EMPTY_MAP,
    progress: Progress = None,
) -> io.BytesIO:
    """The archive."""
    members = write_archive(
        IMAGE, ref=ref, form=form, indexes=indexes, progress=progress
    )
    return io.BytesIO(b"".join(pack(members)))


def plain(blob: bytes) -> bytes:
    """The tar of a layer."""
    decoder = LayerDecoder()
    return b"".join([*decoder.feed(blob), *decoder.finish()])


def listed(files: Files) -> dict[str, Any]:
    """The one image of `manifest.json`."""
    (image,) = json.loads(files["manifest.json"])
    return cast("dict[str, Any]", image)


def test_the_new_form_is_a_layout_with_a_list_for_docker() -> None:
    """Layers stay as they are stored."""
    files = files_of(ref="app:1")
    image = listed(files)
    index = json.loads(files["index.json"])

    assert blob_name(IMAGE.image_id) == image["Config"]
    assert ["app:1"] == image["RepoTags"]
    assert [BASE.blob, TOP.blob, PLAIN.blob] == [files[n] for n in image["Layers"]]
    assert {
        CONTAINERD_NAME: "app:1",
        REF_NAME: "1",
    } == index["manifests"][0]["annotations"]


def test_the_old_form_has_plain_layers_in_folders() -> None:
    """And names the top one in `repositories`."""
    files = files_of(ref="registry.example/app", form="old")
    image = listed(files)
    tars = [plain(layer.blob) for layer in (BASE, TOP, PLAIN)]
    top = image["Layers"][-1].removesuffix("/layer.tar")

    assert f"{IMAGE.image_id.encoded}.json" == image["Config"]
    assert IMAGE.config.raw == files[image["Config"]]
    assert ["registry.example/app:latest"] == image["RepoTags"]
    assert tars == [files[name] for name in image["Layers"]]
    assert {"registry.example/app": {"latest": top}} == json.loads(
        files["repositories"]
    )


@pytest.mark.parametrize("form", FORMS)
def test_an_archive_without_a_name_names_nothing(form: ArchiveForm) -> None:
    """It is loaded under its image ID; as Docker does, it says so, and all is well."""
    files = files_of(form=form)

    assert listed(files)["RepoTags"] is None
    assert "repositories" not in files
    assert open_archive(archive(form=form)).findings == ()


@pytest.mark.parametrize(
    ("ref", "whole", "short"),
    [
        ("app", "app:latest", "app:latest"),
        ("team/app:2", "team/app:2", "team/app:2"),
        (
            "registry.example/library/app",
            "registry.example/library/app:latest",
            "app:latest",
        ),
        ("localhost:5000/app:2", "localhost:5000/app:2", "app:2"),
    ],
)
def test_containerd_is_told_the_name(ref: str, whole: str, short: str) -> None:
    """As it was said; people need not say all of it to open it."""
    file = archive(ref=ref)
    said = json.loads(files_of(ref=ref)["index.json"])

    assert whole == said["manifests"][0]["annotations"][CONTAINERD_NAME]
    for name in (whole, short):
        assert IMAGE.digest == open_archive(file, ref=name).digest


@pytest.mark.parametrize("form", FORMS)
def test_an_archive_is_read_back(form: ArchiveForm) -> None:
    """The old form has no manifest, so only the image ID stays in it."""
    image = open_archive(archive(ref="app:1", form=form), ref="app:1")

    assert IMAGE.image_id == image.image_id
    assert (IMAGE.digest == image.digest) == (form == "new")
    assert not image.verify().findings
    assert list(IMAGE.filesystem().rows()) == list(image.filesystem().rows())


@pytest.mark.parametrize("form", FORMS)
def test_the_same_image_makes_the_same_archive(form: ArchiveForm) -> None:
    """Bit for bit."""
    first, second = (archive(ref="a", form=form).getvalue() for _ in "ab")

    assert first == second


def test_equal_layers_are_stored_once_in_the_old_form() -> None:
    """They are named twice."""
    twice = image_of(BASE, BASE)
    members = list(write_archive(twice, form="old"))

    assert ["layer.tar"] == [
        name.partition("/")[2] for name, _ in members if "/" in name
    ]
    assert 2 == len(listed(files_of(twice, form="old"))["Layers"])


def test_an_image_without_layers_has_no_top_layer() -> None:
    """And so nothing in `repositories`."""
    files = files_of(Image.empty(), ref="a", form="old")

    assert {f"{Image.empty().image_id.encoded}.json", "manifest.json"} == set(files)


def test_what_is_known_of_a_layer_spares_reading_it_for_its_size() -> None:
    """Each layer that is compressed is read twice otherwise."""

    def cost(indexes: Mapping[str, LayerIndex]) -> int:
        told: list[int] = []
        archive(form="old", indexes=indexes, progress=told.append)
        return sum(told)

    stored = [layer.descriptor.size for layer in (BASE, TOP, PLAIN)]
    indexes = {layer.diff_id or "": layer.read() for layer in IMAGE.layers}

    assert sum(stored) == cost(indexes)
    assert sum(stored) + sum(stored[:2]) == cost({})


def test_nothing_is_read_for_sizes_that_nobody_asks_for() -> None:
    """A folder needs none."""
    told: list[int] = []
    files_of(form="old", progress=told.append)

    assert sum(layer.descriptor.size for layer in (BASE, TOP, PLAIN)) == sum(told)


@pytest.mark.parametrize("form", FORMS)
def test_a_layer_that_is_another_is_an_error_at_its_end(form: ArchiveForm) -> None:
    """Stored or decompressed."""
    blobs = blobs_of(flipped(PLAIN))
    member: Member = next(write_archive(image_of(PLAIN, blobs=blobs), form=form))
    with pytest.raises(DigestMismatchError):
        list(member.chunks)


@pytest.mark.parametrize(
    "ref",
    [
        pytest.param("App", id="capital letters"),
        pytest.param(f"app@sha256:{64 * '0'}", id="a digest"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_name_that_docker_does_not_take_is_refused(ref: str) -> None:
    """At the call."""
    with pytest.raises(InvalidFieldError):
        write_archive(IMAGE, ref=ref)


def test_a_form_that_nobody_knows_is_refused() -> None:
    """There are two."""
    with pytest.raises(InvalidFieldError):
        write_archive(IMAGE, form=cast("ArchiveForm", "oci"))


def test_an_image_of_which_layers_are_missing_is_refused() -> None:
    """Docker would not take it."""
    with pytest.raises(ImageError):
        write_archive(image_of(BASE, TOP, diff_ids=[BASE.diff_id]))
