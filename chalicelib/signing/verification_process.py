"""Verification in a process of its own, so that a hostile file harms nothing but its own verdict."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from ssl import DER_cert_to_PEM_cert

from chalicelib.signing.errors import VerificationBusy
from chalicelib.signing.verification import LARGEST_FILE, Verification, refused

# A file may use half of this on the processor: only a machine with no time left comes to its end.
WALL_SECONDS = 40


def verify_apart(pdf: bytes, roots: Iterable[bytes], now: datetime) -> Verification:
    """As `verify_pdf`, in a child with limits on memory and time; "unreadable" when the child comes to grief.

    Raises VerificationBusy when the child had no time: a true licence must not be called false for that.
    """
    if len(pdf) > LARGEST_FILE:
        return refused("too-large")
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        file, root = Path(folder, "licence.pdf"), Path(folder, "roots.pem")
        file.write_bytes(pdf)
        root.write_text("".join(DER_cert_to_PEM_cert(der) for der in roots))
        command = [sys.executable, "-m", "chalicelib.signing.verification", str(file)]
        try:
            child = subprocess.run(
                [*command, "--root", str(root), "--now", now.isoformat()],
                # Nothing of ours but where its modules are: no settings, no credentials.
                env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
                cwd=Path(__file__).resolve().parents[2],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=WALL_SECONDS,
                check=False,
            )
            return Verification.from_json(json.loads(child.stdout))
        except subprocess.TimeoutExpired:
            raise VerificationBusy() from None
        except (ValueError, TypeError, KeyError):
            return refused("unreadable")
