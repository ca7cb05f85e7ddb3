"""What is asked for by a name that there is not is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import strategies as st

from ocilayers.errors import InvalidFieldError
from ocilayers.strategies import compressed, documents, tar_bytes
from ocilayers.strategies._asked import asked


def test_whoever_asks_for_none_gets_all() -> None:
    """And else the one alone."""
    assert asked(None, ["a", "b"], "letter") == ("a", "b")
    assert asked("b", ["a", "b"], "letter") == ("b",)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        pytest.param(
            lambda: tar_bytes(dialect="GNU"),  # type: ignore[arg-type]  # the mistake
            "no such dialect, expected ustar | pax | gnu | v7, found 'GNU'",
            id="dialect",
        ),
        pytest.param(
            lambda: compressed(st.just(b""), compression="xz"),  # type: ignore[arg-type]  # the mistake
            "no such compression, expected none | gzip | zstd, found 'xz'",
            id="compression",
        ),
        pytest.param(
            lambda: documents(kind="layer"),  # type: ignore[call-overload]  # the mistake
            "no such kind, expected manifest | index | config, found 'layer'",
            id="kind",
        ),
    ],
)
def test_what_there_is_not_is_refused_at_once(
    ask: Callable[[], object], said: str
) -> None:
    """A test would go on with something else, and prove nothing."""
    with pytest.raises(InvalidFieldError) as caught:
        ask()

    assert str(caught.value) == said
