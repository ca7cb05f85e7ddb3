"""Small documents to begin with, and what turns them into bytes."""

from __future__ import annotations

import json
import pickle
from typing import Any, TypeVar

from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_INDEX,
    DOCKER_LAYER_GZIP,
    DOCKER_MANIFEST,
    OCI_CONFIG,
    OCI_INDEX,
    OCI_LAYER_GZIP,
    OCI_MANIFEST,
)

__all__ = [
    "DIGEST",
    "OTHER",
    "compact",
    "config",
    "descriptor",
    "docker_manifest",
    "index",
    "manifest",
    "pickled",
]
T = TypeVar("T")

DIGEST = f"sha256:{'a' * 64}"
OTHER = f"sha256:{'b' * 64}"


def compact(value: object) -> bytes:
    """JSON as Go writes it, as long as nothing needs an escape."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def descriptor(**members: object) -> dict[str, Any]:
    """A descriptor with other members, or more of them."""
    return {"mediaType": OCI_LAYER_GZIP, "digest": DIGEST, "size": 3, **members}


def manifest(**members: object) -> dict[str, Any]:
    """An OCI manifest with other members, or more of them."""
    return {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": descriptor(mediaType=OCI_CONFIG),
        "layers": [descriptor()],
        **members,
    }


def docker_manifest(**members: object) -> dict[str, Any]:
    """A Docker manifest with other members, or more of them."""
    return {
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": descriptor(mediaType=DOCKER_CONFIG),
        "layers": [descriptor(mediaType=DOCKER_LAYER_GZIP)],
        **members,
    }


def index(*entries: object, docker: bool = False, **members: object) -> dict[str, Any]:
    """An index of some entries."""
    return {
        "schemaVersion": 2,
        "mediaType": DOCKER_INDEX if docker else OCI_INDEX,
        "manifests": list(entries),
        **members,
    }


def config(**members: object) -> dict[str, Any]:
    """A config with other members, or more of them."""
    return {
        "architecture": "amd64",
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": [DIGEST]},
        **members,
    }


def pickled(value: T) -> T:
    """What comes back from a pickle."""
    copy: T = pickle.loads(pickle.dumps(value))  # noqa: S301 - made just here
    return copy
