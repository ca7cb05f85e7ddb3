"""Layer tar bytes to entries and back.

Law: bytes in, bytes out; nothing here knows about compression or other layers.
"""

from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.framing import Framing, reassemble

__all__ = ["Entry", "Framing", "Kind", "TarDecoder", "TarEncoder", "reassemble"]
