"""Container images as values: documents, verified layers, and their file system.

Everyday names are imported on first use (PEP 562), so that `import ocilayers`
alone costs next to nothing.
"""

from __future__ import annotations

from ocilayers._lazy import on_first_use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ocilayers.archive.archive import (
        open_archive as open_archive,
    )
    from ocilayers.archive.member import (
        Member as Member,
        pack as pack,
    )
    from ocilayers.archive.oci_layout import (
        open_layout as open_layout,
    )
    from ocilayers.archive.write_archive import (
        write_archive as write_archive,
    )
    from ocilayers.archive.write_layout import (
        write_layout as write_layout,
    )
    from ocilayers.codec.layer import (
        LayerDecoder as LayerDecoder,
        LayerEncoder as LayerEncoder,
        LayerFacts as LayerFacts,
    )
    from ocilayers.codec.recipe import (
        Recipe as Recipe,
        how_compressed as how_compressed,
    )
    from ocilayers.codec.recompress import recompress as recompress
    from ocilayers.errors import (
        AmbiguousDocumentError as AmbiguousDocumentError,
        AmbiguousImageError as AmbiguousImageError,
        BadExtensionError as BadExtensionError,
        BadHeaderError as BadHeaderError,
        BlobNotFoundError as BlobNotFoundError,
        CodecError as CodecError,
        ContentNotKeptError as ContentNotKeptError,
        CorruptStreamError as CorruptStreamError,
        DigestError as DigestError,
        DigestMismatchError as DigestMismatchError,
        DocumentError as DocumentError,
        DocumentSyntaxError as DocumentSyntaxError,
        DuplicateKeyError as DuplicateKeyError,
        DuplicatePathError as DuplicatePathError,
        HardlinkTargetError as HardlinkTargetError,
        ImageError as ImageError,
        InvalidDigestError as InvalidDigestError,
        InvalidFieldError as InvalidFieldError,
        InvalidWhiteoutError as InvalidWhiteoutError,
        LimitExceededError as LimitExceededError,
        MediaTypeMismatchError as MediaTypeMismatchError,
        MergeError as MergeError,
        NotADirectoryPathError as NotADirectoryPathError,
        OCILayersError as OCILayersError,
        PathEscapeError as PathEscapeError,
        PathNotFoundError as PathNotFoundError,
        RootNotDirectoryError as RootNotDirectoryError,
        SizeMismatchError as SizeMismatchError,
        SourceError as SourceError,
        SymlinkLoopError as SymlinkLoopError,
        TarError as TarError,
        TrailingDataError as TrailingDataError,
        TruncatedArchiveError as TruncatedArchiveError,
        TruncatedStreamError as TruncatedStreamError,
        UnsupportedAlgorithmError as UnsupportedAlgorithmError,
        UnsupportedEntryError as UnsupportedEntryError,
    )
    from ocilayers.findings import (
        Finding as Finding,
    )
    from ocilayers.image.image import (
        Image as Image,
    )
    from ocilayers.image.layer import (
        Layer as Layer,
    )
    from ocilayers.image.rebase_report import (
        RebaseReport as RebaseReport,
    )
    from ocilayers.image.sharing import (
        SharedLayer as SharedLayer,
        shared_layers as shared_layers,
    )
    from ocilayers.image.verify import (
        Report as Report,
    )
    from ocilayers.image.waste import (
        LayerUse as LayerUse,
        WasteItem as WasteItem,
        WasteReport as WasteReport,
    )
    from ocilayers.layer.builder import (
        LayerBuilder as LayerBuilder,
    )
    from ocilayers.layer.index import (
        LayerIndex as LayerIndex,
        index_layer as index_layer,
        read_layer as read_layer,
    )
    from ocilayers.layer.reader import (
        LayerReader as LayerReader,
        open_layer as open_layer,
    )
    from ocilayers.limits import (
        Limits as Limits,
    )
    from ocilayers.spec.chain_id import (
        chain_id as chain_id,
        chain_ids as chain_ids,
    )
    from ocilayers.spec.config import (
        ContainerConfig as ContainerConfig,
        Healthcheck as Healthcheck,
        History as History,
        ImageConfig as ImageConfig,
        RootFS as RootFS,
    )
    from ocilayers.spec.descriptor import (
        Descriptor as Descriptor,
    )
    from ocilayers.spec.digest import (
        Digest as Digest,
    )
    from ocilayers.spec.index import (
        ImageIndex as ImageIndex,
    )
    from ocilayers.spec.layout import (
        LayoutHeader as LayoutHeader,
    )
    from ocilayers.spec.manifest import (
        ImageManifest as ImageManifest,
    )
    from ocilayers.spec.media_types import (
        MediaType as MediaType,
    )
    from ocilayers.spec.platform import (
        Platform as Platform,
    )
    from ocilayers.spec.reference import (
        Reference as Reference,
    )
    from ocilayers.spec.saved import (
        SavedImage as SavedImage,
    )
    from ocilayers.spec.schema1 import (
        Schema1Manifest as Schema1Manifest,
    )
    from ocilayers.spec.timestamp import (
        Timestamp as Timestamp,
    )
    from ocilayers.tar.decoder import (
        TarDecoder as TarDecoder,
    )
    from ocilayers.tar.encoder import (
        TarEncoder as TarEncoder,
    )
    from ocilayers.tar.entry import (
        Entry as Entry,
        Kind as Kind,
    )
    from ocilayers.tar.framing import (
        Framing as Framing,
        reassemble as reassemble,
    )
    from ocilayers.tree.changeset import (
        Changeset as Changeset,
    )
    from ocilayers.tree.diff import (
        Diff as Diff,
        diff as diff,
    )
    from ocilayers.tree.filesystem import (
        Filesystem as Filesystem,
    )
    from ocilayers.tree.history import (
        PathEvent as PathEvent,
    )
    from ocilayers.tree.merge import (
        merge as merge,
    )
    from ocilayers.tree.node import (
        Node as Node,
    )
    from ocilayers.tree.squash import (
        squash as squash,
    )
    from ocilayers.wire.convert import (
        Conversion as Conversion,
        convert as convert,
    )
    from ocilayers.wire.converter import (
        make_converter as make_converter,
    )
    from ocilayers.wire.document import (
        Document as Document,
    )
    from ocilayers.wire.parse import (
        parse as parse,
        parse_config as parse_config,
        parse_index as parse_index,
        parse_manifest as parse_manifest,
        parse_saved_manifest as parse_saved_manifest,
    )
    from ocilayers.wire.render import (
        render as render,
    )

_HOMES = {
    "AmbiguousDocumentError": "errors",
    "AmbiguousImageError": "errors",
    "BadExtensionError": "errors",
    "BadHeaderError": "errors",
    "BlobNotFoundError": "errors",
    "Changeset": "tree.changeset",
    "CodecError": "errors",
    "ContainerConfig": "spec.config",
    "ContentNotKeptError": "errors",
    "Conversion": "wire.convert",
    "CorruptStreamError": "errors",
    "Descriptor": "spec.descriptor",
    "Diff": "tree.diff",
    "Digest": "spec.digest",
    "DigestError": "errors",
    "DigestMismatchError": "errors",
    "Document": "wire.document",
    "DocumentError": "errors",
    "DocumentSyntaxError": "errors",
    "DuplicateKeyError": "errors",
    "DuplicatePathError": "errors",
    "Entry": "tar.entry",
    "Filesystem": "tree.filesystem",
    "Finding": "findings",
    "Framing": "tar.framing",
    "HardlinkTargetError": "errors",
    "Healthcheck": "spec.config",
    "History": "spec.config",
    "Image": "image.image",
    "ImageConfig": "spec.config",
    "ImageError": "errors",
    "ImageIndex": "spec.index",
    "ImageManifest": "spec.manifest",
    "InvalidDigestError": "errors",
    "InvalidFieldError": "errors",
    "InvalidWhiteoutError": "errors",
    "Kind": "tar.entry",
    "Layer": "image.layer",
    "LayerBuilder": "layer.builder",
    "LayerDecoder": "codec.layer",
    "LayerEncoder": "codec.layer",
    "LayerFacts": "codec.layer",
    "LayerIndex": "layer.index",
    "LayerReader": "layer.reader",
    "LayerUse": "image.waste",
    "LayoutHeader": "spec.layout",
    "LimitExceededError": "errors",
    "Limits": "limits",
    "MediaType": "spec.media_types",
    "MediaTypeMismatchError": "errors",
    "Member": "archive.member",
    "MergeError": "errors",
    "Node": "tree.node",
    "NotADirectoryPathError": "errors",
    "OCILayersError": "errors",
    "PathEscapeError": "errors",
    "PathEvent": "tree.history",
    "PathNotFoundError": "errors",
    "Platform": "spec.platform",
    "RebaseReport": "image.rebase_report",
    "Recipe": "codec.recipe",
    "Reference": "spec.reference",
    "Report": "image.verify",
    "RootFS": "spec.config",
    "RootNotDirectoryError": "errors",
    "SavedImage": "spec.saved",
    "Schema1Manifest": "spec.schema1",
    "SharedLayer": "image.sharing",
    "SizeMismatchError": "errors",
    "SourceError": "errors",
    "SymlinkLoopError": "errors",
    "TarDecoder": "tar.decoder",
    "TarEncoder": "tar.encoder",
    "TarError": "errors",
    "Timestamp": "spec.timestamp",
    "TrailingDataError": "errors",
    "TruncatedArchiveError": "errors",
    "TruncatedStreamError": "errors",
    "UnsupportedAlgorithmError": "errors",
    "UnsupportedEntryError": "errors",
    "WasteItem": "image.waste",
    "WasteReport": "image.waste",
    "chain_id": "spec.chain_id",
    "chain_ids": "spec.chain_id",
    "convert": "wire.convert",
    "diff": "tree.diff",
    "how_compressed": "codec.recipe",
    "index_layer": "layer.index",
    "make_converter": "wire.converter",
    "merge": "tree.merge",
    "open_archive": "archive.archive",
    "open_layer": "layer.reader",
    "open_layout": "archive.oci_layout",
    "pack": "archive.member",
    "parse": "wire.parse",
    "parse_config": "wire.parse",
    "parse_index": "wire.parse",
    "parse_manifest": "wire.parse",
    "parse_saved_manifest": "wire.parse",
    "read_layer": "layer.index",
    "reassemble": "tar.framing",
    "recompress": "codec.recompress",
    "render": "wire.render",
    "shared_layers": "image.sharing",
    "squash": "tree.squash",
    "write_archive": "archive.write_archive",
    "write_layout": "archive.write_layout",
}
"""Where each everyday name lives."""

__all__ = [
    "AmbiguousDocumentError",
    "AmbiguousImageError",
    "BadExtensionError",
    "BadHeaderError",
    "BlobNotFoundError",
    "Changeset",
    "CodecError",
    "ContainerConfig",
    "ContentNotKeptError",
    "Conversion",
    "CorruptStreamError",
    "Descriptor",
    "Diff",
    "Digest",
    "DigestError",
    "DigestMismatchError",
    "Document",
    "DocumentError",
    "DocumentSyntaxError",
    "DuplicateKeyError",
    "DuplicatePathError",
    "Entry",
    "Filesystem",
    "Finding",
    "Framing",
    "HardlinkTargetError",
    "Healthcheck",
    "History",
    "Image",
    "ImageConfig",
    "ImageError",
    "ImageIndex",
    "ImageManifest",
    "InvalidDigestError",
    "InvalidFieldError",
    "InvalidWhiteoutError",
    "Kind",
    "Layer",
    "LayerBuilder",
    "LayerDecoder",
    "LayerEncoder",
    "LayerFacts",
    "LayerIndex",
    "LayerReader",
    "LayerUse",
    "LayoutHeader",
    "LimitExceededError",
    "Limits",
    "MediaType",
    "MediaTypeMismatchError",
    "Member",
    "MergeError",
    "Node",
    "NotADirectoryPathError",
    "OCILayersError",
    "PathEscapeError",
    "PathEvent",
    "PathNotFoundError",
    "Platform",
    "RebaseReport",
    "Recipe",
    "Reference",
    "Report",
    "RootFS",
    "RootNotDirectoryError",
    "SavedImage",
    "Schema1Manifest",
    "SharedLayer",
    "SizeMismatchError",
    "SourceError",
    "SymlinkLoopError",
    "TarDecoder",
    "TarEncoder",
    "TarError",
    "Timestamp",
    "TrailingDataError",
    "TruncatedArchiveError",
    "TruncatedStreamError",
    "UnsupportedAlgorithmError",
    "UnsupportedEntryError",
    "WasteItem",
    "WasteReport",
    "chain_id",
    "chain_ids",
    "convert",
    "diff",
    "how_compressed",
    "index_layer",
    "make_converter",
    "merge",
    "open_archive",
    "open_layer",
    "open_layout",
    "pack",
    "parse",
    "parse_config",
    "parse_index",
    "parse_manifest",
    "parse_saved_manifest",
    "read_layer",
    "reassemble",
    "recompress",
    "render",
    "shared_layers",
    "squash",
    "write_archive",
    "write_layout",
]
__version__ = "0.1.0"

if not TYPE_CHECKING:
    # Unseen by type checkers: they would think that every name is there.
    __getattr__, __dir__ = on_first_use(__name__, _HOMES)
