"""Documents: what was received, and what becomes of it when it is edited."""

from __future__ import annotations

import copy
import json
from typing import Any

import attrs
import pytest
from attrs import evolve
from documents import (
    DIGEST,
    OTHER,
    compact,
    config,
    descriptor,
    docker_manifest,
    index,
    manifest,
    pickled,
)

from ocilayers.errors import DocumentError, InvalidFieldError
from ocilayers.spec.config import ContainerConfig, History, ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import OCI_MANIFEST
from ocilayers.wire.document import Document
from ocilayers.wire.parse import (
    parse,
    parse_config,
    parse_index,
    parse_manifest,
    parse_repositories,
    parse_saved_manifest,
)
from ocilayers.wire.render import render


def edited(raw: bytes, **changes: object) -> str:
    """A config with other values."""
    doc = parse_config(raw)
    return doc.edit(evolve(doc.model, **changes)).raw.decode()  # type: ignore[arg-type]  # whatever a test says


@pytest.mark.hostile("other values than those of the verified bytes")
def test_a_document_is_called_by_its_bytes() -> None:
    """Its digest and size are of what was received."""
    raw = b" " + compact(manifest()) + b"\n"
    doc = parse_manifest(raw)

    assert doc.raw == raw
    assert doc.size == len(raw)
    assert doc.digest == Digest.of(raw)
    assert doc.descriptor() == Descriptor.of(raw, OCI_MANIFEST)
    assert repr(doc) == f"<Document ImageManifest {doc.digest} {len(raw)} bytes>"


def test_a_document_is_a_value() -> None:
    """Equal where the bytes are."""
    doc = parse_manifest(compact(manifest()))
    _ = doc.digest

    assert pickled(doc) == doc == copy.deepcopy(doc)
    assert pickled(doc).model == doc.model
    assert len({doc, parse(doc.raw)}) == 1
    assert doc != parse(doc.raw + b" ")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        doc.raw = b""  # type: ignore[misc]  # that is the point


ODD = rb"""
 { "os" :"linux" ,"architecture":"amd64",
   "rootfs": {"type":"layers", "diff_ids":[  ]},
   "config": {"Cmd": null, "Labels": {"\u0061": "\u003c"}, "Memory": 0}, "x":1.50e1 }
"""


@pytest.mark.parametrize(
    "doc",
    [
        pytest.param(parse_config(ODD), id="odd"),
        pytest.param(parse_config(b"\xef\xbb\xbf" + ODD), id="with a mark"),
        pytest.param(parse_saved_manifest(b'[ {"Config":"a"} ]'), id="saved"),
        pytest.param(parse_repositories(b'{"a" : {}}'), id="repositories"),
    ],
)
def test_an_equal_model_makes_the_same_bytes(doc: Document[object]) -> None:
    """Whatever the spacing, the order, the escapes and the numbers are."""
    assert doc.edit(pickled(doc.model)).raw == doc.raw


def test_an_edit_changes_no_byte_outside_what_was_edited() -> None:
    """Here: one value of one member."""
    doc = parse_config(ODD)
    new = doc.edit(evolve(doc.model, os="windows"))

    assert new.raw == ODD.replace(b'"linux"', b'"windows"')
    assert new.model.os == "windows"
    assert new.model.unknown == doc.model.unknown


@pytest.mark.parametrize(
    ("old", "changes", "new"),
    [
        pytest.param(
            '"config":{"Cmd":null,"Tty":false}',
            {"config": ContainerConfig(cmd=["a"])},
            '"config":{"Cmd":["a"],"Tty":false}',
            id="null becomes a list",
        ),
        pytest.param(
            '"config":{"Cmd":["a"],"Tty":true,"X":1}',
            {"config": ContainerConfig(tty=True, unknown={"X": 1})},
            '"config":{"Tty":true,"X":1}',
            id="the first goes",
        ),
        pytest.param(
            '"config":{"Tty":true,"Cmd":["a"]}',
            {"config": ContainerConfig(tty=True)},
            '"config":{"Tty":true}',
            id="the last goes",
        ),
        pytest.param(
            '"config":{"Tty":true,"Cmd":["a"],"X":1}',
            {"config": ContainerConfig(tty=True, unknown={"X": 1})},
            '"config":{"Tty":true,"X":1}',
            id="the middle goes",
        ),
        pytest.param(
            '"config":{"Cmd":["a"],"X":1}',
            {"config": ContainerConfig(user="b")},
            '"config":{"User":"b"}',
            id="all of them go",
        ),
        pytest.param(
            '"config":{"Cmd":["a"]},"x":1',
            {"config": ContainerConfig()},
            '"x":1',
            id="the whole object goes",
        ),
        pytest.param(
            '"config":{"Cmd":["a"],"Tty":false}',
            {"config": ContainerConfig(unset={"Tty": False})},
            '"config":{"Tty":false}',
            id="what says nothing stays",
        ),
        pytest.param(
            '"config":{"Tty":false},"container_config":{}',
            {"config": ContainerConfig(), "author": "me"},
            '"config":{"Tty":false},"container_config":{},"author":"me"',
            id="nothing is equal to what says nothing",
        ),
        pytest.param(
            '"config":{"Labels":{"a":"1","c":"3"}}',
            {"config": ContainerConfig(labels={"b": "2", "c": "3", "a": "1"})},
            '"config":{"Labels":{"a":"1","b":"2","c":"3"}}',
            id="names in order stay in order",
        ),
        pytest.param(
            '"config":{"Labels":{"c":"3","a":"1"}}',
            {"config": ContainerConfig(labels={"a": "1", "b": "2", "c": "3"})},
            '"config":{"Labels":{"c":"3","a":"1","b":"2"}}',
            id="names without order get one more",
        ),
        pytest.param(
            '"config":{"Env":["A=1","B=2","C=3"]}',
            {"config": ContainerConfig(env=["A=1", "X=", "C=3"])},
            '"config":{"Env":["A=1","X=","C=3"]}',
            id="one of a list",
        ),
        pytest.param(
            '"config":{"Env":["A=1","B=2","C=3"]}',
            {"config": ContainerConfig(env=["C=3"])},
            '"config":{"Env":["C=3"]}',
            id="the head of a list",
        ),
        pytest.param(
            '"config":{"Env":["A=1"]}',
            {"config": ContainerConfig(env=["Z=0", "A=1"])},
            '"config":{"Env":["Z=0","A=1"]}',
            id="before a list",
        ),
        pytest.param(
            '"config":{"Cmd":"sh"}',
            {"config": ContainerConfig(cmd=["sh", "-c"])},
            '"config":{"Cmd":["sh","-c"]}',
            id="a text for a list",
        ),
        pytest.param(
            '"x":{"y":1,"y":2},"os.version":"1"',
            {"os_version": "", "unknown": {"x": {"y": 3}}},
            '"x":{"y":1,"y":3}',
            id="the last of a name",
        ),
        pytest.param(
            '"x":true',
            {"unknown": {"x": 1}},
            '"x":1',
            id="true is not one",
        ),
        pytest.param(
            '"x":[1,{"y":[]}]',
            {"unknown": {"x": [1, {"y": [True, None]}, 2.5]}},
            '"x":[1,{"y":[true,null]},2.5]',
            id="deep in what nobody knows",
        ),
    ],
)
def test_only_what_changed_is_written_anew(
    old: str, changes: dict[str, object], new: str
) -> None:
    """Members come, go and change in their place."""
    head = '{"architecture":"a","os":"b","rootfs":{"type":"layers","diff_ids":[]}'

    assert edited(f"{head},{old}}}".encode(), **changes) == f"{head},{new}}}"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            b'{"os": "<", "architecture": "\\u00e9", "rootfs": {"type": "layers"}}',
            '{"os": "<", "architecture": "\\u00e9", "rootfs": {"type": "layers"},'
            ' "config": {"Cmd": ["<\\u00e9>"]}}',
            id="Python's",
        ),
        pytest.param(
            b'{"architecture":"a","os":"b","rootfs":{"type":"layers"},"x":"\\u003c"}',
            '{"architecture":"a","config":{"Cmd":["\\u003cé\\u003e"]},"os":"b",'
            '"rootfs":{"type":"layers"},"x":"\\u003c"}',
            id="Go's",
        ),
        pytest.param(
            b'{\n\t"os": "b",\n\t"architecture": "a",\n\t"rootfs": {\n\t\t"type": '
            b'"layers"\n\t}\n}\n',
            '{\n\t"os": "b",\n\t"architecture": "a",\n\t"rootfs": {\n\t\t"type": '
            '"layers"\n\t},\n\t"config": {\n\t\t"Cmd": [\n\t\t\t"\\u003cé\\u003e"\n'
            "\t\t]\n\t}\n}\n",
            id="jq's with tabs",
        ),
        pytest.param(
            b'{\r\n  "os": "b",\r\n  "rootfs": {"type": "layers"}\r\n}',
            '{\r\n  "config": {\r\n    "Cmd": [\r\n      "\\u003cé\\u003e"\r\n    ]'
            '\r\n  },\r\n  "os": "b",\r\n  "rootfs": {"type": "layers"}\r\n}',
            id="lines of Windows",
        ),
        pytest.param(
            b'{"rootfs" : {"type":"layers"} , "os" : "b", "x":"\\u00C9\\/"}',
            '{"rootfs" : {"type":"layers"} , "os" : "b", "x":"\\u00C9\\/" , '
            '"config" : {"Cmd" : ["\\u003C\\u00E9\\u003E"]}}',
            id="nobody's",
        ),
        pytest.param(
            b'{"rootfs":{"type":"layers"}}',
            '{"config":{"Cmd":["\\u003cé\\u003e"]},"rootfs":{"type":"layers"}}',
            id="one member tells little",
        ),
    ],
)
def test_what_is_new_is_written_in_the_style_of_the_document(
    raw: bytes, expected: str
) -> None:
    """Its spacing, its order, its escapes."""
    assert edited(raw, config=ContainerConfig(cmd=["<é>"])) == expected


def test_lists_in_lines_get_more_lines() -> None:
    """An empty one begins them."""
    doc = parse_manifest(json.dumps(manifest(layers=[]), indent=3).encode())
    layers = [Descriptor.of(b"a", "a/b"), Descriptor.of(b"b", "a/b")]
    one = doc.edit(evolve(doc.model, layers=layers[:1]))
    two = one.edit(evolve(one.model, layers=layers))
    none = two.edit(doc.model)

    expected = manifest(
        layers=[{"mediaType": "a/b", "digest": x.digest, "size": 1} for x in layers]
    )
    assert two.raw.decode() == json.dumps(expected, indent=3)
    assert none.raw.decode() == json.dumps(manifest(layers=[]), indent=3)


def test_unknown_members_survive_at_every_level() -> None:
    """Also where the member beside them changes."""
    extra: dict[str, Any] = {"x": [{"y": 1.0}]}
    raw = compact(index(descriptor(**extra), **extra))
    doc = parse_index(raw)
    entry = evolve(doc.model.manifests[0], size=4)
    new = doc.edit(evolve(doc.model, manifests=[entry], annotations={"a": "b"}))

    assert new.raw == compact(index(descriptor(size=4, **extra), **extra)).replace(
        b'],"x"', b'],"annotations":{"a":"b"},"x"'
    )


def test_of_two_names_in_other_letters_the_last_stands_in() -> None:
    """As of two that are the same."""
    raw = compact(manifest()).replace(b'"layers"', b'"LAYERS":[],"Layers"')
    doc = parse_manifest(raw)
    layer = evolve(doc.model.layers[0], size=4)
    changed = doc.edit(evolve(doc.model, layers=[layer]))

    assert doc.model.unknown == {"LAYERS": ()}
    assert changed.raw == b'"size":4'.join(raw.rsplit(b'"size":3', 1))
    assert changed.model.layers == (layer,)


def test_a_name_in_other_letters_keeps_them() -> None:
    """It stands in for the right one."""
    raw = compact(manifest()).replace(b'"layers"', b'"Layers"')
    doc = parse_manifest(raw)
    layer = evolve(doc.model.layers[0], digest=OTHER)

    assert doc.edit(evolve(doc.model, layers=[layer])).raw == raw.replace(
        DIGEST.encode(), OTHER.encode()
    ).replace(OTHER.encode(), DIGEST.encode(), 1)


def test_a_kind_may_change_its_name() -> None:
    """Then the document is of that kind."""
    doc = parse_manifest(compact(docker_manifest()))
    new = doc.edit(evolve(doc.model, media_type=OCI_MANIFEST))

    assert new.media_type == OCI_MANIFEST
    assert new.raw == compact(docker_manifest(mediaType=OCI_MANIFEST))


def test_files_of_docker_save_are_edited_too() -> None:
    """A list, and a map of maps."""
    saved = parse_saved_manifest(b'[{"Config": "a", "RepoTags": null}]')
    images = (evolve(saved.model[0], repo_tags=["a:b"]),)
    names = parse_repositories(b'{"a": {"b": "c"}}')
    more = {**names.model, "d": {}}

    assert saved.edit(images).raw == b'[{"Config": "a", "RepoTags": ["a:b"]}]'
    assert names.edit(more).raw == b'{"a": {"b": "c"}, "d": {}}'


def test_a_model_that_is_not_allowed_is_refused() -> None:
    """With its problems, as if it had been received."""
    doc = parse_manifest(compact(manifest()))
    layers = [evolve(doc.model.layers[0], size=-1)]

    with pytest.raises(InvalidFieldError, match=r"layers\[0\]\.size"):
        doc.edit(evolve(doc.model, layers=layers))
    with pytest.raises(InvalidFieldError, match="another kind"):
        doc.edit(ImageConfig())  # type: ignore[arg-type]  # that is the point
    with pytest.raises(InvalidFieldError, match="Unicode"):
        doc.edit(evolve(doc.model, annotations={"a": "\udcff"}))


def test_schema_1_is_read_only() -> None:
    """Its signature would not hold."""
    doc = parse(b'{"schemaVersion": 1, "fsLayers": [], "history": []}')

    with pytest.raises(DocumentError, match="no more"):
        doc.edit(doc.model)


def test_a_step_can_be_added_to_a_history() -> None:
    """Null among its steps stays where it is."""
    raw = compact(config(history=[{"created_by": "a"}, None]))
    history = (*parse_config(raw).model.history, History(comment="b"))

    assert edited(raw, history=history) == raw.decode().replace(
        "null]", 'null,{"comment":"b"}]'
    )


def test_a_new_document_can_be_edited_as_well() -> None:
    """It has a style too."""
    doc = render(ImageConfig(os="linux"), "indent3")

    assert doc.edit(evolve(doc.model, author="me")).raw == (
        b'{\n   "author": "me",\n   "os": "linux",\n   "rootfs": {\n      "type": '
        b'"layers",\n      "diff_ids": []\n   }\n}'
    )


def test_an_entry_without_tags_is_noticed() -> None:
    """`docker save` writes the list always, null where there is no tag."""
    saved = parse_saved_manifest(b'[{"Config": "a", "Layers": []}]')

    assert ["missing-repo-tags"] == [finding.code for finding in saved.findings]
