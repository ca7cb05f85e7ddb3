"""The members of every document: one row each, in the order in which Go writes them.

Law: whoever reads or writes JSON asks this table, and it alone.
Source: image-spec, `specs-go/v1`; moby, `api/types/container/config.go` and
`daemon/internal/image`; distribution, `manifest`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias

import attrs

from ocilayers._types import EMPTY_MAP
from ocilayers.findings import Rule
from ocilayers.spec.config import (
    ContainerConfig,
    Healthcheck,
    History,
    ImageConfig,
    RootFS,
)
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.platform import Platform
from ocilayers.spec.rules import (
    MISSING_DIFF_IDS,
    MISSING_LAYERS,
    MISSING_MANIFESTS,
    MISSING_PLATFORM,
    MISSING_REPO_TAGS,
    NULL_PLATFORM,
)
from ocilayers.spec.saved import SavedImage
from ocilayers.spec.schema1 import FSLayer, Schema1History, Schema1Manifest
from ocilayers.spec.timestamp import Timestamp
from ocilayers.wire._json import fold

__all__ = ["NOTHING", "SHAPES", "Kind", "Member", "Model", "Shape"]

Model: TypeAlias = (
    ImageManifest
    | ImageIndex
    | ImageConfig
    | Descriptor
    | LayoutHeader
    | Schema1Manifest
    | SavedImage
    | Platform
    | ContainerConfig
    | Healthcheck
    | History
    | RootFS
    | FSLayer
    | Schema1History
)
"""Anything that a JSON object becomes."""

Kind: TypeAlias = Literal[
    "text",
    "name",  # of a system or an architecture, which should not be empty
    "filled",  # text that must not be empty
    "media type",
    "content type",  # a media type that must not be empty
    "digest",
    "time",
    "integer",
    "seconds",  # an integer where 0 says something
    "size",
    "version",
    "boolean",
    "data",
    "texts",
    "command",  # texts, or one text
    "environment",
    "urls",
    "tags",
    "digests",
    "labels",
    "annotations",
    "names",
    "model",
    "settings",  # a model that is never None
    "models",
    "sources",
]
"""What a member holds; each reader and writer knows all of them."""

NOTHING: Final[Mapping[Kind, object]] = {
    **dict.fromkeys(("text", "name"), ""),
    "media type": MediaType(""),
    "time": Timestamp(""),
    **dict.fromkeys(
        ("texts", "command", "environment", "urls", "tags", "digests", "models"), ()
    ),
    **dict.fromkeys(("labels", "annotations", "names", "sources"), EMPTY_MAP),
    "integer": 0,
    "boolean": False,
    **dict.fromkeys(("seconds", "data", "model")),
    "settings": ContainerConfig(),
}
"""What the model holds where a member of that kind says nothing."""


@attrs.frozen
class Member:
    """One member of a JSON object.

    Attributes:
        name: On the wire.
        attribute: Of the model.
        kind: What it holds.
        of: Of which model the objects in it are.
        is_required: Whether a reader must refuse an object without it.
        if_absent: What to notice where it is not there.
        if_null: What to notice where it is null, else what its object says of null.
    """

    name: str
    attribute: str
    kind: Kind
    of: type[Model] | None = None
    is_required: bool = False
    if_absent: Rule | None = None
    if_null: Rule | None = None


@attrs.frozen
class Shape:
    """All members that the standards know of one JSON object.

    Attributes:
        members: In the order in which they are written.
        foreign: Names that make it another kind of document.
        null_is_absent: Whether the standard itself lets null stand for nothing.
        is_sorted: Whether Go writes it through a map, that is, in order of names.
        by_name: The members by their name on the wire.
        folded: Every name that must not occur in other letters, folded.
    """

    members: tuple[Member, ...]
    foreign: frozenset[str]
    null_is_absent: bool
    is_sorted: bool
    by_name: Mapping[str, Member]
    folded: Mapping[str, str]


def _shape(
    *members: Member,
    foreign: Iterable[str] = (),
    null_is_absent: bool = False,
    is_sorted: bool = False,
) -> Shape:
    names = (*(member.name for member in members), *foreign)
    return Shape(
        members=members,
        foreign=frozenset(foreign),
        null_is_absent=null_is_absent,
        is_sorted=is_sorted,
        by_name={member.name: member for member in members},
        folded={fold(name): name for name in names},
    )


SHAPES: Final[Mapping[type, Shape]] = {
    Platform: _shape(
        Member("architecture", "architecture", "name", is_required=True),
        Member("os", "os", "name", is_required=True),
        Member("os.version", "os_version", "text"),
        Member("os.features", "os_features", "texts"),
        Member("variant", "variant", "text"),
        Member("features", "features", "texts"),
    ),
    Descriptor: _shape(
        Member("mediaType", "media_type", "content type", is_required=True),
        Member("digest", "digest", "digest", is_required=True),
        Member("size", "size", "size", is_required=True),
        Member("urls", "urls", "urls"),
        Member("annotations", "annotations", "annotations"),
        Member("data", "data", "data"),
        Member("platform", "platform", "model", Platform, if_null=NULL_PLATFORM),
        Member("artifactType", "artifact_type", "media type"),
    ),
    ImageManifest: _shape(
        Member("schemaVersion", "schema_version", "version", is_required=True),
        Member("mediaType", "media_type", "media type"),
        Member("artifactType", "artifact_type", "media type"),
        Member("config", "config", "model", Descriptor, is_required=True),
        Member(
            "layers",
            "layers",
            "models",
            Descriptor,
            if_absent=MISSING_LAYERS,
            if_null=MISSING_LAYERS,
        ),
        Member("subject", "subject", "model", Descriptor),
        Member("annotations", "annotations", "annotations"),
        # Source: distribution, ocischema `validateManifest`; containers/image,
        # `ValidateUnambiguousManifestFormat`.
        foreign=("fsLayers", "history", "manifests"),
    ),
    ImageIndex: _shape(
        Member("schemaVersion", "schema_version", "version", is_required=True),
        Member("mediaType", "media_type", "media type"),
        Member("artifactType", "artifact_type", "media type"),
        Member(
            "manifests",
            "manifests",
            "models",
            Descriptor,
            is_required=True,
            if_null=MISSING_MANIFESTS,
        ),
        Member("subject", "subject", "model", Descriptor),
        Member("annotations", "annotations", "annotations"),
        foreign=("config", "fsLayers", "history", "layers"),
    ),
    ImageConfig: _shape(
        Member("Size", "size", "integer"),
        Member(
            "architecture",
            "architecture",
            "name",
            if_absent=MISSING_PLATFORM,
            if_null=MISSING_PLATFORM,
        ),
        Member("author", "author", "text"),
        Member("comment", "comment", "text"),
        Member("config", "config", "settings", ContainerConfig),
        Member("container", "container", "text"),
        Member("container_config", "container_config", "settings", ContainerConfig),
        Member("created", "created", "time"),
        Member("docker_version", "docker_version", "text"),
        Member("history", "history", "models", History),
        Member("id", "id", "text"),
        Member(
            "os",
            "os",
            "name",
            if_absent=MISSING_PLATFORM,
            if_null=MISSING_PLATFORM,
        ),
        Member("os.features", "os_features", "texts"),
        Member("os.version", "os_version", "text"),
        Member("parent", "parent", "text"),
        Member("rootfs", "rootfs", "model", RootFS, is_required=True),
        Member("variant", "variant", "text"),
        null_is_absent=True,
        is_sorted=True,
    ),
    ContainerConfig: _shape(
        Member("Hostname", "hostname", "text"),
        Member("Domainname", "domainname", "text"),
        Member("User", "user", "text"),
        Member("AttachStdin", "attach_stdin", "boolean"),
        Member("AttachStdout", "attach_stdout", "boolean"),
        Member("AttachStderr", "attach_stderr", "boolean"),
        Member("ExposedPorts", "exposed_ports", "names"),
        Member("Tty", "tty", "boolean"),
        Member("OpenStdin", "open_stdin", "boolean"),
        Member("StdinOnce", "stdin_once", "boolean"),
        Member("Env", "env", "environment"),
        Member("Cmd", "cmd", "command"),
        Member("Healthcheck", "healthcheck", "model", Healthcheck),
        Member("ArgsEscaped", "args_escaped", "boolean"),
        Member("Image", "image", "text"),
        Member("Volumes", "volumes", "names"),
        Member("WorkingDir", "working_dir", "text"),
        Member("Entrypoint", "entrypoint", "command"),
        Member("NetworkDisabled", "network_disabled", "boolean"),
        Member("MacAddress", "mac_address", "text"),
        Member("OnBuild", "on_build", "texts"),
        Member("Labels", "labels", "labels"),
        Member("StopSignal", "stop_signal", "text"),
        Member("StopTimeout", "stop_timeout", "seconds"),
        Member("Memory", "memory", "integer"),
        Member("MemorySwap", "memory_swap", "integer"),
        Member("CpuShares", "cpu_shares", "integer"),
        Member("Shell", "shell", "texts"),
        null_is_absent=True,
    ),
    Healthcheck: _shape(
        Member("Test", "test", "texts"),
        Member("Interval", "interval", "integer"),
        Member("Timeout", "timeout", "integer"),
        Member("StartPeriod", "start_period", "integer"),
        Member("StartInterval", "start_interval", "integer"),
        Member("Retries", "retries", "integer"),
        null_is_absent=True,
    ),
    RootFS: _shape(
        Member("type", "type", "text", is_required=True),
        Member(
            "diff_ids",
            "diff_ids",
            "digests",
            if_absent=MISSING_DIFF_IDS,
            if_null=MISSING_DIFF_IDS,
        ),
        null_is_absent=True,
    ),
    History: _shape(
        Member("created", "created", "time"),
        Member("author", "author", "text"),
        Member("created_by", "created_by", "text"),
        Member("comment", "comment", "text"),
        Member("empty_layer", "empty_layer", "boolean"),
        null_is_absent=True,
    ),
    LayoutHeader: _shape(
        Member("imageLayoutVersion", "image_layout_version", "text", is_required=True),
    ),
    SavedImage: _shape(
        Member("Config", "config", "filled", is_required=True),
        Member("RepoTags", "repo_tags", "tags", if_absent=MISSING_REPO_TAGS),
        Member("Layers", "layers", "texts"),
        Member("Parent", "parent", "text"),
        Member("LayerSources", "layer_sources", "sources", Descriptor),
        null_is_absent=True,
    ),
    FSLayer: _shape(Member("blobSum", "blob_sum", "digest", is_required=True)),
    Schema1History: _shape(
        Member("v1Compatibility", "v1_compatibility", "text", is_required=True)
    ),
    Schema1Manifest: _shape(
        Member("schemaVersion", "schema_version", "version", is_required=True),
        Member("name", "name", "text"),
        Member("tag", "tag", "text"),
        Member("architecture", "architecture", "text"),
        Member("fsLayers", "fs_layers", "models", FSLayer, is_required=True),
        Member("history", "history", "models", Schema1History, is_required=True),
        foreign=("config", "layers", "manifests"),
    ),
}
"""Every model and the JSON object it comes from."""
