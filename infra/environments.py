"""Environments of their own for tools whose pins are not ours: build/lint, build/emulator."""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def environment(name: str, python: str = sys.executable) -> Path:
    """The folder of programs of `build/<name>`, holding what `requirements-<name>.txt` pins.

    Made when it is missing or its list changed. Raises CalledProcessError when it cannot be made.
    """
    pinned = CHECKOUT / "infra" / f"requirements-{name}.txt"
    folder = CHECKOUT / "build" / name
    folder.mkdir(parents=True, exist_ok=True)
    recipe = hashlib.sha256(pinned.read_bytes() + python.encode()).hexdigest()
    told = folder / "recipe"
    with folder.with_suffix(".lock").open("w") as lock:  # two at once: the second waits
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (told.exists() and told.read_text() == recipe):
            uv = [sys.executable, "-m", "uv", "venv", "--quiet", "--clear", "--python", python, str(folder)]
            subprocess.run(uv, check=True)
            install(["--python", str(folder / "bin" / "python"), "-r", str(pinned)])
            told.write_text(recipe)
    return folder / "bin"


def install(arguments: list[str]) -> None:
    """`uv pip install`, exactly what is named, from where pip was told to look."""
    index = os.environ.get("PIP_INDEX_URL")  # uv does not read pip's settings
    env = {**({"UV_DEFAULT_INDEX": index} if index else {}), **os.environ}
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--system-certs", "--no-deps"]
    subprocess.run([*command, *arguments], check=True, env=env)
