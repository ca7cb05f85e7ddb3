"""Annotation keys."""

import pytest

from ocilayers.spec import annotations
from ocilayers.spec.annotations import CREATED, REVISION, is_ref_name, with_label_schema


@pytest.mark.spec(
    "image-spec annotations.md, Pre-Defined Annotation Keys",
    "A valid reference matches the following grammar",
)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("latest", True),
        ("v1.0--rc2", True),
        ("a/b:c@d+e_f", True),
        ("a---b", False),
        ("a..b", False),
        ("/a", False),
        ("a-", False),
        ("a\n", False),
        ("", False),
    ],
)
def test_a_ref_name_follows_its_grammar(text: str, *, expected: bool) -> None:
    """Components of letters and digits, joined by one separator each."""
    assert is_ref_name(text) is expected


@pytest.mark.spec(
    "image-spec annotations.md, Back-compatibility with Label Schema",
    "tools MAY choose to support compatible annotations using the "
    "org.label-schema prefix as follows",
)
def test_label_schema_is_read_under_the_new_names() -> None:
    """Where the new name is there already, it counts."""
    labels = {
        "org.label-schema.vcs-ref": "old",
        "org.label-schema.build-date": "then",
        REVISION: "new",
    }

    assert with_label_schema(labels) == {**labels, CREATED: "then"}


def test_every_key_is_reserved_for_whom_it_belongs_to() -> None:
    """OCI's or BuildKit's."""
    keys = [
        value
        for name in annotations.__all__
        if isinstance(value := getattr(annotations, name), str)
    ]

    assert len(keys) == 16
    assert all(key.startswith(("org.opencontainers.image.", "vnd.")) for key in keys)
