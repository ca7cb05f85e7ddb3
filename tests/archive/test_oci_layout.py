"""The OCI image layout, as a folder."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Mapping
from pathlib import Path

import attrs
import pytest
from archives import Files, blob_name, layout, small_image, write

from ocilayers._types import EMPTY_MAP
from ocilayers.archive.oci_layout import LayoutBlobs, open_layout
from ocilayers.errors import (
    AmbiguousImageError,
    BlobNotFoundError,
    DigestMismatchError,
    DocumentError,
    DocumentSyntaxError,
    ImageError,
    InvalidFieldError,
    LimitExceededError,
    MediaTypeMismatchError,
    OCILayersError,
    SizeMismatchError,
)
from ocilayers.image.image import Image
from ocilayers.limits import Limits
from ocilayers.spec.annotations import REFERENCE_TYPE
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import (
    DOCKER_MANIFEST,
    DOCKER_SCHEMA1,
    OCI_CONFIG,
    OCI_EMPTY,
    OCI_INDEX,
    OCI_MANIFEST,
    MediaType,
)
from ocilayers.spec.platform import Platform
from ocilayers.wire.render import Renderable, render

ONE = small_image("one")
TWO = small_image("two")
ARM = small_image("one", platform="linux/arm64")
LAYER = ONE.layers[0].descriptor.digest


def stored(
    files: Files,
    model: Renderable,
    media_type: str,
    *,
    platform: Platform | None = None,
    annotations: Mapping[str, str] = EMPTY_MAP,
) -> Descriptor:
    """Put a document into a layout; gives its descriptor."""
    raw = render(model).raw
    described = Descriptor.of(raw, media_type)
    files[blob_name(described.digest)] = raw
    return attrs.evolve(described, platform=platform, annotations=annotations)


#: What has no image ID: one is no image, the other is not there.
NOTE = Descriptor(media_type=MediaType("a/b"), digest=Digest.of(b"note"), size=4)
ELSEWHERE = Descriptor(media_type=OCI_MANIFEST, digest=Digest.of(b"away"), size=4)


def with_index(files: Files, *manifests: Descriptor) -> Files:
    """*files* with another index."""
    return files | {"index.json": render(ImageIndex(manifests=manifests)).raw}


@pytest.mark.spec(
    "image-spec image-layout.md, Blobs",
    "The content of blobs/<alg>/<encoded> MUST match the digest <alg>:<encoded>.",
)
def test_a_layout_is_opened_and_read(tmp_path: Path) -> None:
    """From folder to content of a file, verified on the way."""
    image = open_layout(write(layout(ONE), tmp_path))

    assert ONE == image
    assert () == image.findings
    assert image.verify().verified
    assert "one" == image.filesystem()["/motd"].read_text()


def test_an_image_of_a_folder_can_be_sent_to_another_process(tmp_path: Path) -> None:
    """Its files are opened there."""
    image = open_layout(write(layout(ONE), tmp_path))
    again: Image = pickle.loads(pickle.dumps(image))  # noqa: S301 - our own bytes

    assert again == image
    assert "one" == again.filesystem()["/motd"].read_text()


@pytest.mark.parametrize(
    ("files", "ref", "platform", "expected"),
    [
        pytest.param(layout(ONE, TWO, names=["1", "2"]), "2", None, TWO, id="name"),
        pytest.param(layout(ONE, TWO), TWO.digest, None, TWO, id="digest"),
        pytest.param(layout(ONE, TWO), TWO.image_id, None, TWO, id="image-id"),
        pytest.param(
            layout(ONE, TWO, more=[NOTE, ELSEWHERE]),
            TWO.image_id,
            None,
            TWO,
            id="image-id-among-others",
        ),
        pytest.param(
            layout(ONE, ARM, nested=True), ARM.digest, None, ARM, id="nested-digest"
        ),
        pytest.param(
            layout(ONE, ARM, nested=True, platforms=True),
            None,
            "linux/arm64",
            ARM,
            id="nested-platform",
        ),
        pytest.param(
            layout(ONE, ARM), None, "linux/arm64", ARM, id="platform-of-the-config"
        ),
        pytest.param(
            layout(ONE, ARM, names=["m"], nested=True),
            "m",
            Platform(os="linux", architecture="aarch64"),
            ARM,
            id="name-and-platform",
        ),
        pytest.param(layout(ONE, ONE), None, None, ONE, id="listed-twice"),
        pytest.param(
            layout(ONE, names=["a", "b"], nested=True), None, None, ONE, id="two-names"
        ),
        pytest.param(layout(ONE), None, "linux/amd64", ONE, id="suits"),
    ],
)
def test_an_image_is_chosen(
    tmp_path: Path,
    files: Files,
    ref: str | None,
    platform: Platform | str | None,
    expected: Image,
) -> None:
    """By name, by digest, by platform, or because there is no other."""
    image = open_layout(write(files, tmp_path), ref=ref, platform=platform)

    assert expected == image


def test_the_name_that_containerd_writes_is_a_name(tmp_path: Path) -> None:
    """It writes the whole reference there, and only a tag into the standard's."""
    name = "io.containerd.image.name"
    files = layout(ONE, TWO)
    entries = [
        Descriptor(
            media_type=OCI_MANIFEST,
            digest=image.digest,
            size=image.manifest.size,
            annotations={name: f"registry.example/library/{n}:latest"},
        )
        for n, image in enumerate((ONE, TWO))
    ]
    root = write(with_index(files, *entries), tmp_path)

    for ref in ("registry.example/library/1:latest", "1:latest"):
        assert TWO == open_layout(root, ref=ref)


@pytest.mark.parametrize(
    ("files", "choices"),
    [
        pytest.param(layout(ONE, TWO, names=["a", "b"]), ("a", "b"), id="names"),
        pytest.param(
            layout(ONE, ARM, nested=True), ("linux/amd64", "linux/arm64"), id="configs"
        ),
        pytest.param(layout(ONE, TWO), (ONE.digest, TWO.digest), id="digests"),
    ],
)
def test_more_than_one_image_says_what_to_choose_from(
    tmp_path: Path, files: Files, choices: tuple[str, ...]
) -> None:
    """And none of them is opened."""
    with pytest.raises(AmbiguousImageError) as error:
        open_layout(write(files, tmp_path))

    assert choices == error.value.choices


def test_an_image_that_was_left_elsewhere_is_no_choice(tmp_path: Path) -> None:
    """`docker save` writes the index of all platforms, and the blobs of one."""
    files = layout(ONE, ARM, nested=True, platforms=True)
    del files[blob_name(ARM.digest)]
    root = write(files, tmp_path)

    assert ONE == open_layout(root)
    with pytest.raises(BlobNotFoundError, match=ARM.digest):
        open_layout(root, platform="linux/arm64")


def test_an_index_that_was_left_elsewhere_is_no_choice(tmp_path: Path) -> None:
    """Its images are elsewhere too."""
    absent = Descriptor(media_type=OCI_INDEX, digest=Digest.of(b"x"), size=1)
    root = write(layout(ONE, more=[absent]), tmp_path)

    assert ONE == open_layout(root)


@pytest.mark.spec(
    "image-spec image-index.md, Image Index Property Descriptions",
    "An encountered mediaType that is unknown to the implementation MUST NOT generate"
    " an error.",
)
def test_what_is_no_image_is_no_choice(tmp_path: Path) -> None:
    """Attestations, artifacts, signatures, old manifests and what nobody knows."""
    files = layout(ONE)
    nowhere = Platform(os="unknown", architecture="unknown")
    empty = Descriptor.of(b"{}", OCI_EMPTY)
    files[blob_name(empty.digest)] = b"{}"
    signature = Descriptor.of(b"x", "application/vnd.dev.cosign.simplesigning.v1+json")
    config = ONE.config.descriptor()
    more = [
        stored(
            files,
            ImageManifest(config=empty, artifact_type="a/note"),
            OCI_MANIFEST,
            platform=nowhere,
        ),
        stored(
            files,
            ImageManifest(config=empty, layers=[empty], artifact_type="a/note"),
            OCI_MANIFEST,
            annotations={REFERENCE_TYPE: "attestation-manifest"},
        ),
        stored(
            files,
            ImageManifest(config=empty, layers=[signature], artifact_type="a/sbom"),
            OCI_MANIFEST,
        ),
        stored(files, ImageManifest(config=config, layers=[signature]), OCI_MANIFEST),
        stored(
            files, ImageManifest(config=signature, layers=[signature]), OCI_MANIFEST
        ),
        Descriptor.of(b"1", DOCKER_SCHEMA1),
        Descriptor.of(b"2", "application/x-nobody-knows"),
    ]
    entries = [ONE.manifest.descriptor(), *more]
    root = write(with_index(files, *entries), tmp_path / "all")
    others = write(with_index(files, *more), tmp_path / "others")

    assert ONE == open_layout(root)
    with pytest.raises(ImageError) as error:
        open_layout(others)
    assert (
        "there is no image, found 2 x attestation, 1 x artifact (a/sbom), 2 x artifact"
        " (application/vnd.dev.cosign.simplesigning.v1+json),"
        f" 1 x {DOCKER_SCHEMA1}, 1 x application/x-nobody-knows" == str(error.value)
    )


def test_a_config_may_say_that_it_runs_nowhere(tmp_path: Path) -> None:
    """An attestation whose descriptor does not say so is one too."""
    note = small_image("note", platform="unknown/unknown")

    assert ONE == open_layout(write(layout(note, ONE), tmp_path))


def test_an_artifact_alone_says_what_it_is(tmp_path: Path) -> None:
    """There was nothing to choose from, so the config says it."""
    helm = "application/vnd.cncf.helm.config.v1+json"
    files = layout()
    entry = stored(
        files, ImageManifest(config=Descriptor.of(b"{}", helm)), OCI_MANIFEST
    )

    with pytest.raises(ImageError, match=re.escape(f"found {helm}")):
        open_layout(write(with_index(files, entry), tmp_path))


def test_a_broken_image_is_a_choice_still(tmp_path: Path) -> None:
    """Nobody gets another image because one is broken, without asking for it."""
    files = layout(ONE, TWO, names=["a", "b"])
    files[blob_name(TWO.digest)] = b"{}"
    root = write(files, tmp_path)

    assert ONE == open_layout(root, ref="a")
    with pytest.raises(AmbiguousImageError):
        open_layout(root)
    with pytest.raises(SizeMismatchError):
        open_layout(root, ref="b")


def test_an_index_inside_of_an_index_is_entered_once(tmp_path: Path) -> None:
    """However often it is named: the work is what is there, not what it promises."""
    files = layout()
    inner = ONE.manifest.descriptor()
    files |= layout(ONE)
    for _ in range(6):
        inner = stored(files, ImageIndex(manifests=[inner] * 50), OCI_INDEX)
    root = write(with_index(files, inner, inner), tmp_path)

    assert ONE == open_layout(root)
    with pytest.raises(LimitExceededError, match="index depth"):
        open_layout(root, limits=Limits(index_depth=5))


def test_a_name_that_is_not_there_lists_the_names(tmp_path: Path) -> None:
    """A digest too, when nothing has it."""
    root = write(layout(ONE, TWO, names=["1", "2"]), tmp_path)

    with pytest.raises(ImageError, match=r"index\.json: .* expected 3, found 1, 2"):
        open_layout(root, ref="3")


@pytest.mark.spec("image-spec image-layout.md, Content, oci-layout", "It MUST exist")
def test_a_missing_header_is_a_finding(tmp_path: Path) -> None:
    """Nobody needs it to read the rest."""
    files = layout(ONE)
    del files["oci-layout"]
    image = open_layout(write(files, tmp_path))

    assert ["layout-header-missing"] == [found.code for found in image.findings]


def test_what_is_noticed_in_header_and_index_is_a_finding(tmp_path: Path) -> None:
    """With the name of the file that it is in."""
    files = layout(ONE)
    files["oci-layout"] = b'{"imageLayoutVersion":"9"}'
    files["index.json"] = b"\xef\xbb\xbf" + files["index.json"]
    image = open_layout(write(files, tmp_path))

    assert [
        ("unknown-layout-version", "oci-layout: imageLayoutVersion"),
        ("byte-order-mark", "index.json"),
    ] == [(found.code, found.where) for found in image.findings]


def test_a_document_of_another_media_type_is_a_finding(tmp_path: Path) -> None:
    """Its digest says that it is what was meant."""
    manifest = render(attrs.evolve(ONE.manifest.model, media_type=DOCKER_MANIFEST))
    files = layout(ONE)
    files[blob_name(manifest.digest)] = manifest.raw
    entry = Descriptor.of(manifest.raw, OCI_MANIFEST)
    image = open_layout(write(with_index(files, entry), tmp_path))

    assert "descriptor-media-type" in [found.code for found in image.findings]
    assert DOCKER_MANIFEST == image.manifest.media_type


@pytest.mark.hostile("embedded data that is something else")
def test_a_blob_that_only_its_descriptor_has_is_read_there(tmp_path: Path) -> None:
    """Embedded content is checked when the document is read."""
    config = Descriptor.of(ONE.config.raw, OCI_CONFIG)
    files = layout(ONE)
    del files[blob_name(config.digest)]
    manifest = attrs.evolve(
        ONE.manifest.model, config=attrs.evolve(config, data=ONE.config.raw)
    )
    entry = stored(files, manifest, OCI_MANIFEST)

    image = open_layout(write(with_index(files, entry), tmp_path))

    assert ONE.config == image.config
    assert isinstance(image.blobs, LayoutBlobs)


def flipped(raw: bytes) -> bytes:
    """*raw* with its last byte but one changed."""
    return raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:]


MANIFEST, CONFIG = blob_name(ONE.digest), blob_name(ONE.image_id)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"index.json": None}, ImageError, "index.json: no OCI image layout"),
        ({"index.json": b"oops"}, DocumentSyntaxError, "index.json: "),
        ({"index.json": ONE.manifest.raw}, MediaTypeMismatchError, "index.json: "),
        ({"index.json": b'{"schemaVersion":2,"manifests":[]}'}, ImageError, "no image"),
        ({"oci-layout": b"[]"}, DocumentError, "oci-layout: "),
        ({MANIFEST: None}, BlobNotFoundError, f"manifest: {ONE.digest}: "),
        ({MANIFEST: flipped(ONE.manifest.raw)}, DigestMismatchError, ONE.digest),
        ({MANIFEST: ONE.manifest.raw[:-1]}, SizeMismatchError, ONE.digest),
        ({CONFIG: None}, BlobNotFoundError, f"config: {ONE.image_id}: "),
        ({CONFIG: flipped(ONE.config.raw)}, DigestMismatchError, ONE.image_id),
    ],
    ids=[
        "no-index",
        "no-json",
        "a-manifest",
        "no-manifests",
        "bad-header",
        "no-manifest",
        "manifest-flipped",
        "manifest-cut",
        "no-config",
        "config-flipped",
    ],
)
def test_a_broken_layout_says_what_is_wrong(
    tmp_path: Path,
    changes: Mapping[str, bytes | None],
    error: type[OCILayersError],
    message: str,
) -> None:
    """It names the file or blob, what was expected and what was found."""
    files = {
        name: content
        for name, content in {**layout(ONE), **changes}.items()
        if content is not None
    }

    with pytest.raises(error) as raised:
        open_layout(write(files, tmp_path))
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("content", "error"),
    [(None, BlobNotFoundError), (b"x", OCILayersError)],
    ids=["missing", "other"],
)
def test_a_broken_layer_is_found_when_it_is_read(
    tmp_path: Path, content: bytes | None, error: type[OCILayersError]
) -> None:
    """And no file system is made of it."""
    files = layout(ONE)
    del files[blob_name(LAYER)]
    image = open_layout(
        write(
            files if content is None else files | {blob_name(LAYER): content}, tmp_path
        )
    )

    assert not image.verify().verified
    with pytest.raises(error, match=LAYER):
        image.filesystem()


@pytest.mark.hostile("a digest that is none")
@pytest.mark.parametrize(
    "digest",
    [
        "sha256:../../../../etc/passwd",
        "../../etc/passwd",
        f"sha256:{'a' * 64}\n",
        f"sha256:{'A' * 64}",
        "",
    ],
)
def test_a_digest_that_is_none_opens_no_file(tmp_path: Path, digest: str) -> None:
    """Paths of blobs are made of digests, so what is none is refused before."""
    files = layout(ONE, names=["one"])
    named = json.loads(files["index.json"])
    named["manifests"][0]["digest"] = digest
    files["index.json"] = json.dumps(named).encode()

    with pytest.raises(InvalidFieldError, match=r"manifests\[0\]\.digest"):
        open_layout(write(files, tmp_path))


@pytest.mark.hostile("a document without end")
def test_a_layout_may_be_one_of_json_that_is_too_long(tmp_path: Path) -> None:
    """It is not read to its end."""
    files = layout(ONE) | {"index.json": json.dumps(["x" * 100]).encode()}

    with pytest.raises(LimitExceededError, match=r"index\.json: more than 50"):
        open_layout(write(files, tmp_path), limits=Limits(document_bytes=50))


PROMISED = {
    "same": ("linux/amd64", []),
    "a-variant-more": ("linux/amd64/v2", []),
    "another-machine": ("linux/arm64", ["platform-mismatch"]),
    "another-system": ("windows/amd64", ["platform-mismatch"]),
    "unknown": ("unknown/amd64", []),
}


@pytest.mark.parametrize(("text", "codes"), PROMISED.values(), ids=PROMISED)
def test_the_platform_of_the_index_is_held_against_the_config(
    text: str, codes: list[str], tmp_path: Path
) -> None:
    """Engines choose by the index, and run what the config says."""
    files = dict(layout(ONE))
    described = ONE.manifest.descriptor()
    described = attrs.evolve(described, platform=Platform.parse(text))
    image = open_layout(write(with_index(files, described), tmp_path))

    assert codes == [finding.code for finding in image.verify().findings]
