"""What `docker save` and its imitators write."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import attrs
import pytest
from archives import Files, blob_name, saved, small_image, tar_of_files

from ocilayers.archive.archive import open_archive
from ocilayers.archive.docker_archive import SavedBlobs
from ocilayers.errors import (
    AmbiguousImageError,
    BlobNotFoundError,
    CodecError,
    DigestMismatchError,
    DocumentError,
    ImageError,
    InvalidFieldError,
    LimitExceededError,
    OCILayersError,
    PathEscapeError,
)
from ocilayers.image.image import Image
from ocilayers.limits import Limits
from ocilayers.spec.config import ImageConfig, RootFS
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_LAYER,
    DOCKER_LAYER_GZIP,
    DOCKER_LAYER_ZSTD,
    DOCKER_MANIFEST,
)
from ocilayers.wire.document import Document
from ocilayers.wire.parse import parse_config
from ocilayers.wire.render import render

ONE = small_image("one", compression="none")
TWO = small_image("two", compression="none")
ARM = small_image("arm", platform="linux/arm64", compression="none")
CONFIG, LAYER, _ = saved(ONE)
PLAIN = saved(ONE)[LAYER]
GZIPPED = gzip.compress(PLAIN)


def opened(
    files: Files,
    links: Sequence[tuple[str, str, bytes]] = (),
    *,
    ref: str | None = None,
    platform: str | None = None,
    limits: Limits | None = None,
) -> Image:
    """The image of an archive of *files*."""
    file = io.BytesIO(tar_of_files(files, links))
    return open_archive(file, ref=ref, platform=platform, limits=limits)


def listing(*images: Mapping[str, object]) -> bytes:
    """A `manifest.json`."""
    return json.dumps(images).encode()


def text(image: Image) -> str:
    """What `/motd` says, when everything is verified."""
    assert image.verify().verified
    return image.filesystem()["/motd"].read_text()


def test_an_old_archive_is_opened_and_read() -> None:
    """The manifest that it lacks is made of what it stores."""
    image = opened(saved(ONE))
    manifest = image.manifest.model

    assert "one" == text(image)
    assert (DOCKER_MANIFEST, DOCKER_CONFIG) == (
        image.manifest.media_type,
        manifest.config.media_type,
    )
    assert (ONE.image_id, ONE.config.raw) == (image.image_id, image.config.raw)
    (layer,) = manifest.layers
    assert Descriptor.of(PLAIN, DOCKER_LAYER) == layer
    assert ONE.config.raw == image.read_blob(manifest.config)


@pytest.mark.parametrize(
    ("config", "layer", "stored", "media_type"),
    [
        (CONFIG, LAYER, PLAIN, DOCKER_LAYER),
        (CONFIG, LAYER, GZIPPED, DOCKER_LAYER_GZIP),
        (
            ONE.image_id,
            f"{Digest.of(GZIPPED).hex}.tar.gz",
            GZIPPED,
            DOCKER_LAYER_GZIP,
        ),
        (
            blob_name(ONE.image_id),
            blob_name(Digest.of(PLAIN)),
            PLAIN,
            DOCKER_LAYER,
        ),
        (
            blob_name(ONE.image_id),
            blob_name(Digest.of(GZIPPED)),
            GZIPPED,
            DOCKER_LAYER_GZIP,
        ),
        ("config", "./layers//first", GZIPPED, DOCKER_LAYER_GZIP),
        (
            CONFIG,
            LAYER,
            bytes(
                small_image("one", compression="zstd").blobs[  # type: ignore[index]  # it is a mapping
                    small_image("one", compression="zstd").layers[0].descriptor.digest
                ]
            ),
            DOCKER_LAYER_ZSTD,
        ),
    ],
    ids=["old", "old-gzip", "kaniko", "docker-25", "blobs-gzip", "any", "zstd"],
)
def test_layers_are_found_under_every_name_that_tools_give_them(
    config: str, layer: str, stored: bytes, media_type: str
) -> None:
    """The first bytes say how they are compressed; the digest is of what is stored."""
    image = opened(
        {
            config: ONE.config.raw,
            layer: stored,
            "manifest.json": listing({"Config": config, "Layers": [layer]}),
        }
    )

    assert [Descriptor.of(stored, media_type)] == list(image.manifest.model.layers)
    assert "one" == text(image)


@pytest.mark.parametrize(
    ("target", "kind"),
    [("../x.tar", tarfile.SYMTYPE), ("x.tar", tarfile.LNKTYPE)],
    ids=["symlink", "hard-link"],
)
def test_a_layer_may_be_a_link_to_another(target: str, kind: bytes) -> None:
    """`docker save` stores what is the same once."""
    files = saved(ONE)
    files["x.tar"] = files.pop(LAYER)
    image = opened(files, [(LAYER, target, kind)])

    assert len(PLAIN) == image.layers[0].descriptor.size
    assert "one" == text(image)


@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_an_image_is_chosen(compress: Callable[[bytes], bytes]) -> None:
    """By tag, image ID or platform."""
    raw = compress(tar_of_files(saved(ONE, TWO, ARM, tags=["a:1", "b:1", "b:2"])))

    def chosen(ref: str | None = None, platform: str | None = None) -> Digest:
        return open_archive(io.BytesIO(raw), ref=ref, platform=platform).image_id

    assert TWO.image_id == chosen("b:1")
    assert TWO.image_id == chosen(TWO.image_id)
    assert ARM.image_id == chosen(platform="linux/arm64")
    with pytest.raises(AmbiguousImageError) as error:
        chosen()
    assert ("a:1", "b:1", "b:2") == error.value.choices
    with pytest.raises(ImageError, match="expected c, found a:1, b:1, b:2"):
        chosen("c")
    with pytest.raises(ImageError, match="for this platform"):
        chosen(platform="linux/s390x")


def test_an_image_id_need_not_be_a_name() -> None:
    """Then the config itself says it."""
    files = saved(ONE, TWO)
    files["config"] = files.pop(CONFIG)
    files["manifest.json"] = files["manifest.json"].replace(CONFIG.encode(), b"config")

    assert ONE.image_id == opened(files, ref=ONE.image_id).image_id


def test_the_same_image_under_two_names_is_one() -> None:
    """The digest says that it is the same."""
    entry = {"Config": CONFIG, "Layers": [LAYER]}
    files = saved(ONE) | {
        "manifest.json": listing(
            {**entry, "RepoTags": ["a"]}, {**entry, "RepoTags": ["b"]}
        )
    }

    assert ONE.image_id == opened(files).image_id


def test_a_config_under_a_wrong_name_of_habit_does_not_verify() -> None:
    """Engines load it all the same, and so the file system can be seen."""
    files = saved(ONE)
    wrong = f"{'0' * 64}.json"
    files[wrong] = files.pop(CONFIG)
    files["manifest.json"] = files["manifest.json"].replace(
        CONFIG.encode(), wrong.encode()
    )
    image = opened(files)

    assert "one" == image.filesystem()["/motd"].read_text()
    assert not image.verify().verified
    assert ["config-mismatch"] == [found.code for found in image.findings]


@pytest.mark.parametrize("name", [f"sha256:{'0' * 64}", f"blobs/sha256/{'0' * 64}"])
def test_a_config_is_what_its_address_says(name: str) -> None:
    """A name of this form is a promise."""
    files = saved(ONE)
    files[name] = files.pop(CONFIG)
    files["manifest.json"] = listing({"Config": name, "Layers": [LAYER]})

    with pytest.raises(DigestMismatchError, match=r"manifest\.json: \[0\]\.Config"):
        opened(files)


def test_a_changed_layer_is_found_when_it_is_read() -> None:
    """The diff_id of the config is what promises it."""
    files = saved(ONE) | {LAYER: PLAIN.replace(b"one", b"eno")}
    image = opened(files)

    assert not image.verify().verified
    with pytest.raises(DigestMismatchError):
        image.filesystem()


ENTRY = {"Config": CONFIG, "Layers": [LAYER]}


@pytest.mark.spec(
    "docker-image-spec spec.md; moby tarexport/load.go",
    "len(Layers) must equal len(diff_ids)",
)
@pytest.mark.parametrize(
    ("manifest", "error", "message"),
    [
        ([], ImageError, "there is no image, found nothing"),
        ([{**ENTRY, "Layers": []}], ImageError, "expected 1, found 0"),
        ([{**ENTRY, "Layers": [LAYER] * 2}], ImageError, "expected 1, found 2"),
        ([{**ENTRY, "Layers": ["x"]}], BlobNotFoundError, r"Layers\[0\]: x: "),
        ([{**ENTRY, "Config": "x"}], BlobNotFoundError, r"\[0\]\.Config: x: "),
        ([{**ENTRY, "Config": LAYER}], DocumentError, r"\[0\]\.Config"),
        ([{**ENTRY, "Config": f"../{CONFIG}"}], PathEscapeError, "Config"),
        ([{**ENTRY, "Config": f"/{CONFIG}"}], PathEscapeError, "absolute"),
        ([{**ENTRY, "Layers": [f"/{LAYER}"]}], PathEscapeError, r"Layers\[0\]"),
        (None, InvalidFieldError, "expected a list"),
    ],
    ids=[
        "empty",
        "no-layers",
        "more-layers",
        "no-layer",
        "no-config",
        "no-document",
        "config-escapes",
        "config-absolute",
        "layer-absolute",
        "null",
    ],
)
def test_a_broken_archive_says_what_is_wrong(
    manifest: object, error: type[OCILayersError], message: str
) -> None:
    """And where."""
    files = saved(ONE) | {"manifest.json": json.dumps(manifest).encode()}

    with pytest.raises(error, match=message):
        opened(files)


def test_a_layer_of_a_foreign_compression_is_refused() -> None:
    """Before anything is made of it."""
    with pytest.raises(CodecError, match=r"Layers\[0\].*bzip2"):
        opened(saved(ONE) | {LAYER: b"BZh91AY&SY....."})


def test_an_image_has_no_more_layers_than_it_may() -> None:
    """They are counted before one is looked at."""
    with pytest.raises(LimitExceededError, match="layers"):
        opened(saved(ONE), limits=attrs.evolve(Limits(), layers=0))


def test_a_blob_of_another_image_is_not_given() -> None:
    """Only what belongs to this one has a name."""
    blobs = opened(saved(ONE)).blobs

    assert isinstance(blobs, SavedBlobs)
    with pytest.raises(BlobNotFoundError, match="sha256:"):
        blobs(Descriptor.of(b"x", DOCKER_LAYER))


def test_what_was_noticed_in_the_list_of_images_is_not_lost() -> None:
    """The image has it among its findings, beside what its config says."""
    layers = json.dumps([LAYER])
    raw = f'[{{"config": "{CONFIG}", "RepoTags": ["a"], "Layers": {layers}}}]'
    image = opened(saved(ONE) | {"manifest.json": raw.encode()})

    assert {
        "name-case": "manifest.json: [0].config",
        "untagged-image": "manifest.json: [0].RepoTags[0]",
    } == {found.code: found.where for found in image.findings}
    assert image.findings == image.verify().findings


@pytest.mark.hostile("a document without end")
def test_a_config_that_is_named_often_is_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Few bytes name one of megabytes again and again, also through links."""
    read: list[bytes] = []

    def counted(raw: bytes, *, limits: Limits) -> Document[ImageConfig]:
        read.append(raw)
        return parse_config(raw, limits=limits)

    monkeypatch.setattr("ocilayers.archive.docker_archive.parse_config", counted)
    named = [{"Config": name, "Layers": [LAYER]} for name in [CONFIG, "link"] * 5]
    files = saved(ONE) | {"manifest.json": listing(*named)}

    assert "one" == text(opened(files, [("link", CONFIG, tarfile.SYMTYPE)]))
    assert [ONE.config.raw] == read


def test_a_layer_that_is_named_often_is_hashed_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each of a thousand layers may be the same file."""
    made: list[object] = []

    def counted() -> object:
        made.append(sha256())
        return made[-1]

    monkeypatch.setattr("ocilayers.archive.docker_archive.sha256", counted)
    layer = Digest.of(PLAIN)
    config = render(
        ImageConfig(os="linux", architecture="x", rootfs=RootFS(diff_ids=[layer] * 3))
    )
    named = {"Config": "c", "Layers": [LAYER, "link", LAYER]}
    files = {"c": config.raw, LAYER: GZIPPED, "manifest.json": listing(named)}

    image = opened(files, [("link", LAYER, tarfile.SYMTYPE)])

    assert [Digest.of(GZIPPED)] * 3 == [one.descriptor.digest for one in image.layers]
    assert "one" == text(image)
    assert 1 == len(made)
