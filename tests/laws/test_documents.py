"""Laws of documents: what is kept, what is changed, and who agrees with whom."""

from __future__ import annotations

import json
from typing import Any

from attrs import evolve
from hypothesis import given, strategies as st

from ocilayers.errors import OCILayersError
from ocilayers.limits import Limits
from ocilayers.spec.config import ImageConfig
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.strategies.json import json_spellings
from ocilayers.wire._careful import read_object
from ocilayers.wire._json import read, read_plain
from ocilayers.wire._quick import GAVE_UP, quick_reader
from ocilayers.wire._report import Report
from ocilayers.wire._scan import Node, scan
from ocilayers.wire._write import json_of
from ocilayers.wire.document import Document
from ocilayers.wire.parse import parse, parse_config, parse_index, parse_manifest
from ocilayers.wire.render import render

TEXTS = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ["A", "a", "Cmd", "<a&b>", "\u2028", "a/b", '"', "\\", "\x00\n", "é", "😀", "linux"]
)
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
DIGESTS = HEX.map(lambda digits: f"sha256:{digits}") | st.just("md5:x")
MEDIA_TYPES = st.sampled_from(["a/b", "application/vnd.oci.image.layer.v1.tar+gzip"])
TIMES = st.sampled_from(["2021-06-07T01:07:31.224378431Z", "1970-01-01T00:00:00+01:00"])
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | TEXTS
    | st.floats(-1e15, 1e15),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=6,
)
MAPS = st.dictionaries(TEXTS, TEXTS, max_size=3)
LISTS = st.lists(TEXTS, max_size=3)
#: Members that nobody knows, in no letters of a known name.
UNKNOWN = st.dictionaries(st.sampled_from(["x-a", "é", "", "moby.buildkit.x"]), JSON)


def objects(
    needed: dict[str, st.SearchStrategy[Any]],
    optional: dict[str, st.SearchStrategy[Any]],
) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of their members, and with some that nobody knows."""
    known = st.fixed_dictionaries(needed, optional=optional)
    return st.builds(lambda known, rest: {**rest, **known}, known, UNKNOWN)


PLATFORMS = objects(
    {"architecture": st.just("arm"), "os": st.just("linux")},
    {"variant": TEXTS, "os.version": TEXTS, "os.features": LISTS},
)
DESCRIPTORS = objects(
    {
        "mediaType": MEDIA_TYPES,
        "digest": DIGESTS,
        "size": st.integers(0, (1 << 63) - 1),
    },
    {
        "annotations": MAPS,
        "platform": PLATFORMS,
        "artifactType": MEDIA_TYPES,
        "urls": st.just(["https://x.test"]),
    },
)
MANIFESTS = objects(
    {
        "schemaVersion": st.just(2),
        "config": DESCRIPTORS,
        "layers": st.lists(DESCRIPTORS, min_size=1, max_size=3),
    },
    {
        "mediaType": st.just("application/vnd.oci.image.manifest.v1+json"),
        "subject": DESCRIPTORS,
        "annotations": MAPS,
    },
)
INDEXES = objects(
    {"schemaVersion": st.just(2), "manifests": st.lists(DESCRIPTORS, max_size=3)},
    {"artifactType": MEDIA_TYPES, "annotations": MAPS},
)
SETTINGS = objects(
    {},
    {
        "Cmd": st.none() | LISTS,
        "Entrypoint": st.none() | LISTS,
        "Env": st.none() | st.lists(st.just("A=b"), max_size=2),
        "Labels": st.none() | st.dictionaries(TEXTS.filter(bool), TEXTS, max_size=3),
        "Volumes": st.none() | st.dictionaries(TEXTS, st.just({}), max_size=2),
        "User": TEXTS,
        "Tty": st.booleans() | st.none(),
        "StopTimeout": st.integers(0, 9) | st.none(),
        "Healthcheck": st.just({"Test": ["NONE"], "Retries": 0}),
    },
)
STEPS = objects(
    {},
    {"created": TIMES, "created_by": TEXTS, "empty_layer": st.booleans()},
)
CONFIGS = objects(
    {
        "architecture": st.just("amd64"),
        "os": st.just("linux"),
        "rootfs": st.builds(
            lambda ids: {"type": "layers", "diff_ids": ids}, st.lists(DIGESTS)
        ),
    },
    {
        "config": st.none() | SETTINGS,
        "container_config": SETTINGS,
        "history": st.none() | st.lists(STEPS, max_size=3),
        "created": TIMES | st.just(""),
        "author": TEXTS,
    },
)
ANY = st.one_of(
    st.tuples(st.just(ImageManifest), MANIFESTS),
    st.tuples(st.just(ImageIndex), INDEXES),
    st.tuples(st.just(ImageConfig), CONFIGS),
)


@st.composite
def documents(draw: st.DrawFn) -> Document[Any]:
    """A document of one of the three kinds, however it is written."""
    cls, value = draw(ANY)
    raw = draw(json_spellings(value))
    reader: Any = {
        ImageManifest: parse_manifest,
        ImageIndex: parse_index,
        ImageConfig: parse_config,
    }[cls]
    doc: Document[Any] = reader(raw)
    return doc


@given(documents())
def test_an_equal_model_makes_the_same_bytes(doc: Document[Any]) -> None:
    """Edit with an equal model is identity."""
    again = parse(doc.raw, doc.media_type)

    assert doc.edit(again.model).raw == doc.raw


@given(documents(), st.sampled_from(["go", "indent3", "canonical"]))
def test_what_is_rendered_reads_the_same(doc: Document[Any], form: Any) -> None:  # noqa: ANN401 - a name
    """Parse after render is identity, of what says nothing too."""
    new = render(doc.model, form, media_type=doc.media_type)

    assert new.model == doc.model
    assert new.model.unset == doc.model.unset
    assert render(new.model, form, media_type=doc.media_type).raw == new.raw


@given(documents(), documents())
def test_whatever_is_edited_says_what_it_should(
    doc: Document[Any], other: Document[Any]
) -> None:
    """Edit after parse is what was asked for."""
    if type(doc.model) is type(other.model):
        assert doc.edit(other.model).model == other.model


@given(documents(), TEXTS, UNKNOWN)
def test_an_edit_changes_no_byte_outside_what_was_edited(
    doc: Document[Any], text: str, unknown: dict[str, Any]
) -> None:
    """Members that stay are written as before, in the same order."""
    if isinstance(doc.model, ImageConfig):
        new = doc.edit(evolve(doc.model, author=text, unknown=unknown))
        changed = {"author"}
    else:
        annotations = {**doc.model.annotations, text: text}
        new = doc.edit(evolve(doc.model, annotations=annotations, unknown=unknown))
        changed = {"annotations"}
    # As text, or 0 would be false.
    kept = {
        name
        for name, value in doc.model.unknown.items()
        if name in unknown
        and json.dumps(unknown[name]) == json.dumps(json_of(value, unset=False))
    }
    before, after = members(doc.raw.decode()), members(new.raw.decode())
    known = before.keys() - doc.model.unknown.keys() - changed

    assert {name: before[name] for name in known | kept} == {
        name: after[name] for name in known | kept
    }
    assert [n for n in before if n in after] == [n for n in after if n in before]


def members(text: str) -> dict[str, str]:
    """The members of the outermost object, as they are written."""
    root: Node = scan(text)
    return {span.name: text[span.start : span.end] for span in root.inside}


@given(ANY, st.data())
def test_the_quick_reader_agrees_with_the_careful_one(
    kind: tuple[type, dict[str, Any]], data: st.DataObject
) -> None:
    """What it takes, that one takes without a word, and makes the same of it."""
    cls, value = kind
    text = data.draw(json_spellings(value)).decode()
    # A blot: something else somewhere, which may leave it right or make it wrong.
    place = data.draw(st.integers(0, len(text)))
    blot = data.draw(st.sampled_from(["", "1", "null", '"x":1,', '"x-a":"",', "e1"]))
    raw = f"{text[:place]}{blot}{text[place:]}".encode()
    seen: list[int] = []
    try:
        members, strings = read_plain(raw, Limits())
        quick = quick_reader(cls)(members, seen)
    except GAVE_UP:
        return
    if sum(seen) != strings:
        return
    report = Report(strict=True, limits=Limits())
    careful = read_object(cls, read(raw, Limits()), "", report)

    assert report.is_empty
    assert quick == careful
    assert quick.unset == careful.unset  # type: ignore[attr-defined]  # a model


@given(st.binary(max_size=60) | JSON.map(json.dumps).map(str.encode))
def test_nothing_but_our_errors_escapes(raw: bytes) -> None:
    """Whatever is read."""
    for strict in (False, True):
        try:
            assert parse(raw, strict=strict).raw == raw
        except OCILayersError as error:
            message = str(error)

            assert message
