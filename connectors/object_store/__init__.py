"""Where originals and derivatives are kept, by the SHA-256 of their content: a local folder or any S3."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from connectors.object_store.folder import FolderObjectStore
from models.errors import ConfigurationError
from pipelines.ports import ObjectStore

__all__ = ["FolderObjectStore", "open_store"]


def open_store(url: str) -> ObjectStore:
    """`file:///absolute/folder`, a plain path, or `s3://bucket?endpoint=host:port&secure=0&region=...`.

    S3 keys come from MAILROOM_S3_ACCESS_KEY and MAILROOM_S3_SECRET_KEY. Raises ConfigurationError for any other
    URL or missing keys, Unavailable where the S3 server does not answer.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3":
        from connectors.object_store.s3 import S3ObjectStore  # its client loads slowly, most starts need none

        return S3ObjectStore.open(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path:
        return FolderObjectStore(Path(unquote(parts.path)))
    if parts.scheme == "" and url:
        return FolderObjectStore(Path(url))
    raise ConfigurationError(
        "the object store URL cannot be used", "write file:///folder or s3://bucket?endpoint=host:port"
    )
