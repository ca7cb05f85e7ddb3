"""The table of members."""

from __future__ import annotations

import attrs
import pytest

from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.wire._members import NOTHING, SHAPES
from ocilayers.wire._values import READERS

BY_HAND = {"version", "model", "settings", "models", "sources"}


@pytest.mark.parametrize("cls", SHAPES)
def test_every_attribute_of_a_model_has_a_name_on_the_wire(cls: type) -> None:
    """And every row an attribute."""
    rows = {member.attribute for member in SHAPES[cls].members}

    assert rows | {"unknown", "unset"} == {f.name for f in attrs.fields(cls)}


@pytest.mark.parametrize("cls", SHAPES)
def test_every_kind_can_be_read_and_may_say_nothing(cls: type) -> None:
    """Unless it has to be there."""
    for member in SHAPES[cls].members:
        assert (member.kind in READERS) != (member.kind in BY_HAND)
        assert (member.of is None) != (member.kind in BY_HAND - {"version"})
        assert member.is_required or member.kind in NOTHING


@pytest.mark.parametrize("cls", set(SHAPES) - {Schema1Manifest})
def test_what_says_nothing_is_what_a_new_model_holds(cls: type) -> None:
    """But for the media type that a new document names."""
    for member in SHAPES[cls].members:
        default = attrs.fields_dict(cls)[member.attribute].default
        if not member.is_required and member.attribute != "media_type":
            assert default == NOTHING[member.kind]


def test_names_are_known_in_all_letters() -> None:
    """Those of other kinds too."""
    for shape in SHAPES.values():
        names = {*shape.by_name, *shape.foreign}

        assert set(shape.folded.values()) == names
        assert all(name.lower() == low for low, name in shape.folded.items())
