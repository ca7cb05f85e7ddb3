"""Chain IDs."""

from __future__ import annotations

import hashlib

import pytest
from documents import DIGEST, OTHER

from ocilayers.errors import InvalidFieldError
from ocilayers.spec.chain_id import chain_id, chain_ids
from ocilayers.spec.digest import Digest


@pytest.mark.spec(
    "image-spec config.md, Layer ChainID",
    "ChainID(L₀|...|Lₙ₋₁|Lₙ) = Digest(ChainID(L₀|...|Lₙ₋₁) + ' ' + DiffID(Lₙ))",
)
def test_a_chain_id_is_made_of_the_one_below_and_the_layer() -> None:
    """The first is the layer's own."""
    joined = hashlib.sha256(f"{DIGEST} {OTHER}".encode()).hexdigest()
    layers = [Digest(DIGEST), Digest(OTHER)]

    assert chain_ids(layers) == (DIGEST, f"sha256:{joined}")
    assert chain_id(layers) == f"sha256:{joined}"
    assert chain_id(layers[:1]) == DIGEST


def test_one_digest_is_no_list_of_digests() -> None:
    """Its letters would be the layers."""
    with pytest.raises(InvalidFieldError, match="one text for a list"):
        chain_id(Digest(DIGEST))  # type: ignore[arg-type]  # the mistake


def test_no_layers_have_no_chain_id() -> None:
    """There is nothing to be called."""
    assert chain_id([]) is None
    assert chain_ids([]) == ()
