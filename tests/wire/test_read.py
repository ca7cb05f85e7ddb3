"""Bytes to a model, quickly or with care."""

from __future__ import annotations

import pytest
from documents import compact, config, manifest

from ocilayers.errors import DuplicateKeyError, InvalidFieldError
from ocilayers.limits import Limits
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.media_types import OCI_LAYOUT, OCI_MANIFEST
from ocilayers.wire._read import read_again, read_bytes
from ocilayers.wire._report import Report


def strict() -> Report:
    """A report that refuses."""
    return Report(strict=True, limits=Limits())


def test_a_plain_document_needs_no_care() -> None:
    """Nothing is noticed."""
    kind, _, findings = read_bytes(compact(manifest()), None, None, strict())

    assert kind == OCI_MANIFEST
    assert findings == ()


@pytest.mark.hostile("a key twice, or in other letters")
@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(
            compact(manifest(x={})).replace(b'"x":{}', b'"x":{"a":1,"a":1}'), id="deep"
        ),
        pytest.param(
            compact(config()).replace(b'"os"', b'"os":"linux","os"'), id="outermost"
        ),
        pytest.param(
            compact(config()).replace(b'"os"', rb'"x":"\"","x":"","os"'), id="escapes"
        ),
        pytest.param(
            compact(config(config={"Labels": {}})).replace(
                b'"Labels":{}', b'"Labels":{"a":"","b":"","a":""}'
            ),
            id="labels",
        ),
    ],
)
def test_no_name_that_comes_twice_is_missed(raw: bytes) -> None:
    """The quick reader counts strings, and leaves what does not add up."""
    with pytest.raises(DuplicateKeyError):
        read_bytes(raw, None, None, strict())


def test_what_was_written_is_read_again() -> None:
    """As what it should be."""
    assert read_again(
        b'{"imageLayoutVersion":"1.0.0"}', LayoutHeader(), OCI_LAYOUT
    ) == (
        OCI_LAYOUT,
        LayoutHeader(),
        (),
    )
    assert read_again(b"[]", (), OCI_LAYOUT)[1] == ()
    assert read_again(b"{}", {}, OCI_LAYOUT)[1] == {}
    with pytest.raises(InvalidFieldError):
        read_again(b"{}", LayoutHeader(), OCI_LAYOUT)
