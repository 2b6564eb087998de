"""Headers that keep strangers' scripts and frames out of every page."""

import secrets

from flask import Flask, Response, g


def csp_nonce() -> str:
    """The number used once that lets a page's own import map through."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def bind(app: Flask) -> None:
    """Set the headers of every response, and give templates `csp_nonce()`."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    is_https = app.config["SETTINGS"].is_https

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'self' 'nonce-{csp_nonce()}'; style-src 'self'; font-src 'self'; "
            "img-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'")
        # Only told to the browser's console: our own policy lets our own server's fragments through.
        headers["Content-Security-Policy-Report-Only"] = "require-trusted-types-for 'script'; trusted-types default"
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        # Pages show what one person may see; nothing between us and the browser may keep them.
        headers.setdefault("Cache-Control", "no-store")
        if is_https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response
