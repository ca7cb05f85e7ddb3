"""What a signed Schema 1 manifest is called by."""

from __future__ import annotations

import base64
import json
import tracemalloc

import pytest

from ocilayers.errors import InvalidFieldError
from ocilayers.limits import MIB
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import DOCKER_SCHEMA1, DOCKER_SCHEMA1_SIGNED
from ocilayers.wire._signature import payload
from ocilayers.wire.parse import parse

BODY = b'{\n   "schemaVersion": 1,\n   "fsLayers": [],\n   "history": []'


def protected(**header: object) -> str:
    """The header of a signature."""
    text = json.dumps(header).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def signed(*headers: str) -> bytes:
    """A manifest with a signature for each header."""
    signatures = [{"protected": header, "signature": "x"} for header in headers]
    return BODY + b',\n   "signatures": ' + json.dumps(signatures).encode() + b"\n}"


RIGHT = protected(formatLength=len(BODY), formatTail="Cn0", time="now")


@pytest.mark.spec(
    "distribution manifest-v2-1.md, Signed Manifests",
    "The payload is the base64url encoded format of the manifest without signatures.",
)
def test_a_signed_manifest_is_called_by_its_payload() -> None:
    """The signature is cut out, and the end put back."""
    doc = parse(signed(RIGHT, RIGHT))

    assert doc.media_type == DOCKER_SCHEMA1_SIGNED
    assert doc.digest == Digest.of(BODY + b"\n}")
    assert payload(doc.raw, DOCKER_SCHEMA1) == doc.raw
    assert doc.raw == signed(RIGHT, RIGHT)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param((), id="none"),
        pytest.param(("!",), id="no base64"),
        pytest.param((base64.b64encode(b"{").decode(),), id="no JSON"),
        pytest.param((base64.b64encode(b"1").decode(),), id="no object"),
        pytest.param((base64.b64encode(b"[" * 99_999).decode(),), id="deep"),
        pytest.param((protected(formatTail="Cn0"),), id="no length"),
        pytest.param((protected(formatLength=-1, formatTail="Cn0"),), id="negative"),
        pytest.param((protected(formatLength="1", formatTail="Cn0"),), id="a text"),
        pytest.param((protected(formatLength=1 << 40, formatTail="Cn0"),), id="huge"),
        pytest.param((protected(formatLength=1, formatTail=1),), id="no tail"),
        pytest.param(
            (RIGHT, protected(formatLength=1, formatTail="Cn0")), id="two payloads"
        ),
    ],
)
def test_signatures_have_to_agree_on_what_they_sign(headers: tuple[str, ...]) -> None:
    """Else nobody knows what the manifest is called."""
    with pytest.raises(InvalidFieldError, match="signatures"):
        parse(signed(*headers))


def test_many_signatures_take_no_more_memory_than_one() -> None:
    """Each of them names megabytes in a few bytes."""
    room = " " * 10**6
    headers = [
        protected(formatLength=n, formatTail="Cn0") for n in range(10**6, 10**6 + 99)
    ]
    raw = signed(*headers).replace(b"{", b"{" + room.encode(), 1)
    tracemalloc.start()
    with pytest.raises(InvalidFieldError, match="do not agree"):
        payload(raw, DOCKER_SCHEMA1_SIGNED)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 10 * MIB


def test_what_was_promised_to_be_signed_has_a_signature() -> None:
    """Or it has no digest that a registry could call it by."""
    with pytest.raises(InvalidFieldError, match="no signatures"):
        parse(BODY + b"}", DOCKER_SCHEMA1_SIGNED)
