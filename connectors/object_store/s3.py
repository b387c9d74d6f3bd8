"""Objects in any S3: MinIO, SeaweedFS, Ceph, a cloud's. Create-only writes by `If-None-Match: *`."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import urllib3
from minio import Minio
from minio.commonconfig import Tags
from minio.error import InvalidResponseError, S3Error, ServerError

from connectors.object_store.keys import check_key
from models.errors import ConfigurationError, Unavailable

T = TypeVar("T")
_ABSENT = frozenset({"NoSuchKey", "NoSuchObject", "NotFound", "ResourceNotFound"})
_TAKEN = (409, 412)  # another writer was first
_TAG = "retain-until"


class S3ObjectStore:
    """Keeps `pipelines.ports.ObjectStore`. May be shared by threads.

    The retention is a tag that this program obeys; a bucket with object lock adds the server's own.
    """

    def __init__(self, client: Minio, bucket: str, pool: urllib3.PoolManager) -> None:
        self._client = client
        self._pool = pool
        self._bucket = bucket

    @classmethod
    def open(cls, url: str) -> S3ObjectStore:
        """The bucket is made where it is missing. See `open_store` for the URL."""
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        endpoint = options.get("endpoint", "")
        if not parts.netloc or not endpoint:
            raise ConfigurationError(
                "the object store URL names no bucket or endpoint", "s3://bucket?endpoint=host:port"
            )
        keys = [os.environ.get(f"MAILROOM_S3_{name}_KEY", "") for name in ("ACCESS", "SECRET")]
        if not all(keys):
            raise ConfigurationError(
                "the keys of the S3 store are missing", "set MAILROOM_S3_ACCESS_KEY and _SECRET_KEY"
            )
        pool = _pool()
        client = Minio(
            endpoint,
            access_key=keys[0],
            secret_key=keys[1],
            secure=options.get("secure", "1") not in ("0", "false"),
            region=options.get("region", "us-east-1"),
            http_client=pool,
        )
        store = cls(client, parts.netloc, pool)
        store._make_bucket()
        return store

    def _make_bucket(self) -> None:
        def make() -> None:
            if self._client.bucket_exists(bucket_name=self._bucket):
                return
            try:
                self._client.make_bucket(bucket_name=self._bucket)
            except S3Error as error:
                if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                    raise

        self._ask(make)

    def put_if_absent(self, key: str, content: bytes, media_type: str = "application/octet-stream") -> bool:
        check_key(key)
        if self.size(key) is not None:  # most servers obey If-None-Match; on one that does not this still saves
            return False
        digest = b64encode(md5(content, usedforsecurity=False).digest()).decode()  # the server checks what arrived
        headers = {"If-None-Match": "*", "Content-Type": media_type, "Content-MD5": digest}

        def put() -> int:
            # The client's put_object takes no such header, its signed address does.
            url = self._client.get_presigned_url("PUT", self._bucket, key, expires=timedelta(minutes=10))
            answer = self._pool.request("PUT", url, body=content, headers=headers, redirect=False)
            return int(answer.status)

        status = self._ask(put)
        if status not in (200, 201, *_TAKEN):
            raise Unavailable(f"the object store answers {status} to a new object")
        return status not in _TAKEN

    def get(self, key: str) -> bytes:
        def get() -> bytes:
            answer = self._client.get_object(bucket_name=self._bucket, object_name=check_key(key))
            try:
                return bytes(answer.read())
            finally:
                answer.close()
                answer.release_conn()

        return self._ask(get, key)

    def size(self, key: str) -> int | None:
        def stat() -> int:
            return int(self._client.stat_object(bucket_name=self._bucket, object_name=check_key(key)).size or 0)

        try:
            return self._ask(stat, key)
        except KeyError:
            return None

    def list(self, prefix: str = "") -> Iterator[str]:
        found = self._ask(
            lambda: iter(self._client.list_objects(bucket_name=self._bucket, prefix=prefix, recursive=True))
        )
        while (entry := self._ask(lambda: next(found, None))) is not None:
            if not entry.is_dir:
                yield str(entry.object_name)

    def delete(self, key: str) -> None:
        until = self._retained(key)
        if until is not None and until >= datetime.now(UTC).date():
            raise PermissionError(f"{key} is kept until {until}")
        self._ask(lambda: self._client.remove_object(bucket_name=self._bucket, object_name=key))

    def retain_until(self, key: str, day: date) -> None:
        """The later of two days holds. Raises KeyError where there is no such object."""
        if self.size(key) is None:
            raise KeyError(key)
        tags = Tags.new_object_tags()
        tags[_TAG] = max(day, self._retained(key) or day).isoformat()
        self._ask(lambda: self._client.set_object_tags(bucket_name=self._bucket, object_name=key, tags=tags), key)

    def _retained(self, key: str) -> date | None:
        check_key(key)
        try:
            tags = self._ask(lambda: self._client.get_object_tags(bucket_name=self._bucket, object_name=key), key)
        except KeyError:
            return None
        return date.fromisoformat(tags[_TAG]) if tags and _TAG in tags else None

    def _ask(self, call: Callable[[], T], key: str = "") -> T:
        """KeyError for an absent object, Unavailable for everything that trying again may mend."""
        try:
            return call()
        except S3Error as error:
            if error.code in _ABSENT and key:
                raise KeyError(key) from None
            raise Unavailable(f"the object store says {error.code}: {error.message}") from error
        except (urllib3.exceptions.HTTPError, ServerError, InvalidResponseError, OSError) as error:
            raise Unavailable(f"the object store does not answer ({type(error).__name__})") from error


def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=5, read=60),
        retries=urllib3.Retry(total=3, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504], allowed_methods=None),
        maxsize=20,
    )
