"""What a container of an image would be started with.

A view of the config alone: nobody is looked up, nothing is mounted.
Source: image-spec, conversion.md.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from ocilayers._types import FrozenMap
from ocilayers.spec.config import ImageConfig

__all__ = ["Runtime", "runtime_of"]

_PREFIX = "org.opencontainers.image."


@attrs.frozen(kw_only=True)
class Runtime:
    """What a container of an image would be started with.

    Attributes:
        args: The command line, `process.args`.
        env: `NAME=VALUE` each, `process.env`.
        cwd: Where it starts, `process.cwd`; empty where the image does not say.
        user: Name or number; empty where the image does not say.
        group: Name or number; empty where the image does not say.
        volumes: Where mounts should be, so that nothing is written to the image's
            own files.
        annotations: The image's labels, and what its config implies beside them.
    """

    args: tuple[str, ...]
    env: tuple[str, ...]
    cwd: str
    user: str
    group: str
    volumes: tuple[str, ...]
    annotations: Mapping[str, str]


def runtime_of(image: ImageConfig) -> Runtime:
    """What a container of *image* would be started with.

    >>> from ocilayers.spec.config import ContainerConfig
    >>> config = ContainerConfig(entrypoint=["/init"], cmd=["-v"], user="app:0")
    >>> view = runtime_of(ImageConfig(os="linux", config=config))
    >>> view.args, view.user, view.group
    (('/init', '-v'), 'app', '0')
    """
    config = image.config
    user, _, group = config.user.partition(":")
    return Runtime(
        args=config.args,
        env=config.env,
        cwd=config.working_dir,
        user=user,
        group=group,
        volumes=tuple(config.volumes),
        annotations=FrozenMap({**_implied(image), **config.labels}),
    )


def _implied(image: ImageConfig) -> dict[str, str]:
    """Annotations that the config implies; a label of the same name counts more."""
    implied = {
        "os": image.os,
        "architecture": image.architecture,
        "variant": image.variant,
        "os.version": image.os_version,
        "os.features": ",".join(image.os_features),
        "author": image.author,
        "created": str(image.created),
        "stopSignal": image.config.stop_signal,
        "exposedPorts": ",".join(image.config.exposed_ports),
    }
    return {f"{_PREFIX}{name}": value for name, value in implied.items() if value}
