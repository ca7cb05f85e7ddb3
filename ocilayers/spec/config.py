"""Image configs: what runs, where it runs, and how it came to be.

Source: image-spec, config.md; docker-image-spec, v1.2 and spec.md; moby,
`api/types/container/config.go`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import attrs

from ocilayers._types import EMPTY_MAP, FrozenMap, JSONValue
from ocilayers.spec._freeze import frozen_members, frozen_names, frozen_texts, texts
from ocilayers.spec._repr import short_repr
from ocilayers.spec.digest import Digest
from ocilayers.spec.platform import Platform
from ocilayers.spec.timestamp import Timestamp

if TYPE_CHECKING:
    from ocilayers.spec.created_by import Step

__all__ = [
    "ContainerConfig",
    "Healthcheck",
    "History",
    "ImageConfig",
    "RootFS",
]


def _digests(items: Iterable[str]) -> tuple[Digest, ...]:
    return tuple(map(Digest, items))


def _history(items: Iterable[History]) -> tuple[History, ...]:
    return tuple(items)


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class RootFS:
    """Which layers make the root file system.

    Attributes:
        type: Always `layers`.
        diff_ids: Digests of the uncompressed layers, base first.
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    type: str = "layers"
    diff_ids: tuple[Digest, ...] = attrs.field(default=(), converter=_digests)
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class History:
    """One step that made the image, with or without a layer.

    Attributes:
        created: When.
        created_by: The command as the builder wrote it; see `step`.
        author: Who.
        comment: What else the builder had to say.
        empty_layer: Whether the step left no layer.
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    created: Timestamp = attrs.field(default=Timestamp(""), converter=Timestamp)
    created_by: str = ""
    author: str = ""
    comment: str = ""
    empty_layer: bool = False
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr

    @property
    def step(self) -> Step:
        """The instruction of a Dockerfile behind `created_by`.

        >>> str(History(created_by="/bin/sh -c #(nop) EXPOSE 80").step)
        'EXPOSE 80'
        """
        # A grammar of its own, which few readers of configs need.
        from ocilayers.spec.created_by import read_created_by  # noqa: PLC0415 - on first use

        return read_created_by(self.created_by)


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class Healthcheck:
    """How to find out whether the container still works; Docker's alone.

    Attributes:
        test: Empty to inherit; `NONE`; `CMD` and arguments; `CMD-SHELL` and a command.
        interval: Between two tests, in nanoseconds; 0 inherits.
        timeout: Of one test, in nanoseconds; 0 inherits.
        start_period: How long failures do not count at first, in nanoseconds.
        start_interval: Between two tests in that time, in nanoseconds.
        retries: How many failures in a row make it unhealthy; 0 inherits.
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    test: tuple[str, ...] = attrs.field(default=(), converter=texts)
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class ContainerConfig:
    """How a container of the image starts. Absent members are empty.

    Attributes:
        user: `user`, `uid`, `user:group` and mixtures of both.
        exposed_ports: Names such as `8080/tcp`; the values say nothing.
        env: `NAME=VALUE` each; see `environment`.
        entrypoint: Comes first in the command line.
        cmd: Comes after it.
        volumes: Paths; the values say nothing.
        working_dir: Where it starts.
        labels: Free text by whoever made the image; never trust it.
        stop_signal: `SIGKILL`, `SIGRTMIN+3` or a number.
        args_escaped: Windows only: the command is one escaped line.
        memory: Reserved in OCI, in bytes.
        memory_swap: Reserved in OCI, in bytes; -1 switches swapping off.
        cpu_shares: Reserved in OCI, a weight.
        healthcheck: Docker's; None to inherit.
        on_build: Docker's: steps that an image built on this one begins with.
        shell: Docker's: what runs the shell form of commands while building.
        stop_timeout: Docker's, in seconds; None for its default.
        hostname: A leftover of Docker's, as all that follow.
        domainname: A leftover.
        image: What the container was made from.
        mac_address: A leftover.
        network_disabled: A leftover.
        attach_stdin: A leftover.
        attach_stdout: A leftover.
        attach_stderr: A leftover.
        tty: A leftover.
        open_stdin: A leftover.
        stdin_once: A leftover.
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    user: str = ""
    exposed_ports: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_names
    )
    env: tuple[str, ...] = attrs.field(default=(), converter=texts)
    entrypoint: tuple[str, ...] = attrs.field(default=(), converter=texts)
    cmd: tuple[str, ...] = attrs.field(default=(), converter=texts)
    volumes: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_names
    )
    working_dir: str = ""
    labels: Mapping[str, str] = attrs.field(default=EMPTY_MAP, converter=frozen_texts)
    stop_signal: str = ""
    args_escaped: bool = False
    memory: int = 0
    memory_swap: int = 0
    cpu_shares: int = 0
    healthcheck: Healthcheck | None = None
    on_build: tuple[str, ...] = attrs.field(default=(), converter=texts)
    shell: tuple[str, ...] = attrs.field(default=(), converter=texts)
    stop_timeout: int | None = None
    hostname: str = ""
    domainname: str = ""
    image: str = ""
    mac_address: str = ""
    network_disabled: bool = False
    attach_stdin: bool = False
    attach_stdout: bool = False
    attach_stderr: bool = False
    tty: bool = False
    open_stdin: bool = False
    stdin_once: bool = False
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr

    @property
    def environment(self) -> Mapping[str, str]:
        """Names and values of `env`; the last of a name counts, as for `getenv`.

        >>> ContainerConfig(env=["A=1", "B=x=y"]).environment["B"]
        'x=y'
        """
        parts = (line.partition("=") for line in self.env)
        return FrozenMap({name: value for name, _, value in parts})

    @property
    def args(self) -> tuple[str, ...]:
        """The command line: `entrypoint`, then `cmd`.

        Source: image-spec, conversion.md, "process.args".
        """
        return (*self.entrypoint, *self.cmd)


_NO_CONFIG: Final = ContainerConfig()
_NO_ROOTFS: Final = RootFS()


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class ImageConfig:
    """What runs, where it runs, and how it came to be.

    Attributes:
        architecture: CPU architecture, as Go names it.
        os: Operating system, as Go names it.
        variant: Of the architecture.
        os_version: Of the operating system.
        os_features: What the operating system must offer.
        created: When the image was made.
        author: Who made it.
        config: How a container of the image starts.
        rootfs: Which layers make the root file system.
        history: The steps that made the image, first to last.
        container: Docker's: the container that the image was made from.
        container_config: Docker's: how that container was started.
        docker_version: Docker's: who made it.
        parent: Docker's: the image that it was built on.
        id: A leftover of Docker's first format.
        comment: Of whoever made it.
        size: A leftover of Docker's first format, in bytes.
        unknown: Members that no standard here knows, as found; BuildKit's among them.
        unset: Members that are written but say nothing, as found.
    """

    architecture: str = ""
    os: str = ""
    variant: str = ""
    os_version: str = ""
    os_features: tuple[str, ...] = attrs.field(default=(), converter=texts)
    created: Timestamp = attrs.field(default=Timestamp(""), converter=Timestamp)
    author: str = ""
    config: ContainerConfig = _NO_CONFIG
    rootfs: RootFS = _NO_ROOTFS
    history: tuple[History, ...] = attrs.field(default=(), converter=_history)
    container: str = ""
    container_config: ContainerConfig = _NO_CONFIG
    docker_version: str = ""
    parent: str = ""
    id: str = ""
    comment: str = ""
    size: int = 0
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr

    @property
    def platform(self) -> Platform:
        """What the image needs from the machine it runs on."""
        return Platform(
            os=self.os,
            architecture=self.architecture,
            variant=self.variant,
            os_version=self.os_version,
            os_features=self.os_features,
        )

    @property
    def diff_ids(self) -> tuple[Digest, ...]:
        """Digests of the uncompressed layers, base first."""
        return self.rootfs.diff_ids
