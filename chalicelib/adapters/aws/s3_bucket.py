"""A bucket of S3, or of any server that speaks its protocol, and links that carry a right to one thing in it."""

from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

from chalicelib.adapters.aws.clients import client, options, refuse
from chalicelib.ports.blobs import UploadTarget, checked_key
from chalicelib.ports.stores import StoreUnknown

# Seconds; a large upload is measured and copied in one call, which says nothing until it is done. Nobody waits for a
# second silence of that length: API Gateway gives up after 29 seconds.
_COPYING = Config(read_timeout=20)


class S3Bucket:
    """The place that `s3://BUCKET/PREFIX?…` names. Options:

    endpoint  another server that speaks S3's protocol, addressed by path
    public    where browsers reach that server, if not at the endpoint
    region    of the bucket
    """

    def __init__(self, url: str, *known: str) -> None:
        self._told = options(url, "public", *known)
        parts = urlsplit(url)
        self._bucket = parts.netloc
        if not self._bucket:
            raise StoreUnknown(url=url)
        self._prefix = f"{parts.path.strip('/')}/".lstrip("/")

    @cached_property
    def _s3(self) -> Any:
        return self._client(self._told)

    @cached_property
    def _copier(self) -> Any:
        """What has S3 copy: it waits longer than the other, and once."""
        made = self._client(self._told, _COPYING)
        made.meta.events.register_first("needs-retry.s3", _refuse_second_silence)
        return made

    @cached_property
    def _public(self) -> Any:
        """What signs links for browsers; signing sends nothing."""
        public = self._told.get("public")
        return self._client({**self._told, "endpoint": public}) if public else self._s3

    def _client(self, told: dict[str, str], patience: Config | None = None) -> Any:
        style = "path" if "endpoint" in told else "virtual"
        config = Config(signature_version="s3v4", s3={"addressing_style": style})
        return client("s3", told, config.merge(patience) if patience else config)

    @cached_property
    def origin(self) -> str:
        parts = urlsplit(self.download_url("origin", "", None))
        return f"{parts.scheme}://{parts.netloc}"

    def upload_target(self, key: str, size: int, expires_in: int = 3600) -> UploadTarget:
        # Signed beside the address: the length, so that nothing else fits, and that nothing may be there yet.
        headers = {"Content-Type": "application/octet-stream", "If-None-Match": "*"}
        asked = {
            **self._at(key),
            "ContentLength": size, "ContentType": headers["Content-Type"], "IfNoneMatch": headers["If-None-Match"],
        }  # fmt: skip
        url = self._public.generate_presigned_url("put_object", asked, expires_in)
        return UploadTarget(url, headers, expires_in)

    def download_url(self, key: str, media_type: str, filename: str | None, expires_in: int = 300) -> str:
        shown = f"attachment; filename*=UTF-8''{quote(filename)}" if filename else "inline"
        asked = {**self._at(key), "ResponseContentType": media_type, "ResponseContentDisposition": shown}
        url: str = self._public.generate_presigned_url("get_object", asked, expires_in)
        return url

    def link_to_read(self, key: str, expires_in: int) -> str:
        """Where a program without rights of its own gets the bytes."""
        link: str = self._s3.generate_presigned_url("get_object", self._at(key), expires_in)
        return link

    def link_to_write(self, key: str, media_type: str, expires_in: int) -> str:
        """Where such a program puts bytes, with this type and no other headers."""
        asked = {**self._at(key), "ContentType": media_type}
        link: str = self._s3.generate_presigned_url("put_object", asked, expires_in)
        return link

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + checked_key(key)}


def _refuse_second_silence(caught_exception: Exception | None, operation: Any, **_: Any) -> None:
    if isinstance(caught_exception, ReadTimeoutError):
        refuse(caught_exception, "s3", operation.name)
