"""Jobs for a model of Bedrock: addresses in our own bucket, signed here; no desk hands them out."""

from functools import cached_property
from urllib.parse import urlencode, urlsplit

from chalicelib.adapters.aws.clients import options
from chalicelib.adapters.aws.s3_bucket import S3Bucket
from chalicelib.kernel.ids import new_id
from chalicelib.ports.stores import StoreUnknown

# Under a prefix that the bucket clears by itself, for nobody asks after a picture whose worker died. S3 tells
# bedrock_reader of every `…/picture` here (infra/stack/outside.yaml).
FOLDER = "transient/outside"
PICTURE, ANSWER = "picture", "answer"
# As OutsidePages sends them; signed, so nothing else fits the address.
_MEDIA_TYPE = "image/webp"
_LIFE = 900


def place_in(bucket: str, told: dict[str, str]) -> str:
    """The URL of the pictures and answers in a bucket; `told` are options of ours, of which some are the bucket's."""
    shared = {name: value for name, value in told.items() if name in ("region", "endpoint")}
    return f"s3://{bucket}/{FOLDER}?{urlencode(shared)}"


def model_and_options(url: str) -> tuple[str, dict[str, str]]:
    """What `bedrock://MODEL-ID?…` names. Options:

    bucket          where pictures are put; the function that reads them is told by S3
    region          of bucket and model
    endpoint        another server that speaks S3's protocol
    model-endpoint  another server that speaks Bedrock's

    Raises StoreUnknown.
    """
    told = options(url, "bucket", "model-endpoint")
    model = urlsplit(url).netloc
    if not model:
        raise StoreUnknown(url=url)
    return model, told


class BedrockJobs:
    """Called, gives where to PUT a picture and where to GET its answer, good for a quarter of an hour."""

    def __init__(self, url: str) -> None:
        _, self._told = model_and_options(url)
        if not self._told.get("bucket"):
            raise StoreUnknown(url=url)

    @cached_property
    def _bucket(self) -> S3Bucket:
        return S3Bucket(place_in(self._told["bucket"], self._told))

    def __call__(self) -> tuple[str, str]:
        job = new_id()
        return (
            self._bucket.link_to_write(f"{job}/{PICTURE}", _MEDIA_TYPE, _LIFE),
            self._bucket.link_to_read(f"{job}/{ANSWER}", _LIFE),
        )
