"""Images, layers, documents and reports, as tables."""

from __future__ import annotations

import attrs
import pytest

from ocilayers.image.image import Image
from ocilayers.image.sample import sample_image
from ocilayers.notebook.images import findings_html
from ocilayers.wire.parse import parse

IMAGE = sample_image()


def test_an_image_lists_its_layers() -> None:
    """With what made them, and how large they are."""
    html = IMAGE._repr_html_()

    for told in ("linux/amd64: 4 layers, 690 B", "COPY apple.txt /", "109 B"):
        assert told in html


def test_of_many_layers_the_first_are_listed() -> None:
    """The rest is counted."""
    model, manifest = IMAGE.config.model, IMAGE.manifest.model
    rootfs = attrs.evolve(model.rootfs, diff_ids=model.rootfs.diff_ids * 51)
    config = IMAGE.config.edit(attrs.evolve(model, rootfs=rootfs))
    manifest = attrs.evolve(
        manifest, config=config.descriptor(), layers=manifest.layers * 51
    )
    image = Image(IMAGE.manifest.edit(manifest), config, {})

    assert "and 4 more layers" in image._repr_html_()


def test_a_layer_shows_what_is_known_of_it() -> None:
    """Its identities, whole."""
    layer = IMAGE.layers[1]

    html = layer._repr_html_()

    for told in (layer.descriptor.digest, layer.diff_id, layer.chain_id):
        assert f">{told}</td>" in html
    assert "109 B (109 bytes)" in html


def test_a_document_shows_how_it_begins() -> None:
    """On one line, and not more of it than one reads."""
    html = IMAGE.manifest._repr_html_()

    assert "ImageManifest" in html
    assert "{ &quot;schemaVersion&quot;: 2, &quot;mediaType&quot;" in html
    assert "…</td>" in html


def test_what_was_noticed_stands_below() -> None:
    """With what to do about it."""
    html = parse(IMAGE.manifest.raw + b" ")._repr_html_()

    assert "findings" not in html
    assert "" == findings_html(())


def test_a_report_begins_with_its_verdict() -> None:
    """An image of which a blob is missing is not verified."""
    blobs: dict[str, bytes] = {}

    assert "Verified: 4 of 4 layers" in IMAGE.verify()._repr_html_()
    broken = Image(IMAGE.manifest, IMAGE.config, blobs).verify()._repr_html_()
    assert "Not verified: 0 of 4 layers" in broken
    assert "what to do" in broken


def test_of_many_findings_the_first_are_listed() -> None:
    """The rest is counted."""
    broken = Image(IMAGE.manifest, IMAGE.config, {}).verify()
    many = broken.findings * 300

    html = findings_html(many)

    assert f"{len(many)} findings" in html
    assert f"and {len(many) - 200} more findings" in html


@pytest.mark.parametrize("ids", [0, 1, 9], ids=["none", "too few", "too many"])
@pytest.mark.parametrize("steps", [0, 1, 9], ids=["none", "too few", "too many"])
def test_an_image_that_contradicts_itself_is_shown(ids: int, steps: int) -> None:
    """People look at what is broken most of all."""
    model = IMAGE.config.model
    rootfs = attrs.evolve(model.rootfs, diff_ids=(model.rootfs.diff_ids * 9)[:ids])
    history = (model.history * 9)[:steps]
    config = IMAGE.config.edit(attrs.evolve(model, rootfs=rootfs, history=history))
    manifest = attrs.evolve(IMAGE.manifest.model, config=config.descriptor())
    image = Image(IMAGE.manifest.edit(manifest), config, {})

    assert "4 layers" in image._repr_html_()
    assert "Layer 3" in image.layers[-1]._repr_html_()
    assert "4 layers" in image.figures.layers().title
    assert f"{steps} steps" in image.figures.history().title
