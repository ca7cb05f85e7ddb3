"""One more layer on top of an image, or an image with none to put the first into."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ocilayers.errors import InvalidFieldError
from ocilayers.image._edit import describe, paired, with_layers
from ocilayers.layer._writer import write_layer
from ocilayers.layer.builder import BuiltLayer
from ocilayers.spec.config import History, ImageConfig, RootFS
from ocilayers.spec.history import fitted
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import OCI_CONFIG, OCI_MANIFEST, Dialect
from ocilayers.spec.platform import Platform
from ocilayers.tar.entry import Entry
from ocilayers.tree.changeset import Changeset
from ocilayers.wire.document import Document
from ocilayers.wire.render import render

if TYPE_CHECKING:
    from ocilayers.image.image import Image

__all__ = ["append", "documents_of_nothing"]


def append(image: Image, layer: BuiltLayer | Iterable[Entry], step: History) -> Image:
    """*image* with *layer* on top, and *step* as what made it.

    Raises:
        ContentNotKeptError: A file of the layer has no content.
        InvalidFieldError: The time of *step* is none.
    """
    if step.created and not step.created.is_valid:
        # Every engine refuses a whole config for it.
        raise InvalidFieldError(
            "no time",
            where="created",
            expected="RFC 3339, such as 2021-06-07T01:07:31Z",
            actual=repr(str(step.created)),
        )
    if isinstance(layer, BuiltLayer):
        facts, blob = layer.facts, layer.blob
    else:
        changeset = layer if isinstance(layer, Changeset) else Changeset(layer)
        stored = write_layer(changeset, changeset.open_content)
        facts, blob = stored.facts, stored.blob
    return with_layers(
        image,
        [*paired(image), (describe(image, facts), facts.diff_id)],
        history=_with_step(image, step),
        blobs={facts.digest: blob},
    )


def _with_step(image: Image, step: History) -> tuple[History, ...]:
    history, count = image.config.model.history, len(image.manifest.model.layers)
    if not history and count and step == History():
        return ()
    return *fitted(history, count), step


def documents_of_nothing(
    platform: Platform, dialect: Dialect
) -> tuple[Document[ImageManifest], Document[ImageConfig]]:
    """Manifest and config of an image without layers.

    Raises:
        InvalidFieldError: There is no such dialect.
    """
    config = render(
        ImageConfig(
            architecture=platform.architecture,
            os=platform.os,
            variant=platform.variant,
            os_version=platform.os_version,
            os_features=platform.os_features,
            rootfs=RootFS(),
        ),
        media_type=OCI_CONFIG.converted(dialect),
    )
    manifest = ImageManifest(
        media_type=OCI_MANIFEST.converted(dialect), config=config.descriptor()
    )
    return render(manifest), config
