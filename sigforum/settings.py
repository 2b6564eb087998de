"""Every setting of a running sigforum, read once from the environment."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sigforum.kernel.errors import Invalid

# What must be in no backup, log or page; addresses lose their passwords there.
IS_SECRET = {"is_secret": True}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One field a setting; SIGFORUM_<FIELD NAME> in the environment. docs/configuration.md lists them."""

    # Signs cookies and receipts. Required; only a demo may make its own.
    secret_key: str = field(metadata=IS_SECRET, repr=False)
    # Where the embedded database, the job queue and finished exports live.
    instance: Path
    # SQLAlchemy URL; empty means SQLite in the instance folder.
    database_url: str = ""
    # The address people reach the site at, used in mailed links; https turns on secure cookies.
    base_url: str = "http://127.0.0.1:5000"
    # smtp://user:password@host:port or smtps://...; empty means mails are printed by the worker.
    smtp_url: str = ""
    # The sender of every mail.
    mail_from: str = "sigforum <no-reply@localhost>"
    # "eventlet" in production; "threading" runs the same code on plain threads.
    async_mode: str = "eventlet"
    # A demo prints sign-in links and may make its own secret. Never on a public server.
    demo: bool = False
    # The largest upload taken, in megabytes.
    max_upload_mb: int = 10
    # How many times the usual pace one person may go, for programs that measure. See docs/security.md.
    pace: int = 1
    # How many reverse proxies stand in front, whose X-Forwarded headers are believed; 0 believes none.
    proxies: int = 0
    # How long a mailed sign-in link works, in minutes.
    sign_in_minutes: int = 30
    # How long an invitation's link works, in days.
    invitation_days: int = 30
    # How long a finished export is kept, in days.
    export_days: int = 30
    # The identity provider (OpenID Connect) whose accounts may sign in where their address is invited; empty is none.
    oidc_issuer: str = ""
    # What this site is called there, and the secret it shares with it.
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", metadata=IS_SECRET, repr=False)
    # What people call the provider, on the sign-in page; empty means its host name.
    oidc_name: str = ""
    # The file of the keys that sign bundles; empty means signing-keys.json in the instance folder.
    signing_keys: str = ""

    @property
    def sqlalchemy_url(self) -> str:
        """The database to use: the one named, or SQLite beside the instance's other files."""
        if self.database_url:
            # A bare postgresql:// means the driver that cooperates with eventlet.
            return self.database_url.replace("postgresql://", "postgresql+psycopg2://", 1)
        return f"sqlite:///{self.instance / 'sigforum.db'}"

    @property
    def signing_keys_file(self) -> Path:
        """Where the keys lie that sign bundles."""
        return Path(self.signing_keys).absolute() if self.signing_keys else self.instance / "signing-keys.json"

    @property
    def is_https(self) -> bool:
        """Whether people reach the site over TLS."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings. Raises Invalid, by variable, for what is missing or makes no sense."""
        values = {key.removeprefix("SIGFORUM_").lower(): value for key, value in environ.items()
                  if key.startswith("SIGFORUM_") and value != ""}
        errors: dict[str, str] = {}
        instance = Path(values.get("instance", "instance")).absolute()
        demo = values.get("demo", "").lower() in {"1", "true", "yes"}
        secret_key = values.get("secret_key", "")
        if not secret_key and (instance / "demo-secret").is_file():
            # Commands for an instance that a demo made need not be told so; without a secret of its own it stays one.
            demo = True
        if not secret_key and demo:
            secret_key = _demo_secret(instance)
        if not secret_key:
            errors["SIGFORUM_SECRET_KEY"] = (
                "SIGFORUM_SECRET_KEY is not set. Give it a long random value, "
                "for example the output of `python -c 'import secrets; print(secrets.token_hex(32))'`.")
        async_mode = values.get("async_mode", "eventlet")
        if async_mode not in {"eventlet", "threading"}:
            errors["SIGFORUM_ASYNC_MODE"] = "SIGFORUM_ASYNC_MODE is eventlet or threading."
        numbers = {}
        for name, default, least in (("max_upload_mb", 10, 1), ("sign_in_minutes", 30, 1),
                                     ("invitation_days", 30, 1), ("export_days", 30, 1), ("proxies", 0, 0),
                                     ("pace", 1, 1)):
            raw = values.get(name, str(default))
            if raw.isdecimal() and len(raw) < 7 and int(raw) >= least:
                numbers[name] = int(raw)
            else:
                errors[f"SIGFORUM_{name.upper()}"] = (
                    f"SIGFORUM_{name.upper()} is a whole number from {least} to 999999.")
        errors |= _provider_errors(values)
        if errors:
            raise Invalid(errors)
        return cls(
            secret_key=secret_key, instance=instance, demo=demo, async_mode=async_mode,
            database_url=values.get("database_url", ""),
            base_url=values.get("base_url", "http://127.0.0.1:5000").rstrip("/"),
            smtp_url=values.get("smtp_url", ""),
            mail_from=values.get("mail_from", "sigforum <no-reply@localhost>"),
            signing_keys=values.get("signing_keys", ""),
            oidc_issuer=values.get("oidc_issuer", "").rstrip("/"), oidc_client_id=values.get("oidc_client_id", ""),
            oidc_client_secret=values.get("oidc_client_secret", ""), oidc_name=values.get("oidc_name", ""),
            **numbers)


def _provider_errors(values: Mapping[str, str]) -> dict[str, str]:
    issuer = values.get("oidc_issuer", "")
    if not issuer:
        return {}
    errors = {f"SIGFORUM_{name.upper()}": f"SIGFORUM_{name.upper()} is needed beside SIGFORUM_OIDC_ISSUER."
              for name in ("oidc_client_id", "oidc_client_secret") if not values.get(name)}
    host = urlsplit(issuer).hostname
    # Who can change what the provider says can sign in as anybody; on this very machine nobody is in between.
    if not host or not (issuer.startswith("https://") or host in ("localhost", "127.0.0.1", "::1")):
        errors["SIGFORUM_OIDC_ISSUER"] = "SIGFORUM_OIDC_ISSUER is an address that begins with https://."
    return errors


def _demo_secret(instance: Path) -> str:
    """A demo's own secret, kept so that a restart signs nobody out."""
    path = instance / "demo-secret"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()
