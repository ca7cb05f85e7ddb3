"""Media types: the matrix of both standards."""

from __future__ import annotations

import pytest
from documents import pickled

from ocilayers.errors import InvalidFieldError
from ocilayers.spec import media_types
from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_FOREIGN_LAYER_GZIP,
    DOCKER_INDEX,
    DOCKER_LAYER,
    DOCKER_LAYER_GZIP,
    DOCKER_LAYER_ZSTD,
    DOCKER_MANIFEST,
    DOCKER_PLUGIN_CONFIG,
    OCI_CONFIG,
    OCI_FOREIGN_LAYER_GZIP,
    OCI_FOREIGN_LAYER_ZSTD,
    OCI_INDEX,
    OCI_LAYER,
    OCI_LAYER_GZIP,
    OCI_LAYER_ZSTD,
    OCI_MANIFEST,
    MediaType,
)

PAIRS = [
    (DOCKER_CONFIG, OCI_CONFIG),
    (DOCKER_FOREIGN_LAYER_GZIP, OCI_FOREIGN_LAYER_GZIP),
    (DOCKER_INDEX, OCI_INDEX),
    (DOCKER_LAYER, OCI_LAYER),
    (DOCKER_LAYER_GZIP, OCI_LAYER_GZIP),
    (DOCKER_LAYER_ZSTD, OCI_LAYER_ZSTD),
    (DOCKER_MANIFEST, OCI_MANIFEST),
]


@pytest.mark.parametrize(("docker", "oci"), PAIRS)
def test_names_of_both_standards_are_converted_into_each_other(
    docker: MediaType, oci: MediaType
) -> None:
    """There and back, and to itself."""
    assert docker.converted("oci") == oci
    assert oci.converted("docker") == docker
    assert oci.converted("oci") == oci
    assert docker.role == oci.role
    assert docker.compression == oci.compression
    assert (docker.dialect, oci.dialect) == ("docker", "oci")


@pytest.mark.spec(
    "image-spec media-types.md, Compatibility Matrix",
    "application/vnd.oci.image.layer.v1.tar+gzip: interchangeable and fully compatible "
    "with application/vnd.docker.image.rootfs.diff.tar.gzip",
)
def test_the_suffix_of_the_other_dialect_is_understood() -> None:
    """Some tools write it."""
    odd = MediaType("application/vnd.docker.image.rootfs.diff.tar+zstd")

    assert odd.compression == "zstd"
    assert odd.converted("oci") == OCI_LAYER_ZSTD


@pytest.mark.spec(
    "image-spec manifest.md, layers",
    "Implementations MUST support at least the following media types",
)
@pytest.mark.parametrize(
    ("name", "compression"),
    [
        pytest.param(OCI_LAYER, "none", id="plain"),
        pytest.param(OCI_LAYER_GZIP, "gzip", id="gzip"),
        pytest.param(OCI_LAYER_ZSTD, "zstd", id="zstd"),
        pytest.param(OCI_CONFIG, None, id="no layer"),
        pytest.param("application/vnd.erofs.layer.v1", None, id="no tar"),
    ],
)
def test_a_name_promises_a_compression(name: str, compression: str | None) -> None:
    """Only names of tar archives do."""
    assert MediaType(name).compression == compression


@pytest.mark.spec(
    "image-spec layer.md, Non-Distributable Layers",
    "the presence of the urls field SHOULD NOT be used to determine whether "
    "or not a layer is non-distributable",
)
def test_foreign_layers_are_known_by_their_name() -> None:
    """Whatever addresses a descriptor has."""
    assert OCI_FOREIGN_LAYER_ZSTD.is_foreign
    assert OCI_FOREIGN_LAYER_ZSTD.converted("docker") == OCI_FOREIGN_LAYER_ZSTD
    assert not OCI_LAYER.is_foreign


def test_an_encrypted_layer_is_a_layer() -> None:
    """It has to be decrypted elsewhere."""
    encrypted = MediaType(f"{OCI_LAYER_GZIP}+encrypted")

    assert encrypted.is_layer
    assert encrypted.is_encrypted
    assert encrypted.compression == "gzip"
    assert not OCI_LAYER_GZIP.is_encrypted
    assert MediaType("x/y+encrypted").role is None


@pytest.mark.spec(
    "image-spec manifest.md, config",
    "Implementations MUST NOT error on encountering an unknown value.",
)
@pytest.mark.parametrize("name", ["", "x/y", "no type at all", DOCKER_PLUGIN_CONFIG])
def test_a_name_that_nobody_knows_is_no_error(name: str) -> None:
    """It just says nothing."""
    unknown = MediaType(name)

    assert unknown.role is None
    assert unknown.compression is None
    assert not any((unknown.is_layer, unknown.is_manifest, unknown.is_index))
    assert not unknown.is_config
    assert unknown.converted("oci") == name


def test_there_are_two_dialects() -> None:
    """A name in a third one is a mistake of the caller."""
    with pytest.raises(InvalidFieldError, match=r"expected oci \| docker, found 'OCI'"):
        OCI_LAYER.converted("OCI")  # type: ignore[arg-type]  # the mistake


@pytest.mark.spec(
    "image-spec descriptor.md, Properties",
    "Values MUST comply with RFC 6838, including the naming requirements in "
    "its section 4.2.",
)
@pytest.mark.parametrize(
    ("name", "is_valid"),
    [
        pytest.param("application/json", True, id="plain"),
        pytest.param(f"{'a' * 127}/{'b' * 127}", True, id="as long as possible"),
        pytest.param(f"{'a' * 128}/b", False, id="type too long"),
        pytest.param(f"a/{'b' * 128}", False, id="subtype too long"),
        pytest.param("application", False, id="no slash"),
        pytest.param("+a/b", False, id="begins with a plus"),
        pytest.param("a/b; charset=utf-8", False, id="parameters"),
        pytest.param("a/b\n", False, id="a line feed at the end"),
    ],
)
def test_a_valid_name_has_the_form_of_rfc_6838(name: str, *, is_valid: bool) -> None:
    """Type and subtype, and no parameters."""
    assert MediaType(name).is_valid is is_valid


def test_every_constant_is_valid_and_a_text() -> None:
    """It pickles, and shows that it is one."""
    names = [getattr(media_types, name) for name in media_types.__all__]
    constants = [name for name in names if isinstance(name, MediaType)]

    assert len(constants) > 20
    assert all(name.is_valid for name in constants)
    assert pickled(OCI_LAYER) == OCI_LAYER
    assert repr(MediaType("a/b")) == "MediaType('a/b')"
    assert OCI_MANIFEST.is_manifest
    assert DOCKER_INDEX.is_index
    assert OCI_CONFIG.is_config
