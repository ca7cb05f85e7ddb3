"""What a container would be started with."""

from __future__ import annotations

import pytest

from ocilayers.spec.config import ContainerConfig, ImageConfig
from ocilayers.spec.runtime import runtime_of

IMAGE = ImageConfig(
    os="linux",
    architecture="arm64",
    variant="v8",
    os_version="1",
    os_features=["a", "b"],
    author="me",
    created="2021-06-07T01:07:31Z",
    config=ContainerConfig(
        user="app:staff",
        exposed_ports=["80/tcp", "53/udp"],
        env=["A=1"],
        entrypoint=["/init"],
        cmd=["-v"],
        volumes=["/data"],
        working_dir="/srv",
        labels={"org.opencontainers.image.author": "you", "x": "y"},
        stop_signal="SIGTERM",
    ),
)


@pytest.mark.spec(
    "image-spec conversion.md, Verbatim Fields",
    "If both Config.Entrypoint and Config.Cmd are specified, the converter MUST append "
    "the value of Config.Cmd to the value of Config.Entrypoint and set process.args to "
    "that combined value.",
)
def test_the_command_line_is_the_entrypoint_and_then_the_command() -> None:
    """The rest is copied."""
    view = runtime_of(IMAGE)

    assert view.args == ("/init", "-v")
    assert view.env == ("A=1",)
    assert view.cwd == "/srv"
    assert (view.user, view.group) == ("app", "staff")
    assert view.volumes == ("/data",)


@pytest.mark.spec(
    "image-spec conversion.md, Annotations",
    "the value specified in Config.Labels MUST take precedence",
)
def test_the_config_implies_annotations_that_labels_override() -> None:
    """What it does not say implies nothing."""
    view = runtime_of(IMAGE)
    prefix = "org.opencontainers.image."

    assert dict(view.annotations) == {
        f"{prefix}os": "linux",
        f"{prefix}architecture": "arm64",
        f"{prefix}variant": "v8",
        f"{prefix}os.version": "1",
        f"{prefix}os.features": "a,b",
        f"{prefix}author": "you",
        f"{prefix}created": "2021-06-07T01:07:31Z",
        f"{prefix}stopSignal": "SIGTERM",
        f"{prefix}exposedPorts": "80/tcp,53/udp",
        "x": "y",
    }
    assert dict(runtime_of(ImageConfig()).annotations) == {}


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("", ("", "")),
        ("app", ("app", "")),
        ("0:0", ("0", "0")),
        (":staff", ("", "staff")),
        ("app:", ("app", "")),
        ("a:b:c", ("a", "b:c")),
    ],
)
def test_a_user_may_have_a_group(user: str, expected: tuple[str, str]) -> None:
    """Which begins after the first colon."""
    view = runtime_of(ImageConfig(config=ContainerConfig(user=user)))

    assert expected == (view.user, view.group)
