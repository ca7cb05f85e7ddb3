"""Which kind of document it is."""

from __future__ import annotations

from typing import Any

import pytest
from documents import config, docker_manifest, index, manifest

from ocilayers.errors import MediaTypeMismatchError
from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_LAYER,
    DOCKER_MANIFEST,
    DOCKER_SCHEMA1,
    DOCKER_SCHEMA1_SIGNED,
    OCI_CONFIG,
    OCI_DESCRIPTOR,
    OCI_INDEX,
    OCI_LAYOUT,
    OCI_MANIFEST,
    MediaType,
    Role,
)
from ocilayers.wire._kind import media_type_of, promised


@pytest.mark.parametrize(
    ("members", "role", "expected"),
    [
        pytest.param(manifest(), None, OCI_MANIFEST, id="its own word"),
        pytest.param({"schemaVersion": 1}, None, DOCKER_SCHEMA1, id="Schema 1"),
        pytest.param(
            {"schemaVersion": 1, "signatures": []},
            None,
            DOCKER_SCHEMA1_SIGNED,
            id="Schema 1, signed",
        ),
        pytest.param(
            {"schemaVersion": 1, "signatures": None},
            None,
            DOCKER_SCHEMA1,
            id="Schema 1, its signatures null",
        ),
        pytest.param({"imageLayoutVersion": 1}, None, OCI_LAYOUT, id="layout"),
        pytest.param({"rootfs": 1}, None, OCI_CONFIG, id="config"),
        pytest.param({"rootfs": 1, "container": 1}, None, DOCKER_CONFIG, id="Docker's"),
        pytest.param({"manifests": 1}, None, OCI_INDEX, id="index"),
        pytest.param(
            {"config": None, "manifests": 1}, None, OCI_INDEX, id="index without config"
        ),
        pytest.param({"config": 1, "manifests": 1}, None, OCI_MANIFEST, id="both"),
        pytest.param({}, None, OCI_MANIFEST, id="nothing"),
        pytest.param({"config": 1}, "manifest", OCI_MANIFEST, id="a manifest"),
        pytest.param({}, "index", OCI_INDEX, id="an index"),
        pytest.param({}, "layout", OCI_LAYOUT, id="a layout"),
        pytest.param({}, "descriptor", OCI_DESCRIPTOR, id="a descriptor"),
        pytest.param({"mediaType": 1}, "config", OCI_CONFIG, id="a config"),
        pytest.param(
            {"mediaType": 1, "config": {"mediaType": DOCKER_CONFIG}},
            "manifest",
            DOCKER_MANIFEST,
            id="a manifest of Docker's",
        ),
    ],
)
def test_the_kind_is_told_by_what_there_is(
    members: dict[str, Any], role: Role | None, expected: str
) -> None:
    """By its own word, by what was asked for, by its members."""
    assert media_type_of(members, None, role)[0] == expected


@pytest.mark.parametrize(
    ("members", "given", "role"),
    [
        pytest.param(index(), None, "manifest", id="another role"),
        pytest.param(manifest(), OCI_INDEX, None, id="another promise"),
        pytest.param(config(), OCI_CONFIG, "index", id="a promise of another role"),
        pytest.param(docker_manifest(mediaType="x/y"), None, None, id="no document"),
        pytest.param({"MEDIATYPE": OCI_INDEX}, OCI_MANIFEST, None, id="other letters"),
        pytest.param(
            {"MediaType": OCI_MANIFEST, "MEDIATYPE": OCI_INDEX},
            OCI_MANIFEST,
            None,
            id="other letters, the last of two",
        ),
    ],
)
def test_a_kind_that_does_not_agree_is_refused(
    members: dict[str, Any], given: MediaType | None, role: Role | None
) -> None:
    """With what was expected."""
    with pytest.raises(MediaTypeMismatchError):
        media_type_of(members, given, role)


def test_a_promise_that_says_nothing_is_none() -> None:
    """One of no document is refused."""
    assert promised(None) is None
    assert promised("") is None
    assert promised("application/octet-stream") is None
    assert promised(f"{OCI_INDEX} ; a=b") == OCI_INDEX
    with pytest.raises(MediaTypeMismatchError, match="no document"):
        promised(DOCKER_LAYER)
