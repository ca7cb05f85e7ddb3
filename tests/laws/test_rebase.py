"""What holds for what is told before a rebase."""

from __future__ import annotations

from built_images import image_of, stored
from drawn_layers import layers, merged
from hypothesis import given

from ocilayers.tar.entry import Entry
from ocilayers.tree.diff import diff


@given(layers(), layers(), layers())
def test_what_changes_below_is_seen_or_told(
    old: list[Entry], new: list[Entry], upper: list[Entry]
) -> None:
    """A change of the new base that no conflict names is there after the rebase."""
    merged([old, upper])
    merged([new, upper])
    old_base, new_base = image_of(stored(old)), image_of(stored(new))
    image = image_of(stored(old), stored(upper))

    report = image.rebase_report(old_base, new_base)

    told = {conflict.path for conflict in report.conflicts}
    fs = image.rebase(old_base, new_base).filesystem(content="memory")
    changes = diff(merged([old]), merged([new])).changes
    assert len(changes) == report.changes
    for path, node in ((change.path, change.upper) for change in changes):
        if path in told:
            continue
        assert (path in fs) == (node is not None)
        if node is not None:
            assert node.kind is fs[path].kind
            assert not node.is_file() or node.read_bytes() == fs[path].read_bytes()
