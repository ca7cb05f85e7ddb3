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
        payloads = {_payload(raw, signature["protected"]) for signature in signatures}
        (found,) = payloads
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidFieldError(
            "no signatures, or some that do not agree on what they sign",
            where="signatures",
        ) from error
    return found


def _payload(raw: bytes, protected: str) -> bytes:
    # "The payload is the first formatLength bytes of the document and formatTail."
    header: dict[str, Any] = json.loads(_decoded(protected))
    length = header["formatLength"]
    if not isinstance(length, int) or not 0 <= length <= len(raw):
        raise ValueError
    return raw[:length] + _decoded(header["formatTail"])


def _decoded(text: str) -> bytes:
    padding = "=" * (-len(text) % 4)
    return base64.b64decode(text + padding, altchars="-_", validate=True)
