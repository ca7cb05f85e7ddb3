"""What a signed Schema 1 manifest is called by: its payload, without the signature.

Source: distribution, manifest-v2-1.md, "Signed Manifests"; libtrust,
`ParsePrettySignature`.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from ocilayers.errors import InvalidFieldError
from ocilayers.spec.media_types import DOCKER_SCHEMA1_SIGNED, MediaType

__all__ = ["payload"]


def payload(raw: bytes, media_type: MediaType) -> bytes:
    """The bytes that a document's digest is of.

    Raises:
        InvalidFieldError: A signature does not say where the payload ends.
    """
    if media_type != DOCKER_SCHEMA1_SIGNED:
        return raw
    signatures: Any = json.loads(raw).get("signatures")
    try:
        # All have to say the same, as libtrust has it. There may be many of them, and
        # the payload is long: it is put together once.
        ((length, tail),) = {
            _format(signature["protected"]) for signature in signatures
        }
        found = _payload(raw, length, tail)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise InvalidFieldError(
            "no signatures, or some that do not agree on what they sign",
            where="signatures",
        ) from error
    return found


def _format(protected: str) -> tuple[object, object]:
    header: dict[str, Any] = json.loads(_decoded(protected))
    return header["formatLength"], header["formatTail"]


def _payload(raw: bytes, length: Any, tail: Any) -> bytes:  # noqa: ANN401 - JSON
    # "The payload is the first formatLength bytes of the document and formatTail."
    if not isinstance(length, int) or not 0 <= length <= len(raw):
        raise ValueError
    return raw[:length] + _decoded(tail)


def _decoded(text: str) -> bytes:
    padding = "=" * (-len(text) % 4)
    return base64.b64decode(text + padding, altchars="-_", validate=True)
