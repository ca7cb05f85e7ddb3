"""Image configs."""

from __future__ import annotations

import attrs
import pytest
from documents import DIGEST, pickled

from ocilayers.spec.config import (
    ContainerConfig,
    Healthcheck,
    History,
    ImageConfig,
    RootFS,
)
from ocilayers.spec.platform import Platform

IMAGE = ImageConfig(
    architecture="arm64",
    os="linux",
    variant="v8",
    rootfs=RootFS(diff_ids=[DIGEST]),
    history=[History(created_by="/bin/sh -c #(nop)  ENV A=1", empty_layer=True)],
    config=ContainerConfig(
        env=["A=1", "A=2", "B", "C=x=y"],
        entrypoint=["/init"],
        cmd=["run"],
        volumes=["/data"],
        healthcheck=Healthcheck(test=["NONE"]),
    ),
)


def test_a_config_says_what_it_runs_on() -> None:
    """As an index would."""
    assert IMAGE.platform == Platform(os="linux", architecture="arm64", variant="v8")
    assert IMAGE.diff_ids == (DIGEST,)


@pytest.mark.spec(
    "image-spec config.md, Env", "Entries are in the format VARNAME=VARVALUE"
)
def test_the_environment_is_split_at_the_first_equals_sign() -> None:
    """The last of a name counts; a name alone has an empty value."""
    assert dict(IMAGE.config.environment) == {"A": "2", "B": "", "C": "x=y"}


def test_a_set_of_names_is_a_map_whose_values_say_nothing() -> None:
    """Names alone will do to make one."""
    assert IMAGE.config.volumes == {"/data": {}}
    assert ContainerConfig(volumes={"/x": None}).volumes == {"/x": None}
    assert IMAGE.config.args == ("/init", "run")


def test_a_step_of_the_history_knows_its_instruction() -> None:
    """Whoever the builder was."""
    assert str(IMAGE.history[0].step) == "ENV A=1"


def test_a_config_is_a_value() -> None:
    """All the way down."""
    assert pickled(IMAGE) == IMAGE
    assert hash(pickled(IMAGE)) == hash(IMAGE)
    assert repr(History(created_by="x" * 100)) == f"History(created_by='{'x' * 80}'…)"
    assert attrs.evolve(IMAGE, os="windows") != IMAGE
    assert repr(ContainerConfig()) == "ContainerConfig()"
    match IMAGE:
        case ImageConfig(config=ContainerConfig(cmd=(command,))):
            assert command == "run"
        case _:
            pytest.fail("it does not match itself")
