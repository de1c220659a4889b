"""The headers that tell a browser what our pages may do: almost nothing."""

from chalicelib.settings import Settings


def security_headers(settings: Settings, files: str = "") -> dict[str, str]:
    """Strict CSP without inline scripts or styles, and its companions (OWASP ASVS 3.4).

    `files` is the origin that scans are sent to and previews come from, when that is not our own.
    """
    policy = {
        "default-src": "'self'",
        "connect-src": f"'self' {files}".strip(),
        "img-src": f"'self' data: {files}".strip(),
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }
    if settings.secure:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers
