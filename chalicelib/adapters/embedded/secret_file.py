"""Secrets in files: the one that signs our own short-lived links and form tokens, and those that others gave us."""

import fcntl
import os
import secrets
from pathlib import Path

from chalicelib.ports.stores import SecretMissing


def secret_from(path: Path) -> bytes:
    """32 random bytes kept in `path` with owner-only rights; the same ones on every later call.

    Two processes starting at once agree, and a kill between write and rename leaves no
    half secret: the file appears whole or not at all.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            fresh = path.with_suffix(".new")
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(32))
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(path)
        return path.read_bytes()


def given_secret(path: Path) -> str:
    """The text of a secret that somebody put into `path`, as it is now. Raises SecretMissing."""
    try:
        secret = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        secret = ""
    if not secret:
        raise SecretMissing(name=str(path))
    return secret
