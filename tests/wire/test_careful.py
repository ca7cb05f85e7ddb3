"""The careful reader: every problem at its place."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from documents import DIGEST, OTHER, compact, config, descriptor, index, manifest

from ocilayers.errors import InvalidFieldError
from ocilayers.limits import MIB
from ocilayers.spec.config import History
from ocilayers.spec.media_types import OCI_DESCRIPTOR, OCI_EMPTY
from ocilayers.spec.platform import Platform
from ocilayers.wire.parse import parse, parse_config, parse_index, parse_manifest

EMPTY = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def codes(
    value: dict[str, Any], media_type: str | None = None
) -> list[tuple[str, str]]:
    """What is noticed, and where."""
    return [(f.code, f.where) for f in parse(compact(value), media_type).findings]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            manifest(subject=None, annotations=None, mediaType=None),
            [
                ("null-member", "mediaType"),
                ("null-member", "subject"),
                ("null-member", "annotations"),
            ],
            id="manifest",
        ),
        pytest.param(
            manifest(layers=None), [("missing-layers", "layers")], id="no layers"
        ),
        pytest.param(
            index(descriptor(platform=None, urls=None)),
            [
                ("null-member", "manifests[0].urls"),
                ("null-platform", "manifests[0].platform"),
            ],
            id="descriptor",
        ),
        pytest.param(
            index(
                descriptor(platform={"os": "a", "architecture": "", "variant": None})
            ),
            [
                ("empty-platform", "manifests[0].platform.architecture"),
                ("null-member", "manifests[0].platform.variant"),
            ],
            id="platform",
        ),
        pytest.param(
            {**index(), "manifests": None},
            [("missing-manifests", "manifests")],
            id="no manifests",
        ),
        pytest.param(
            config(author=None, config=None, history=None, created=None),
            [],
            id="a config may say null",
        ),
        pytest.param(
            {"os": None, "rootfs": {"type": "layers", "diff_ids": None}},
            [
                ("missing-platform", "architecture"),
                ("missing-platform", "os"),
                ("missing-diff-ids", "rootfs.diff_ids"),
            ],
            id="what a config needs",
        ),
        pytest.param(
            config(history=[None, {}]),
            [("null-history", "history[0]")],
            id="a step of nothing",
        ),
    ],
)
def test_null_is_noticed_where_the_standard_does_not_allow_it(
    value: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """And read as absent, as Go does."""
    assert codes(value) == expected


def test_null_is_read_as_absent() -> None:
    """With what is written kept aside."""
    step = parse_config(compact(config(history=[None]))).model.history[0]
    entry = parse_index(compact(index(descriptor(platform=None)))).model.manifests[0]
    empty = parse_index(compact({**index(), "manifests": None})).model

    assert step == History()
    assert entry.platform is None
    assert entry.unset == {"platform": None}
    assert empty.manifests == ()


@pytest.mark.spec(
    "image-spec manifest.md, schemaVersion",
    "For this version of the specification, this MUST be 2 to ensure backward "
    "compatibility with older versions of Docker.",
)
@pytest.mark.parametrize(
    ("value", "where"),
    [
        pytest.param(manifest(schemaVersion=None), "schemaVersion", id="null"),
        pytest.param(manifest(schemaVersion=3), "schemaVersion", id="another version"),
        pytest.param(manifest(schemaVersion="2"), "schemaVersion", id="a text"),
        pytest.param(manifest(layers={}), "layers", id="no list"),
        pytest.param(manifest(layers=[1]), "layers[0]", id="no object"),
        pytest.param(config(rootfs=None), "rootfs", id="no root file system"),
        pytest.param(config(rootfs={}), "rootfs.type", id="no type"),
        pytest.param(config(config=[]), "config", id="no settings"),
        pytest.param(
            config(config={"Healthcheck": {"Test": "curl"}}),
            "config.Healthcheck.Test",
            id="deep",
        ),
    ],
)
def test_what_has_to_be_there_is_asked_for(value: dict[str, Any], where: str) -> None:
    """And has to be right."""
    with pytest.raises(InvalidFieldError) as caught:
        parse(compact(value))

    assert where in [problem.where for problem in caught.value.problems]


@pytest.mark.hostile("null for a root file system, or none")
@pytest.mark.parametrize(
    ("rootfs", "where"),
    [
        pytest.param({}, "rootfs", id="none"),
        pytest.param({"rootfs": None}, "rootfs", id="null"),
        pytest.param({"rootfs": []}, "rootfs", id="a list"),
        pytest.param({"rootfs": {"diff_ids": []}}, "rootfs.type", id="no type"),
        pytest.param(
            {"rootfs": {"type": "layers", "diff_ids": {}}}, "rootfs.diff_ids", id="map"
        ),
        pytest.param(
            {"rootfs": {"type": "layers", "diff_ids": [None]}},
            "rootfs.diff_ids[0]",
            id="a null diff_id",
        ),
    ],
)
def test_a_config_without_a_root_file_system_is_refused(
    rootfs: dict[str, Any], where: str
) -> None:
    """It says so itself, and not whoever asks for the layers later."""
    value = {"architecture": "amd64", "os": "linux", **rootfs}
    for strict in (False, True):
        with pytest.raises(InvalidFieldError) as caught:
            parse_config(compact(value), strict=strict)
        assert caught.value.where == where


@pytest.mark.hostile("null for a root file system, or none")
@pytest.mark.parametrize("layers", [{"diff_ids": None}, {}], ids=["null", "none"])
def test_a_root_file_system_without_a_list_has_no_layers(
    layers: dict[str, None],
) -> None:
    """As Go reads it; a strict reader refuses."""
    raw = compact(config(rootfs={"type": "layers", **layers}))
    doc = parse_config(raw)

    assert doc.model.rootfs.diff_ids == ()
    assert [finding.code for finding in doc.findings] == ["missing-diff-ids"]
    with pytest.raises(InvalidFieldError):
        parse_config(raw, strict=True)


@pytest.mark.hostile("embedded data that is something else")
@pytest.mark.spec(
    "image-spec descriptor.md, Embedded Content",
    "The decoded data MUST be identical to the referenced content and SHOULD be "
    "verified against the digest and size fields by content consumers.",
)
def test_embedded_content_is_verified_before_it_is_given_out() -> None:
    """By size and digest."""
    right = descriptor(mediaType=OCI_EMPTY, digest=EMPTY, size=2, data="e30=")

    assert parse(compact(right), OCI_DESCRIPTOR).model.data == b"{}"  # type: ignore[union-attr]  # it is one
    with pytest.raises(InvalidFieldError, match="data: more or fewer bytes"):
        parse(compact({**right, "size": 3}), OCI_DESCRIPTOR)
    with pytest.raises(InvalidFieldError, match="data: other bytes"):
        parse(compact({**right, "digest": OTHER}), OCI_DESCRIPTOR)
    with pytest.raises(InvalidFieldError) as caught:
        parse(compact({**right, "size": -1}), OCI_DESCRIPTOR)
    assert [problem.where for problem in caught.value.problems] == ["size"]


@pytest.mark.hostile("embedded data that is something else")
def test_embedded_content_that_nobody_can_verify_is_not_given_out() -> None:
    """It stays in the document."""
    raw = compact(descriptor(digest="md5:x", size=2, data="e30="))
    doc = parse(raw, OCI_DESCRIPTOR)

    assert doc.model.data is None  # type: ignore[union-attr]  # it is a descriptor
    assert doc.model.unset == {"data": "e30="}
    assert [f.code for f in doc.findings] == ["unverified-data"]


def test_empty_names_of_a_platform_are_noticed() -> None:
    """They are there, but useless."""
    doc = parse_index(
        compact(index(descriptor(platform={"architecture": "", "os": ""})))
    )

    assert doc.model.manifests[0].platform == Platform()
    assert [f.code for f in doc.findings] == ["empty-platform"] * 2


def test_zero_says_something_where_absence_says_something_else() -> None:
    """No time to stop is not the usual time to stop."""
    zero = parse_config(compact(config(config={"StopTimeout": 0}))).model.config
    none = parse_config(compact(config(config={"StopTimeout": None}))).model.config
    check = parse_config(compact(config(config={"Healthcheck": {}}))).model.config

    assert zero.stop_timeout == 0
    assert none.stop_timeout is None
    assert check.healthcheck is not None


@pytest.mark.spec(
    "image-spec manifest.md, layers",
    "Implementations storing or copying image manifests MUST NOT error on "
    "encountering a mediaType that is unknown to the implementation.",
)
def test_a_manifest_may_hold_layers_of_any_name() -> None:
    """Twice the same, too."""
    layers = [descriptor(mediaType="x/y"), descriptor(mediaType="x/y")]

    assert parse_manifest(compact(manifest(layers=layers)), strict=True).findings == ()
    assert DIGEST in repr(parse_manifest(compact(manifest())).model)


@pytest.mark.hostile("a document without end")
def test_a_long_name_is_not_copied_for_all_that_is_below_it() -> None:
    """84 kB of JSON took 200 MB, one copy of the name for each finding."""
    name, below = "k" * 50_000, ",".join(f'"{n}":0,"{n}":[1]' for n in range(1000))
    raw = compact(manifest())[:-1] + f',"{name}":{{{below}}}}}'.encode()
    tracemalloc.start()
    doc = parse(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [finding.code for finding in doc.findings] == ["duplicate-key"] * 1000
    assert peak < 10 * MIB


@pytest.mark.spec(
    "image-spec annotations.md, Rules",
    "While the value MUST be present, it MAY be an empty string.",
)
@pytest.mark.spec(
    "image-spec annotations.md, Rules",
    "Consumers MUST NOT generate an error if they encounter an unknown annotation key.",
)
def test_an_annotation_may_have_any_key_and_an_empty_value() -> None:
    """Names of the standard's own that it does not have yet are no exception."""
    annotations = {"org.opencontainers.image.new": "", "": "v", "\n": "v"}
    doc = parse_manifest(compact(manifest(annotations=annotations)), strict=True)

    assert doc.model.annotations == annotations
    assert doc.findings == ()


@pytest.mark.hostile("a key twice, or in other letters")
def test_a_long_s_is_an_s_in_other_letters() -> None:
    """Go takes it for one; nobody sees what stands there otherwise."""
    raw = compact(manifest()).replace(b'"layers"', b'"layer\\u017f"')
    doc = parse_manifest(raw)

    assert len(doc.model.layers) == 1
    assert [f.code for f in doc.findings] == ["name-case"]
    assert doc.edit(doc.model) == doc
    with pytest.raises(InvalidFieldError, match="other letters"):
        parse_manifest(raw, strict=True)
