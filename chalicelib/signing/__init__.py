"""Licences made into documents that prove themselves: layout, signature, QR token, verification."""
