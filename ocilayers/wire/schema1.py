"""Schema 1, to be read and no more: its layers and its history, base first.

Source: distribution, manifest-v2-1.md; containers/image, `manifest/docker_schema1.go`.
"""

from __future__ import annotations

from typing import Any, cast

from ocilayers.errors import InvalidFieldError
from ocilayers.limits import Limits
from ocilayers.spec.config import History
from ocilayers.spec.digest import Digest
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.wire._json import Members, read

__all__ = ["history", "layers"]


def history(
    manifest: Schema1Manifest, *, limits: Limits | None = None
) -> tuple[History, ...]:
    """The steps that made the image, base first, as a config would have them.

    Args:
        manifest: It says them top first, each as JSON inside a text.
        limits: `json_depth` is the deepest nesting of these.

    Raises:
        DocumentError: One of them is no JSON object.
    """
    steps = enumerate(manifest.history)
    found = [
        _step(step.v1_compatibility, f"history[{place}].v1Compatibility", limits)
        for place, step in steps
    ]
    return tuple(reversed(found))


def layers(
    manifest: Schema1Manifest, *, limits: Limits | None = None
) -> tuple[Digest, ...]:
    """Digests of the layers as stored, base first, without those of empty steps.

    Raises:
        DocumentError: A step of the history is no JSON object.
    """
    steps = history(manifest, limits=limits)
    blobs = [layer.blob_sum for layer in reversed(manifest.fs_layers)]
    return tuple(
        blob for blob, step in zip(blobs, steps, strict=True) if not step.empty_layer
    )


def _step(text: str, where: str, limits: Limits | None) -> History:
    members: object = read(text.encode(), limits or Limits())
    if not isinstance(members, Members):
        raise InvalidFieldError("the wrong value", where=where, expected="an object")
    container: object = members.get("container_config")
    command: object = container.get("Cmd") if isinstance(container, Members) else None
    words = cast("list[object]", command) if isinstance(command, list) else []
    return History(
        created=_text(members, "created"),
        created_by=" ".join(word for word in words if isinstance(word, str)),
        author=_text(members, "author"),
        comment=_text(members, "comment"),
        empty_layer=members.get("throwaway") is True,
    )


def _text(members: dict[str, Any], name: str) -> str:
    value: object = members.get(name)
    return value if isinstance(value, str) else ""
