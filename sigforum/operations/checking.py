"""What is unsafe in a configuration, in words for the operator; the worst of it is refused."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sigforum.kernel.words import number_of
from sigforum.settings import Settings

# 128 bits as hexadecimal digits.
SHORTEST_SECRET = 32
LONGEST_LINK_MINUTES = 24 * 60
LONGEST_INVITATION_DAYS = 120
_LOCAL = {"127.0.0.1", "localhost", "::1"}
_GUESSABLE = ("secret", "changeme", "password", "sigforum", "12345678", "development")


@dataclass(frozen=True, kw_only=True)
class Concern:
    """Something to look at; `is_refused` where the web process does not start with it."""

    setting: str
    words: str
    is_refused: bool = False


def concerns(settings: Settings) -> list[Concern]:
    """Everything that is unsafe, the worst first."""
    found = [*_secret(settings), *_address(settings), *_mail(settings), *_demo(settings), *_times(settings),
             *_files(settings)]
    return sorted(found, key=lambda one: not one.is_refused)


def _is_public(settings: Settings) -> bool:
    return (urlsplit(settings.base_url).hostname or "") not in _LOCAL


def _secret(settings: Settings) -> Iterator[Concern]:
    key, is_public = settings.secret_key, _is_public(settings)
    if len(key) < SHORTEST_SECRET:
        yield Concern(setting="SIGFORUM_SECRET_KEY", is_refused=is_public, words=(
            f"It has {number_of(len(key), 'character')}; {SHORTEST_SECRET} at least keep cookies and receipts from "
            "being forged."))
    elif len(set(key)) < 8 or any(word in key.lower() for word in _GUESSABLE):
        yield Concern(setting="SIGFORUM_SECRET_KEY", is_refused=is_public,
                      words="It can be guessed; `python -c 'import secrets; print(secrets.token_hex(32))'` makes one.")


def _address(settings: Settings) -> Iterator[Concern]:
    if _is_public(settings) and not settings.is_https:
        yield Concern(setting="SIGFORUM_BASE_URL", words=(
            "It is not https: links, cookies and votes can be read and changed on the way. Put a proxy with TLS in "
            "front, and write https:// here."))
    if _is_public(settings) and settings.proxies == 0:
        yield Concern(setting="SIGFORUM_PROXIES", words=(
            "It is 0: behind a proxy everybody would seem to come from one address. Without a proxy that is right."))
    if settings.async_mode == "threading":
        yield Concern(setting="SIGFORUM_ASYNC_MODE", words="Plain threads are for tests; a room needs the event loop.")


def _mail(settings: Settings) -> Iterator[Concern]:
    mail = urlsplit(settings.smtp_url)
    if not settings.smtp_url and _is_public(settings):
        yield Concern(setting="SIGFORUM_SMTP_URL", words="It is empty: sign-in links go into the worker's output.")
    elif mail.scheme == "smtp" and "starttls" not in mail.query and (mail.hostname or "") not in _LOCAL:
        yield Concern(setting="SIGFORUM_SMTP_URL", is_refused=bool(mail.password), words=(
            "Mails with sign-in links, and the password, would cross the network in the clear. Add ?starttls, or use "
            "smtps://."))
    if _is_public(settings) and "@localhost" in settings.mail_from:
        yield Concern(setting="SIGFORUM_MAIL_FROM", words="Mail from localhost is refused or lost by most servers.")


def _demo(settings: Settings) -> Iterator[Concern]:
    if settings.demo and _is_public(settings):
        yield Concern(setting="SIGFORUM_DEMO", is_refused=True,
                      words="A demo prints links that sign anybody in; it has no place on a public address.")


def _times(settings: Settings) -> Iterator[Concern]:
    if settings.sign_in_minutes > LONGEST_LINK_MINUTES:
        yield Concern(setting="SIGFORUM_SIGN_IN_MINUTES", words="A link that works for days is one to be found.")
    if settings.invitation_days > LONGEST_INVITATION_DAYS:
        yield Concern(setting="SIGFORUM_INVITATION_DAYS", words="An invitation's link should not outlive its meeting.")


def _files(settings: Settings) -> Iterator[Concern]:
    """Files that other users of the machine can read."""
    keys = settings.signing_keys_file
    if keys.exists() and stat.S_IMODE(keys.stat().st_mode) & 0o077:
        yield Concern(setting="SIGFORUM_SIGNING_KEYS", words=(
            f"{keys.name} can be read by others, who could sign bundles as this site. `chmod 600` it, and replace the "
            "key with `sigforum keys rotate`."))
    for path in (settings.instance, settings.instance / "sigforum.db", settings.instance / "exports"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o007 and not settings.demo and _is_public(settings):
            yield Concern(setting="SIGFORUM_INSTANCE", words=(
                f"{path.name} can be read by every user of this machine. `chmod o-rwx` it."))
