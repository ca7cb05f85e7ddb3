"""Chain IDs: what a stack of layers is called.

Source: image-spec, config.md, "Layer ChainID".
"""

from __future__ import annotations

from collections.abc import Iterable

from ocilayers.spec._freeze import refuse_text
from ocilayers.spec.digest import Digest

__all__ = ["chain_id", "chain_ids"]


def chain_id(diff_ids: Iterable[Digest]) -> Digest | None:
    """What the whole stack is called; None for no layers at all.

    >>> chain_id([Digest.of(b"base"), Digest.of(b"top")])
    Digest('sha256:e987e43608b8ced6401b242601ff6fdd28c33714e7b88197f80a98cff639451b')

    Args:
        diff_ids: Digests of the uncompressed layers, base first.

    Raises:
        InvalidFieldError: It is one digest, and no list of them.
    """
    chain = chain_ids(diff_ids)
    return chain[-1] if chain else None


def chain_ids(diff_ids: Iterable[Digest]) -> tuple[Digest, ...]:
    """What each stack from the base up is called.

    From the second layer on they are SHA-256, whatever the layers use. Plain text
    passes unchecked, as it does in the reference code.

    >>> diff_ids = [Digest.of(b"base"), Digest.of(b"app")]
    >>> base, app = chain_ids(diff_ids)
    >>> base == diff_ids[0], app == chain_id(diff_ids)
    (True, True)

    Args:
        diff_ids: Digests of the uncompressed layers, base first.

    Raises:
        InvalidFieldError: It is one digest, and no list of them.
    """
    refuse_text(diff_ids)
    chain: list[Digest] = []
    for diff_id in diff_ids:
        # ChainID(L₀) = DiffID(L₀)
        # ChainID(L₀|...|Lₙ₋₁|Lₙ) = Digest(ChainID(L₀|...|Lₙ₋₁) + " " + DiffID(Lₙ))
        if not chain:
            chain.append(diff_id)
            continue
        joined = f"{chain[-1]} {diff_id}".encode()
        chain.append(Digest.of(joined))
    return tuple(chain)
