"""What Hypothesis calls when it is imported, so that it knows our types.

Law: nothing is imported before it is needed. Everybody who has this package installed
pays for what happens here whenever they import Hypothesis, images or not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["register", "strategy_for"]

Resolver: TypeAlias = "Callable[[object], SearchStrategy[Any] | None]"

_STRATEGIES: Final[Mapping[str, str]] = {
    "Descriptor": "descriptors",
    "Digest": "digests",
    "Document": "documents",
    "Entry": "entries",
    "History": "histories",
    "Image": "images",
    "ImageConfig": "configs",
    "ImageIndex": "indexes",
    "ImageManifest": "manifests",
    "MediaType": "media_types",
    "Platform": "platforms",
}
"""Everyday names, and the functions of `ocilayers.strategies` that draw them."""


def register() -> None:
    """Make `st.from_type` know what `ocilayers.strategies` draws.

    >>> from hypothesis import find, strategies as st
    >>> import ocilayers
    >>> find(st.from_type(ocilayers.Platform), lambda platform: platform.variant)
    Platform(os='linux', architecture='arm64', variant='v8')
    """
    types = import_module("hypothesis.strategies._internal.types")
    # Hypothesis asks by itself about types of packages that were imported since: that
    # is how it knows NumPy's. It is not among what it promises, so there is a way on.
    resolvers = cast(
        "dict[str, Resolver] | None", getattr(types, "_global_extra_lookup", None)
    )
    if resolvers is None:
        _register_now()
    else:
        resolvers["ocilayers"] = strategy_for


def strategy_for(thing: object) -> SearchStrategy[Any] | None:
    """The strategy for a type of this package; None for any other."""
    # No `Document[ImageConfig]` either: that is no type, but looks like one.
    if not isinstance(thing, type) or not thing.__module__.startswith("ocilayers."):
        return None
    name = _STRATEGIES.get(thing.__qualname__)
    if name is None:
        return None
    make = getattr(import_module("ocilayers.strategies"), name)
    return cast("SearchStrategy[Any]", make())


def _register_now() -> None:
    from hypothesis.strategies import register_type_strategy  # noqa: PLC0415 - Hypothesis is being imported

    package = import_module("ocilayers")
    strategy = cast("Callable[[type], SearchStrategy[Any]]", strategy_for)
    for name in _STRATEGIES:
        register_type_strategy(getattr(package, name), strategy)
