"""Bytes to documents: kinds, verdicts, problems."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from documents import (
    DIGEST,
    OTHER,
    compact,
    config,
    descriptor,
    docker_manifest,
    index,
    manifest,
)

from ocilayers.errors import (
    AmbiguousDocumentError,
    DocumentError,
    DocumentSyntaxError,
    DuplicateKeyError,
    InvalidFieldError,
    LimitExceededError,
    MediaTypeMismatchError,
)
from ocilayers.limits import MIB, Limits
from ocilayers.spec.config import ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_INDEX,
    DOCKER_MANIFEST,
    OCI_CONFIG,
    OCI_DESCRIPTOR,
    OCI_INDEX,
    OCI_LAYOUT,
    OCI_MANIFEST,
)
from ocilayers.wire.document import Document
from ocilayers.wire.parse import (
    parse,
    parse_config,
    parse_index,
    parse_layout,
    parse_manifest,
    parse_repositories,
    parse_saved_manifest,
)


@pytest.mark.parametrize(
    ("value", "kind", "model"),
    [
        pytest.param(manifest(), OCI_MANIFEST, ImageManifest, id="its own word"),
        pytest.param(
            {**manifest(), "mediaType": ""},
            OCI_MANIFEST,
            ImageManifest,
            id="an empty word is none",
        ),
        pytest.param(index(), OCI_INDEX, ImageIndex, id="an empty index"),
        pytest.param(
            {"schemaVersion": 2, "manifests": []},
            OCI_INDEX,
            ImageIndex,
            id="looks like an index",
        ),
        pytest.param(
            {k: v for k, v in docker_manifest().items() if k != "mediaType"},
            DOCKER_MANIFEST,
            ImageManifest,
            id="looks like Docker's",
        ),
        pytest.param(
            {k: v for k, v in manifest().items() if k != "mediaType"},
            OCI_MANIFEST,
            ImageManifest,
            id="looks like OCI's",
        ),
        pytest.param(config(), OCI_CONFIG, ImageConfig, id="looks like a config"),
        pytest.param(
            config(docker_version="1"), DOCKER_CONFIG, ImageConfig, id="Docker's config"
        ),
        pytest.param(
            {"imageLayoutVersion": "1.0.0"}, OCI_LAYOUT, LayoutHeader, id="a layout"
        ),
    ],
)
def test_the_kind_is_what_it_says_or_what_it_looks_like(
    value: dict[str, Any], kind: str, model: type
) -> None:
    """In this order."""
    doc = parse(compact(value))

    assert doc.media_type == kind
    assert type(doc.model) is model


@pytest.mark.hostile("a manifest that is an index too")
@pytest.mark.spec(
    "image-spec manifest.md, mediaType",
    "When used, this field MUST contain the media type "
    "application/vnd.oci.image.manifest.v1+json.",
)
@pytest.mark.spec(
    "image-spec media-types.md, Media Type Conflicts",
    "Without an expected digest, the implementation SHOULD error on conflicts.",
)
@pytest.mark.parametrize(
    ("value", "promised"),
    [
        pytest.param(manifest(), OCI_INDEX, id="another kind"),
        pytest.param(manifest(), DOCKER_MANIFEST, id="another standard"),
        pytest.param(manifest(mediaType="x/y"), None, id="no kind at all"),
        pytest.param(
            {**config(), "schemaVersion": 2, "MediaType": OCI_INDEX, "layers": []},
            OCI_MANIFEST,
            id="in other letters",
        ),
        pytest.param(config(), "application/vnd.cncf.helm.config.v1+json", id="helm"),
        pytest.param(descriptor(), None, id="a descriptor without a promise"),
    ],
)
def test_words_that_do_not_agree_are_refused(
    value: dict[str, Any], promised: str | None
) -> None:
    """Somebody else would read another document."""
    with pytest.raises(MediaTypeMismatchError):
        parse(compact(value), promised)


def test_a_promise_may_come_from_a_server() -> None:
    """With parameters, or without a meaning."""
    raw = compact(manifest())

    assert parse(raw, f"{OCI_MANIFEST}; charset=utf-8").media_type == OCI_MANIFEST
    assert parse(raw, "application/json").media_type == OCI_MANIFEST
    assert parse(compact(descriptor()), OCI_DESCRIPTOR).model == Descriptor(
        media_type=descriptor()["mediaType"], digest=DIGEST, size=3
    )


@pytest.mark.parametrize(
    ("read", "good", "bad"),
    [
        pytest.param(parse_manifest, manifest(), index(), id="manifest"),
        pytest.param(parse_index, index(), manifest(), id="index"),
        pytest.param(parse_config, config(), manifest(), id="config"),
        pytest.param(parse_layout, {"imageLayoutVersion": "x"}, config(), id="layout"),
    ],
)
def test_a_known_kind_is_asked_for_by_name(
    read: Callable[[bytes], Document[object]],
    good: dict[str, Any],
    bad: dict[str, Any],
) -> None:
    """And nothing else is taken for it."""
    assert read(compact(good)).raw == compact(good)
    with pytest.raises(DocumentError):
        read(compact(bad))


def test_without_limits_the_usual_ones_hold() -> None:
    """As everywhere."""
    with pytest.raises(LimitExceededError, match="limit document_bytes"):
        parse(bytes(5 * MIB), limits=None)


def test_a_promise_of_another_kind_is_refused_where_one_is_asked_for() -> None:
    """Whatever the document says."""
    with pytest.raises(MediaTypeMismatchError, match="expected config, found index"):
        parse_config(compact(config()), OCI_INDEX)
    assert parse_config(compact(config()), DOCKER_CONFIG).media_type == DOCKER_CONFIG
    assert parse_index(compact(index(docker=True))).media_type == DOCKER_INDEX


@pytest.mark.spec(
    "image-spec descriptor.md, Properties",
    "This REQUIRED property specifies the size, in bytes, of the raw content.",
)
def test_all_problems_are_told_at_once_with_their_wire_paths() -> None:
    """The first of them is raised, and holds them all."""
    value = manifest(
        config=[],
        layers=[descriptor(), descriptor(size="3", digest="x"), descriptor(size=True)],
        subject={"mediaType": "a/b"},
        annotations={"a.b": 1},
    )
    with pytest.raises(InvalidFieldError) as caught:
        parse(compact(value))

    assert [problem.where for problem in caught.value.problems] == [
        "config",
        "layers[1].digest",
        "layers[1].size",
        "layers[2].size",
        "subject.digest",
        "subject.size",
        "annotations['a.b']",
    ]
    assert str(caught.value.problems[2]) == (
        "layers[1].size: the wrong value, expected an integer, found '3'"
    )


@pytest.mark.hostile("a key twice, or in other letters")
@pytest.mark.spec(
    "RFC 7493, 2.3",
    "Objects in I-JSON messages MUST NOT have members with duplicate names.",
)
def test_a_name_that_comes_twice_is_noticed_wherever_it_is() -> None:
    """In labels, in members that nobody knows, in lists."""
    raw = (
        b'{"os":"linux","os":"linux","architecture":"amd64",'
        b'"rootfs":{"type":"layers","diff_ids":[]},'
        b'"config":{"Labels":{"a":"1","a":"2"}},"x":[{"y":{"z":1,"z":2}}]}'
    )
    doc = parse_config(raw)

    assert {f.where for f in doc.findings if f.code == "duplicate-key"} == {
        "os",
        "config.Labels.a",
        "x[0].y.z",
    }
    assert doc.model.config.labels == {"a": "2"}
    with pytest.raises(DuplicateKeyError):
        parse_config(raw, strict=True)


@pytest.mark.spec(
    "image-spec config.md, Properties",
    "Any extra fields in the Image JSON struct are considered implementation "
    "specific and MUST NOT generate an error by any implementations which are "
    "unable to interpret them.",
)
@pytest.mark.spec(
    "image-spec considerations.md, Extensibility",
    "Implementations storing or copying content MUST NOT modify or alter the content; "
    "implementations MUST NOT generate an error if they encounter an unknown property.",
)
def test_members_that_nobody_knows_are_kept_at_every_level() -> None:
    """Frozen, and told apart from what is known."""
    extra: dict[str, Any] = {"x": [1, {"y": None}]}
    value = index(
        descriptor(**extra, platform={"architecture": "a", "os": "b", **extra}), **extra
    )
    model = parse_index(compact(value)).model

    assert model.unknown == {"x": (1, {"y": None})}
    assert model.manifests[0].unknown == model.unknown
    assert model.manifests[0].platform is not None
    assert model.manifests[0].platform.unknown == model.unknown
    assert hash(model)


@pytest.mark.hostile("a key twice, or in other letters")
def test_a_known_name_in_other_letters_is_read_as_go_reads_it() -> None:
    """A strict reader refuses it; beside the right one it counts for nothing."""
    raw = compact(manifest()).replace(b'"layers"', b'"Layers"')
    doc = parse_manifest(raw)

    assert len(doc.model.layers) == 1
    assert [(f.code, f.where) for f in doc.findings] == [("name-case", "Layers")]
    with pytest.raises(InvalidFieldError, match="Layers"):
        parse_manifest(raw, strict=True)

    beside = parse_manifest(compact(manifest(Layers=[])))
    assert len(beside.model.layers) == 1
    assert beside.model.unknown == {"Layers": ()}


@pytest.mark.hostile("a manifest that is an index too")
@pytest.mark.spec(
    "distribution manifest/ocischema, validateManifest",
    "expected media type, but document has both config, layers and manifests",
)
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(manifest(manifests=[descriptor()]), id="a manifest as an index"),
        pytest.param(index(layers=[descriptor()]), id="an index as a manifest"),
        pytest.param(index(Config=descriptor()), id="in other letters"),
        pytest.param(
            manifest() | {"manife\u017fts": [descriptor()]}, id="with a long s"
        ),
        pytest.param(manifest(fsLayers=[{}]), id="a manifest as Schema 1"),
        pytest.param(manifest(history=[{}]), id="a manifest with a history"),
        pytest.param(index(config=descriptor()), id="an index with a config"),
        pytest.param(index(history=[{}]), id="an index with a history"),
        pytest.param(index(fsLayers=[{}]), id="an index as Schema 1"),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_a_document_of_two_kinds_is_never_taken(
    value: dict[str, Any], *, strict: bool
) -> None:
    """Two readers would run two images."""
    with pytest.raises(AmbiguousDocumentError):
        parse(compact(value), strict=strict)


@pytest.mark.hostile("a manifest that is an index too")
def test_an_empty_member_of_another_kind_is_noticed() -> None:
    """It says nothing that another reader could run."""
    doc = parse_manifest(compact(docker_manifest(manifests=[])))

    assert [f.code for f in doc.findings] == ["empty-foreign-member"]
    assert doc.model.unknown == {"manifests": ()}
    with pytest.raises(AmbiguousDocumentError):
        parse_manifest(doc.raw, strict=True)


@pytest.mark.spec(
    "image-spec config.md, Properties",
    "Any OPTIONAL field MAY also be set to null, which is equivalent to being absent.",
)
def test_null_absent_and_empty_read_alike_and_are_told_apart() -> None:
    """`unset` has what is written of what says nothing."""
    raw = compact(config(config={"Cmd": None, "Env": [], "Tty": False, "User": ""}))
    model = parse_config(raw).model

    assert model == parse_config(compact(config())).model
    assert model.config.unset == {"Cmd": None, "Env": (), "Tty": False, "User": ""}
    assert parse_config(raw).findings == ()


@pytest.mark.hostile("a document without end")
def test_a_limit_names_itself() -> None:
    """Before the cost is paid."""
    raw = compact(manifest(layers=[descriptor()] * 3))

    with pytest.raises(LimitExceededError) as caught:
        parse(raw, limits=Limits(document_bytes=10))
    assert caught.value.limit == "document_bytes"
    with pytest.raises(LimitExceededError) as caught:
        parse(raw, limits=Limits(layers=2))
    assert caught.value.limit == "layers"
    with pytest.raises(LimitExceededError) as caught:
        parse_config(
            compact(config(rootfs={"type": "layers", "diff_ids": [DIGEST, OTHER]})),
            limits=Limits(layers=1),
        )
    assert caught.value.limit == "layers"
    with pytest.raises(LimitExceededError) as caught:
        parse(compact(manifest(x=[[[[[]]]]])), limits=Limits(json_depth=5))
    assert caught.value.limit == "json_depth"


@pytest.mark.hostile("a document without end")
@pytest.mark.spec(
    "distribution-spec spec.md, Pushing Manifests",
    "Client and registry implementations SHOULD expect to be able to support manifest "
    "pushes of at least 4 megabytes.",
)
def test_a_document_of_four_megabytes_is_read_and_a_longer_one_is_not() -> None:
    """The error says how many bytes there may be, and how many there are."""
    raw = compact(manifest())
    longest = raw + b" " * (4 * MIB - len(raw))

    assert parse(longest).size == 4 * MIB
    with pytest.raises(LimitExceededError) as caught:
        parse(longest + b" ")
    assert caught.value.limit == "document_bytes"
    assert caught.value.expected == f"at most {4 * MIB}"
    assert caught.value.actual == 4 * MIB + 1


@pytest.mark.hostile("a negative or huge size")
@pytest.mark.spec(
    "image-spec descriptor.md, Properties",
    "This REQUIRED property specifies the size, in bytes, of the raw content.",
)
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "size",
    [
        "-1",
        "-9223372036854775809",
        "9223372036854775808",
        "1" * 640,
        "1e30",
        "9.5",
        "true",
        '"9"',
        "null",
        "[]",
    ],
    ids=lambda size: size[:20],
)
def test_a_size_that_no_blob_has_is_refused(size: str, *, strict: bool) -> None:
    """The error says which; the largest that there can be is read."""
    raw = compact(manifest(layers=[descriptor(), descriptor(size=2**63 - 1)]))

    assert parse(raw, strict=strict).size
    with pytest.raises(InvalidFieldError) as caught:
        parse(raw.replace(b"9223372036854775807", size.encode()), strict=strict)
    assert caught.value.where == "layers[1].size"


@pytest.mark.hostile("NaN, huge numbers, depth, other encodings, half characters")
@pytest.mark.parametrize("depth", [5_000, 200_000])
def test_nesting_without_a_limit_ends_where_python_does(depth: int) -> None:
    """With our error, not with a crash."""
    nested = compact(manifest()).replace(b'"layers"', b'"x":%s,"layers"')

    with pytest.raises(DocumentSyntaxError, match="interpreter"):
        parse(nested % (b"[" * depth + b"]" * depth), limits=Limits.unlimited())


@pytest.mark.hostile("a document without end")
def test_problems_are_counted_and_bounded() -> None:
    """A document may be made of nothing else."""
    raw = compact(manifest(layers=[1, 2, 3, 4]))

    with pytest.raises(InvalidFieldError, match=r"and 3 more\)"):
        parse(raw)
    with pytest.raises(InvalidFieldError, match=r"and 1 more\)"):
        parse(raw, limits=Limits(findings=2))


@pytest.mark.hostile("other values than those of the verified bytes")
def test_any_buffer_will_do() -> None:
    """It is copied."""
    raw = bytearray(compact(manifest()))
    doc = parse(memoryview(raw))
    raw[:] = b"x" * len(raw)

    assert doc.digest == Digest.of(compact(manifest()))


@pytest.mark.hostile("NaN, huge numbers, depth, other encodings, half characters")
def test_a_byte_order_mark_is_noticed() -> None:
    """It is not part of any value."""
    raw = b"\xef\xbb\xbf" + compact(config())

    assert [f.code for f in parse_config(raw).findings] == ["byte-order-mark"]
    with pytest.raises(DocumentSyntaxError):
        parse_config(raw, strict=True)


@pytest.mark.parametrize("raw", [b"[]", b"1", b'"x"', b"null"])
def test_a_document_is_an_object(raw: bytes) -> None:
    """Nothing else has members."""
    with pytest.raises(InvalidFieldError, match="an object"):
        parse(raw)


def test_a_saved_manifest_is_a_list_of_images() -> None:
    """Null and an object are none."""
    value = [
        {
            "Config": "c.json",
            "RepoTags": ["host:1/a:b"],
            "Layers": ["l"],
            "LayerSources": {DIGEST: descriptor()},
        },
        {"Config": "d.json", "RepoTags": None, "Layers": None},
    ]
    doc = parse_saved_manifest(compact(value))

    assert [image.config for image in doc.model] == ["c.json", "d.json"]
    assert doc.model[0].layer_sources[DIGEST].size == 3
    assert doc.model[1].unset == {"RepoTags": None, "Layers": None}
    assert doc.findings == ()
    assert parse_saved_manifest(b"[]").model == ()
    for raw in (b"null", b"{}", b"[null]", b'[{"Config": ""}]'):
        with pytest.raises(DocumentError):
            parse_saved_manifest(raw)


def test_repositories_are_names_tags_and_layers() -> None:
    """All of them texts."""
    doc = parse_repositories(compact({"a": {"latest": "id"}}))

    assert doc.model == {"a": {"latest": "id"}}
    with pytest.raises(InvalidFieldError, match=r"a\.b"):
        parse_repositories(compact({"a": {"b": 1}}))


def test_what_is_read_does_not_depend_on_how_it_is_written() -> None:
    """Spaces, order and escapes."""
    value = manifest(annotations={"ä": "<>"})
    pretty = json.dumps(value, indent=1, sort_keys=True)

    assert parse(pretty.encode()).model == parse(compact(value)).model


@pytest.mark.parametrize("raw", ["{}", 5, None, [123, 125]], ids=repr)
def test_what_is_no_bytes_is_refused(raw: Any) -> None:  # noqa: ANN401 - the mistake
    """A text has no bytes yet, and a number is not as many zeros."""
    with pytest.raises(TypeError, match="a bytes-like object is required"):
        parse(raw)
