"""Scanned bytes in, pages of words out.

A package of its own: it imports nothing of the application, holds no credentials, and opens hostile files only
inside a confined child process (`ocr.zygote`, `ocr.confinement`).
"""

import os

# onnxruntime from release 1.29 on tells its makers of every session, and holds a thread for it, unless this is set
# before it is imported. Nothing leaves the house unasked; without the thread it may be carried over a fork.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
