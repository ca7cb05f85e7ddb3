"""`Image`: documents, blobs and layers joined; nothing believed unread."""

from __future__ import annotations

import io
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_args

import attrs
import pytest
from built_images import BASE, TOP, blobs_of, flipped, image_of, stored

from ocilayers._types import SupportsRead
from ocilayers.codec.recompress import recompress
from ocilayers.errors import (
    BlobNotFoundError,
    ContentNotKeptError,
    DigestMismatchError,
    DocumentError,
    DuplicatePathError,
    ImageError,
    LimitExceededError,
    MediaTypeMismatchError,
    SizeMismatchError,
    SourceError,
    TruncatedStreamError,
)
from ocilayers.image.image import Image
from ocilayers.image.layer import FileContent
from ocilayers.layer.builder import LayerBuilder
from ocilayers.layer.index import index_layer
from ocilayers.limits import Limits
from ocilayers.spec.chain_id import chain_ids
from ocilayers.spec.config import History
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    OCI_LAYER,
    OCI_LAYER_GZIP,
)
from ocilayers.tar.entry import Entry
from ocilayers.wire.render import render

HELM = "application/vnd.cncf.helm.config.v1+json"
STEPS = [
    History(created_by="/bin/sh -c #(nop) ADD file:base in / "),
    History(created_by="/bin/sh -c #(nop)  ENV a=b", empty_layer=True),
    History(created_by="/bin/sh -c touch /new"),
]
WHOLE = image_of(BASE, TOP, history=STEPS)


class Counting:
    """A source that counts how often each blob is opened."""

    def __init__(self, image: Image) -> None:
        assert not callable(image.blobs)
        self.blobs: dict[str, Any] = {str(k): v for k, v in image.blobs.items()}
        self.opened: list[str] = []

    def __call__(self, descriptor: Descriptor) -> SupportsRead:
        self.opened.append(descriptor.digest)
        return io.BytesIO(self.blobs[descriptor.digest])


# --- from its manifest


@pytest.mark.hostile("other values than those of the verified bytes")
def test_an_image_is_opened_by_its_manifest() -> None:
    """The config is read and verified, no layer is touched."""
    source = Counting(WHOLE)
    image = Image.from_manifest(WHOLE.manifest, source)

    assert WHOLE == image
    assert [WHOLE.image_id] == source.opened


@pytest.mark.hostile("other values than those of the verified bytes")
def test_bytes_that_change_after_they_were_verified_change_no_image() -> None:
    """What was hashed is what was read, whatever its owner does to it later."""
    raw = bytearray(WHOLE.config.raw)
    image = Image.from_manifest(WHOLE.manifest, {WHOLE.image_id: raw})
    raw[:] = raw.replace(b"amd64", b"arm64")

    assert WHOLE.config == image.config
    assert "amd64" == image.config.model.architecture
    assert Digest.of(image.config.raw) == image.image_id


def test_a_config_that_is_only_bytes_is_taken_for_one() -> None:
    """As `docker save` and old builders describe theirs."""
    model = WHOLE.manifest.model
    named = attrs.evolve(model.config, media_type="application/octet-stream")
    manifest = render(attrs.evolve(model, config=named))

    assert WHOLE.config == Image.from_manifest(manifest, WHOLE.blobs).config


def test_a_manifest_of_something_else_is_no_image() -> None:
    """It says what it is."""
    model = WHOLE.manifest.model
    named = attrs.evolve(model.config, media_type=HELM)
    with pytest.raises(ImageError, match="no image of a file system") as raised:
        Image.from_manifest(render(attrs.evolve(model, config=named)), WHOLE.blobs)

    assert HELM == raised.value.actual


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        pytest.param(render(ImageIndex(manifests=[])), "index", id="index"),
        pytest.param(image_of(BASE).config, "config", id="config"),
    ],
)
def test_what_is_no_manifest_is_no_image(document: object, kind: str) -> None:
    """A registry gives an index to whoever did not say for which platform."""
    with pytest.raises(MediaTypeMismatchError, match=rf"select\(\).*found {kind}"):
        Image.from_manifest(document, {})  # type: ignore[arg-type]  # the mistake


def test_a_config_that_is_not_there_is_named() -> None:
    """With its place and digest."""
    with pytest.raises(BlobNotFoundError) as raised:
        Image.from_manifest(WHOLE.manifest, {})

    assert f"config: {WHOLE.image_id}" == raised.value.where


@pytest.mark.hostile("a source that fails")
def test_a_source_that_says_stop_is_named() -> None:
    """As `next()` does that finds nothing: it must not look like an end."""
    found: list[SupportsRead] = []
    image = Image(WHOLE.manifest, WHOLE.config, lambda _: next(iter(found)))

    for read in (image.filesystem, image.verify, image.flatten):
        with pytest.raises(SourceError, match="the source raised StopIteration"):
            read()


@pytest.mark.hostile("other values than those of the verified bytes")
@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (WHOLE.config.raw.replace(b"linux", b"plan9"), DigestMismatchError),
        (WHOLE.config.raw + b" ", SizeMismatchError),
        (WHOLE.config.raw[:-1], SizeMismatchError),
    ],
    ids=["other bytes", "longer", "shorter"],
)
def test_a_config_that_is_not_the_one_named_is_refused(
    raw: bytes, error: type[Exception]
) -> None:
    """It says what was promised and what was found."""
    with pytest.raises(error) as raised:
        Image.from_manifest(WHOLE.manifest, {WHOLE.image_id: raw})

    assert str(WHOLE.image_id) in str(raised.value)
    assert "expected" in str(raised.value)
    assert "found" in str(raised.value)


def test_a_config_of_another_kind_is_refused() -> None:
    """The manifest's own bytes, for one."""
    raw = WHOLE.manifest.raw
    named = Descriptor.of(raw, DOCKER_CONFIG)
    manifest = render(attrs.evolve(WHOLE.manifest.model, config=named))
    with pytest.raises(DocumentError) as raised:
        Image.from_manifest(manifest, {named.digest: raw})

    assert raised.value.where.startswith("config")


def test_more_layers_than_allowed_are_refused() -> None:
    """Before anything is read."""
    limits = attrs.evolve(Limits(), layers=1)
    with pytest.raises(LimitExceededError) as raised:
        Image.from_manifest(WHOLE.manifest, {}, limits=limits)

    assert "layers" == raised.value.limit


# --- what its documents say


def test_what_its_documents_say() -> None:
    """Digests, platform."""
    assert WHOLE.manifest.digest == WHOLE.digest
    assert WHOLE.config.digest == WHOLE.image_id
    assert "linux/amd64" == str(WHOLE.platform)
    assert () == WHOLE.findings


@pytest.mark.spec(
    "image-spec manifest.md, layers",
    "The array MUST have the base layer at index 0.",
)
def test_layers_join_manifest_config_and_history() -> None:
    """Base first."""
    base, top = WHOLE.layers

    assert (0, 1) == (base.index, top.index)
    assert WHOLE.manifest.model.layers == (base.descriptor, top.descriptor)
    assert (BASE.diff_id, TOP.diff_id) == (base.diff_id, top.diff_id)
    assert chain_ids([BASE.diff_id, TOP.diff_id]) == (base.chain_id, top.chain_id)
    assert "RUN touch /new" == top.created_by
    assert STEPS[0] == base.history


def test_history_has_every_step_with_its_layer() -> None:
    """Empty steps too."""
    base, top = WHOLE.layers

    assert [(STEPS[0], base), (STEPS[1], None), (STEPS[2], top)] == [
        (step.history, step.layer) for step in WHOLE.history
    ]


def test_a_layer_without_diff_id_or_history_has_none() -> None:
    """What is missing is None, and a finding."""
    image = image_of(BASE, TOP, diff_ids=[BASE.diff_id], history=STEPS[:1])
    _, top = image.layers

    assert (None, None, None) == (top.diff_id, top.chain_id, top.history)
    assert {"layers-mismatch", "history-mismatch"} == {
        finding.code for finding in image.findings
    }


def test_findings_say_what_does_not_fit() -> None:
    """The manifest's config is another one."""
    other = image_of(BASE)
    image = attrs.evolve(WHOLE, config=other.config)

    assert ["config-mismatch", "layers-mismatch"] == [f.code for f in image.findings]
    assert str(other.image_id) in image.findings[0].message


def test_a_config_may_be_named_by_any_digest_of_it() -> None:
    """It fits where its bytes do; where nobody can tell, it does not."""
    raw, model = WHOLE.config.raw, WHOLE.manifest.model

    def codes(digest: Digest) -> list[str]:
        named = attrs.evolve(model.config, digest=digest)
        manifest = render(attrs.evolve(model, config=named))
        return [f.code for f in attrs.evolve(WHOLE, manifest=manifest).findings]

    assert [] == codes(Digest.of(raw, "sha512"))
    assert ["config-mismatch"] == codes(Digest.of(raw + b" ", "sha512"))
    assert ["config-mismatch"] == codes(Digest("unheard+of:abc"))


def test_findings_of_its_documents_are_its_own() -> None:
    """Those first."""
    raw = WHOLE.config.raw.replace(b'"os":"linux"', b'"os":"linux","os":"linux"')
    named = Descriptor.of(raw, WHOLE.config.media_type)
    manifest = render(attrs.evolve(WHOLE.manifest.model, config=named))
    image = Image.from_manifest(manifest, {named.digest: raw})

    assert image.config.findings
    assert image.config.findings == image.findings


def test_a_blob_is_read_whole_and_verified() -> None:
    """Any that is named."""
    assert WHOLE.config.raw == WHOLE.read_blob(WHOLE.config.descriptor())
    assert BASE.blob == WHOLE.read_blob(BASE.descriptor)
    with pytest.raises(BlobNotFoundError):
        WHOLE.read_blob(Descriptor.of(b"", OCI_LAYER))


def test_an_image_is_a_value() -> None:
    """Equal by its documents, wherever the blobs are; it pickles."""
    again = pickle.loads(pickle.dumps(WHOLE))  # noqa: S301  # our own bytes

    assert WHOLE == attrs.evolve(WHOLE, blobs={}) == again
    assert WHOLE != image_of(BASE)
    assert WHOLE.layers == again.layers


# --- its file system


@pytest.mark.spec(
    "image-spec manifest.md, layers",
    "The final filesystem layout MUST match the result of applying the layers "
    "to an empty directory.",
)
@pytest.mark.parametrize("content", get_args(FileContent))
def test_a_file_system_is_made_of_verified_layers(content: FileContent) -> None:
    """With its content at once, when asked for, or never."""
    fs = WHOLE.filesystem(content=content)

    assert ["/", "/etc", "/etc/motd", "/new"] == list(fs)
    assert 1 == fs["/new"].layer
    if content == "none":
        with pytest.raises(ContentNotKeptError):
            fs["/new"].read_bytes()
    else:
        assert b"n" * 5000 == fs["/new"].read_bytes()


def test_content_in_memory_needs_no_source_any_more() -> None:
    """What is lazy does."""
    blobs: dict[str, bytes] = {}
    image = image_of(BASE, blobs=blobs)
    blobs |= blobs_of(BASE)
    lazy = image.filesystem()
    kept = image.filesystem(content="memory")
    blobs.clear()

    assert b"hello" == kept["/etc/motd"].read_bytes()
    with pytest.raises(BlobNotFoundError):
        lazy["/etc/motd"].read_bytes()


def test_files_know_the_command_that_made_them() -> None:
    """Their history says it."""
    (event,) = WHOLE.filesystem().history("/new")

    assert "RUN touch /new" == event.created_by


def test_the_same_blob_under_the_same_promises_is_read_once() -> None:
    """However often it is stacked."""
    image = image_of(BASE, TOP, BASE)
    source = Counting(image)
    fs = attrs.evolve(image, blobs=source).filesystem()

    assert [BASE.descriptor.digest, TOP.descriptor.digest] == source.opened
    assert b"old" == fs["/etc/old"].read_bytes()


def test_an_empty_layer_is_read_once_too() -> None:
    """An index without entries is an index."""
    empty = LayerBuilder().build()
    image = image_of(empty, empty)
    source = Counting(image)
    image = attrs.evolve(image, blobs=source)
    indexes = image.verify().indexes
    source.opened.clear()

    image.filesystem()
    assert 1 == len(source.opened)
    image.filesystem(indexes=indexes)
    assert 1 == len(source.opened)


def test_each_blob_of_the_same_tar_is_verified() -> None:
    """A good one does not speak for a bad one."""
    stored = b"".join(recompress([BASE.blob], to="none"))
    named = Descriptor.of(stored, OCI_LAYER)
    image = image_of(
        BASE,
        descriptors=[BASE.descriptor, named],
        diff_ids=[BASE.diff_id] * 2,
        blobs=blobs_of(BASE) | {named.digest: stored},
    )
    fs = image.filesystem()
    broken = attrs.evolve(image, blobs=blobs_of(BASE) | {named.digest: stored[:-1]})

    assert b"hello" == fs["/etc/motd"].read_bytes()
    with pytest.raises(SizeMismatchError):
        broken.filesystem()


def test_what_was_indexed_before_is_not_read_again() -> None:
    """A file system comes from indexes alone."""
    indexes = WHOLE.verify().indexes
    source = Counting(WHOLE)
    fs = attrs.evolve(WHOLE, blobs=source).filesystem(indexes=indexes)

    assert [] == source.opened
    assert ["/", "/etc", "/etc/motd", "/new"] == list(fs)
    assert b"hello" == fs["/etc/motd"].read_bytes()
    assert [BASE.descriptor.digest] == source.opened


def test_an_index_serves_the_same_tar_in_another_blob() -> None:
    """It is known by its diff_id; its checkpoints are of no use then."""
    index = index_layer(io.BytesIO(BASE.blob), checkpoint_bytes=1)
    stored = b"".join(recompress([BASE.blob], to="none"))
    named = Descriptor.of(stored, OCI_LAYER)
    image = image_of(BASE, descriptors=[named], blobs={named.digest: stored})
    fs = image.filesystem(indexes={BASE.diff_id: index})

    assert b"hello" == fs["/etc/motd"].read_bytes()


def test_a_worker_and_progress_change_nothing() -> None:
    """Stored bytes add up to the sizes of the layers."""
    told: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        fs = WHOLE.filesystem(executor=pool, progress=told.append)

    assert list(WHOLE.filesystem()) == list(fs)
    assert BASE.facts.size + TOP.facts.size == sum(told)


def test_layers_and_diff_ids_must_be_as_many() -> None:
    """Both numbers are said."""
    image = image_of(BASE, TOP, diff_ids=[BASE.diff_id])
    with pytest.raises(ImageError, match="another number of diff_ids") as raised:
        image.filesystem()

    assert (2, 1) == (raised.value.expected, raised.value.actual)


MISSING = image_of(BASE, TOP, blobs=blobs_of(BASE))
FLIPPED = image_of(BASE, TOP, blobs=blobs_of(BASE, flipped(TOP, 30)))
CUT = image_of(BASE, blobs={BASE.descriptor.digest: BASE.blob[:-9]})
OTHER_TAR = image_of(BASE, TOP, diff_ids=[BASE.diff_id, BASE.diff_id])


@pytest.mark.parametrize(
    ("image", "digest"),
    [
        pytest.param(MISSING, TOP.descriptor.digest, id="a blob that is missing"),
        pytest.param(FLIPPED, TOP.descriptor.digest, id="a flipped byte"),
        pytest.param(CUT, BASE.descriptor.digest, id="a layer that is cut"),
        pytest.param(OTHER_TAR, TOP.descriptor.digest, id="another diff_id"),
    ],
)
@pytest.mark.parametrize("content", get_args(FileContent))
def test_a_layer_that_does_not_verify_is_named(
    image: Image, digest: Digest, content: FileContent
) -> None:
    """And nothing partial is given back."""
    with pytest.raises(
        (BlobNotFoundError, DigestMismatchError, TruncatedStreamError, ValueError)
    ) as raised:
        image.filesystem(content=content)

    assert str(digest) in str(raised.value)


def test_a_wrong_diff_id_says_what_was_promised_and_found() -> None:
    """Both digests, and of what they are."""
    with pytest.raises(DigestMismatchError) as raised:
        OTHER_TAR.filesystem()

    assert (BASE.diff_id, TOP.diff_id) == (raised.value.expected, raised.value.actual)
    assert f"layers[1] {TOP.descriptor.digest}: diff_id" == raised.value.where


def test_a_layer_of_another_length_says_both_lengths() -> None:
    """Of its stored bytes."""
    size = BASE.facts.size
    for blob in (BASE.blob[:-9], BASE.blob + bytes(9)):
        image = image_of(BASE, blobs={BASE.descriptor.digest: blob})
        with pytest.raises(SizeMismatchError) as raised:
            image.filesystem()

        assert str(size) in str(raised.value)


def test_strict_refuses_what_lenient_notes() -> None:
    """In the layers, and between them."""
    image = image_of(stored([Entry("a", "file"), Entry("a", "file")]))

    assert image.filesystem().findings
    with pytest.raises(DuplicatePathError):
        image.filesystem(strict=True)


def test_limits_hold_while_layers_are_read() -> None:
    """The image's own."""
    image = attrs.evolve(WHOLE, limits=attrs.evolve(Limits(), entries=1))
    with pytest.raises(LimitExceededError) as raised:
        image.filesystem()

    assert raised.value.where.startswith("layers[0]")


def test_a_media_type_may_lie_about_compression() -> None:
    """The first bytes are believed, and content is still found."""
    named = attrs.evolve(TOP.descriptor, media_type=OCI_LAYER_GZIP)
    image = image_of(TOP, descriptors=[named])

    assert b"n" * 5000 == image.filesystem()["/new"].read_bytes()
