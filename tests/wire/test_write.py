"""Models to JSON values."""

from __future__ import annotations

from documents import DIGEST

from ocilayers.spec.config import ContainerConfig, History, ImageConfig
from ocilayers.spec.descriptor import EMPTY_JSON
from ocilayers.wire._write import json_of


def test_what_says_nothing_is_written_on_request() -> None:
    """Settings are there as soon as one of them is written."""
    model = ImageConfig(
        author="me",
        config=ContainerConfig(unset={"Cmd": None}),
        history=[History(unset={"comment": ""})],
        unset={"parent": ""},
    )
    rootfs = {"type": "layers", "diff_ids": []}

    assert json_of(model, unset=True) == {
        "author": "me",
        "config": {"Cmd": None},
        "history": [{"comment": ""}],
        "parent": "",
        "rootfs": rootfs,
    }
    assert json_of(model, unset=False) == {
        "author": "me",
        "config": {},
        "history": [{}],
        "rootfs": rootfs,
    }


def test_texts_bytes_and_lists_become_json() -> None:
    """Their own classes are left behind."""
    written = json_of((EMPTY_JSON, {"a": (1, None)}), unset=True)

    assert isinstance(written, list)
    assert written[0] == {
        "mediaType": EMPTY_JSON.media_type,
        "digest": EMPTY_JSON.digest,
        "size": 2,
        "data": "e30=",
    }
    assert isinstance(written[0], dict)
    assert {type(value) for value in written[0].values()} == {str, int}
    assert written[1] == {"a": [1, None]}
    assert DIGEST


def test_maps_are_written_in_the_order_of_their_names() -> None:
    """As Go does; configs too."""
    config = ContainerConfig(labels={"b": "", "a": ""})
    model = ImageConfig(config=config, unknown={"b": 1, "Z": 2})
    written = json_of(model, unset=True)

    assert isinstance(written, dict)
    assert list(written) == ["Z", "b", "config", "rootfs"]
    assert str(written["config"]) == "{'Labels': {'a': '', 'b': ''}}"
