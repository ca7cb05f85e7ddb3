"""The header of an OCI layout."""

from __future__ import annotations

import pytest
from documents import pickled

from ocilayers.spec.layout import LAYOUT_VERSION, LayoutHeader


@pytest.mark.spec(
    "image-spec image-layout.md, oci-layout file",
    "The imageLayoutVersion value will align with the OCI Image Specification version",
)
def test_a_new_header_is_of_the_one_version_there_is() -> None:
    """And a value."""
    header = LayoutHeader()

    assert header.image_layout_version == LAYOUT_VERSION == "1.0.0"
    assert pickled(header) == header
