"""Scanned bytes in, pages of words out.

A package of its own: it imports nothing of the application, holds no credentials, and opens hostile files only
inside a confined child process (`ocr.zygote`, `ocr.confinement`).
"""
