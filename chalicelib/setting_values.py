"""What may stand in each setting, and how what does stand there is told: without its secrets."""

import errno
import re

from chalicelib.kernel.errors import Refusal

# By setting the forms of its URL. Each begins with its scheme, which is all that is looked at here: what comes after it
# is the affair of the adapter that the scheme means. An empty form: the setting may be left out.
FORMS: dict[str, tuple[str, ...]] = {
    "DIWAN_DATABASE": ("sqlite:///FILE", "postgresql+psycopg://USER@HOST/NAME"),
    "DIWAN_SECRET": ("file:///FILE", "secretsmanager://NAME"),
    "DIWAN_BLOBS": ("file:///FOLDER", "s3://BUCKET/PREFIX"),
    "DIWAN_SEARCH": (
        "tantivy:///FOLDER", "opensearch+https://HOST/ALIAS", "opensearch+http://HOST/ALIAS",
    ),
    "DIWAN_JOBS": ("database:", "sqs://PREFIX"),
    "DIWAN_KEYS": ("file:///FOLDER", "awskms:///PREFIX"),
    "DIWAN_MESSAGES": ("outbox:///FOLDER", "aws:"),
    "DIWAN_OCR": ("subprocess:", "lambda://FUNCTION"),
    "DIWAN_GATEWAY": ("sandbox:", "https://HOST"),
    "DIWAN_BASE_URL": ("https://HOST", "http://HOST"),
    "DIWAN_STAFF_DIRECTORY": (
        "oidc+https://ISSUER?client=ID&secret=URL", "oidc+http://ISSUER?client=ID&secret=URL", "",
    ),
    "DIWAN_OUTSIDE_READER": ("https://HOST", "http://HOST", "bedrock://MODEL-ID?bucket=NAME", ""),
    "OTEL_EXPORTER_OTLP_ENDPOINT": ("https://HOST:4318", "http://HOST:4318", ""),
}  # fmt: skip
# What a place that cannot be used says when it is made or written to.
UNUSABLE = (
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOSPC,
)  # fmt: skip
# These name hosts: without one there is nobody to ask.
_HOSTED = frozenset({"DIWAN_BASE_URL", "OTEL_EXPORTER_OTLP_ENDPOINT"})


class SettingMalformed(Refusal):
    """A setting holds what cannot stand there: data `setting`, `found` (without secrets) and `wanted`, the forms."""

    code = "setting-malformed"


class PlaceUnusable(Refusal):
    """A place that a setting names cannot be used: data `setting`, `found`, and `reason` in the system's words."""

    code = "place-unusable"


def checked_url(setting: str, url: str) -> str:
    """The URL, when it begins as one of the setting's forms does. Raises SettingMalformed."""
    scheme, colon, rest = url.partition(":")
    schemes = {form.partition(":")[0] for form in FORMS[setting] if form}
    may_be_left_out = not url and "" in FORMS[setting]
    if not may_be_left_out and (not colon or scheme not in schemes or not _is_whole(setting, rest)):
        raise SettingMalformed(setting=setting, found=masked(setting, url), wanted=forms_of(setting))
    return url


def checked_number(setting: str, value: str | int, least: int, most: int) -> int:
    """The number, when it is one in these bounds. Raises SettingMalformed."""
    if re.fullmatch(r"[0-9]{1,9}", str(value)) and least <= int(value) <= most:
        return int(value)
    raise SettingMalformed(setting=setting, found=str(value), wanted=f"{least} … {most}")


def checked_word(setting: str, value: str, *words: str) -> str:
    """The word, when it is one of these. Raises SettingMalformed."""
    if value not in words:
        raise SettingMalformed(setting=setting, found=value, wanted=" | ".join(words))
    return value


def forms_of(setting: str) -> str:
    """What may stand in a setting that names a store."""
    return " | ".join(form for form in FORMS[setting] if form)


def masked(setting: str, url: str) -> str:
    """A URL as it may be told: neither passwords nor options, and of what should be the name of a secret its scheme."""
    if setting == "DIWAN_SECRET":
        return f"{url.partition('://')[0]}://…" if "://" in url else "***"
    head, at, host = url.rpartition("@")
    if at:
        scheme, slashes, after = head.partition("//")
        before, user = (f"{scheme}//", after) if slashes else ("", scheme)
        name = before + re.split("[:?]", user, maxsplit=1)[0]
        if (
            "?" in user
        ):  # of a password, or the options begin there and the @ is in one of them: nobody can tell
            return f"{name}…"
        return f"{name}{':***' if ':' in user else ''}@{host.partition('?')[0]}"
    # Where the host was forgotten, a password stands where a port would.
    return re.sub(r"(//[^/:]*):(?![0-9]*(?:/|$))[^/]*", r"\1:***", url.partition("?")[0])


def _is_whole(setting: str, rest: str) -> bool:
    return setting not in _HOSTED or bool(re.match(r"//[^/?#\s]", rest))
