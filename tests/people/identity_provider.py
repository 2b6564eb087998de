"""A small OpenID Connect provider, run as a process of its own: real keys, real tokens, and lies on request."""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "sigforum-in-tests", "a secret shared with the provider"
PAGE = """<!doctype html><html lang="en"><title>Log in</title>
<form method="post"><label>Account <input name="email"></label><button>Log in</button></form>"""


class Provider(ThreadingHTTPServer):
    """What the provider remembers: its keys, and the codes it gave out."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.issuer = f"http://127.0.0.1:{port}"
        self.key, self.other_key = (RSAKey.generate_key(2048, {"kid": name}) for name in ("one", "one"))
        self.codes: dict[str, dict[str, str]] = {}
        self.userinfo: dict[str, dict[str, Any]] = {}


class Handler(BaseHTTPRequestHandler):
    """The provider's addresses."""

    server: Provider

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/.well-known/openid-configuration":
            issuer = self.server.issuer
            self._json({"issuer": issuer, "authorization_endpoint": f"{issuer}/authorize",
                        "token_endpoint": f"{issuer}/token", "jwks_uri": f"{issuer}/jwks",
                        "userinfo_endpoint": f"{issuer}/userinfo", "response_types_supported": ["code"],
                        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"]})
        elif path == "/jwks":
            self._json({"keys": [self.server.key.as_dict(private=False)]})
        elif path == "/authorize":
            self._answer(200, PAGE.encode(), "text/html")
        elif path == "/userinfo":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._json(self.server.userinfo[token])
        else:
            self._json({}, status=404)

    def do_POST(self) -> None:
        form = {name: values[0] for name, values in parse_qs(
            self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()).items()}
        if urlsplit(self.path).path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            assert asked["client_id"] == CLIENT
            assert asked["response_type"] == "code"
            assert asked["code_challenge_method"] == "S256"
            code = secrets.token_urlsafe()
            self.server.codes[code] = asked | form
            state = "forged" if form.get("lie") == "state" else asked["state"]
            self.send_response(303)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': state})}")
            self.end_headers()
        else:
            self._give_token(form)

    def _give_token(self, form: dict[str, str]) -> None:
        asked = self.server.codes.pop(form.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        named = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        if (asked is None or unquote(named) != f"{CLIENT}:{SECRET}" or form["redirect_uri"] != asked["redirect_uri"]
                or proof.decode().rstrip("=") != asked["code_challenge"]):
            self._json({"error": "invalid_grant"}, status=400)
            return
        access, lie, moment = secrets.token_urlsafe(), asked.get("lie", "none"), int(time.time())
        claims: dict[str, Any] = {
            "iss": self.server.issuer, "aud": CLIENT, "sub": asked["email"], "nonce": asked["nonce"], "iat": moment,
            "exp": moment + 300, "email": asked["email"], "email_verified": True}
        claims |= {"issuer": {"iss": "https://elsewhere.example"}, "audience": {"aud": "another site"},
                   "nonce": {"nonce": "another"}, "expired": {"exp": moment - 3600, "iat": moment - 7200},
                   "unverified": {"email_verified": False}, "verified in words": {"email_verified": "true"},
                   "no email": {"email": None, "email_verified": None}}.get(lie, {})
        claims = {name: value for name, value in claims.items() if value is not None}
        self.server.userinfo[access] = {"sub": asked["email"], "email": asked["email"], "email_verified": True}
        if lie == "email of another":
            claims = {name: value for name, value in claims.items() if not name.startswith("email")}
            self.server.userinfo[access] |= {"sub": "another", "email": "ada@example.org"}
        key = self.server.other_key if lie == "key" else self.server.key
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
        if lie == "no signature":
            head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
            token = f"{head}.{token.split('.')[1]}."
        self._json({"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": token})

    def _json(self, value: Any, *, status: int = 200) -> None:
        self._answer(status, json.dumps(value).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


if __name__ == "__main__":
    Provider(int(sys.argv[1])).serve_forever()
