"""How headers are written on the wire: letters of every script arrive as they were meant, on servers of every age."""

from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any

# A line of a header may have 78 characters; its name stands before the first ones.
_LONGEST_PLAIN, _LONGEST_LINE = 60, 75


class _WirePolicy(EmailPolicy):
    """Writes words of headers that fold as encoded words only: between two of those a reader drops the blank, which
    the library's own folding at times drops, or adds, between an encoded word and a plain one."""

    def fold(self, name: str, value: Any) -> str:
        written = _written(name, value)
        return super().fold(name, value) if written is None else written

    def fold_binary(self, name: str, value: Any) -> bytes:
        written = _written(name, value)
        return super().fold_binary(name, value) if written is None else written.encode("ascii")


_ASCII, _UTF8 = (_WirePolicy(linesep="\r\n", utf8=is_utf8) for is_utf8 in (False, True))


def wire_policy(message: EmailMessage) -> EmailPolicy:
    """How a mail is written out: in ASCII, which every server takes, unless an address itself needs more."""
    return _UTF8 if needs_smtputf8(message) else _ASCII


def needs_smtputf8(message: EmailMessage) -> bool:
    """Whether an address has letters before its @ that only newer servers take. A name beside it needs none."""
    return not all(parseaddr(str(message[name]))[1].isascii() for name in ("From", "To"))


def written_address(typed: str) -> Address | str:
    """A name and address for a header; a domain in another script is written in ASCII, as mail servers do (IDNA)."""
    name, address = parseaddr(typed)
    local, at, domain = address.rpartition("@")
    if not at:
        return typed
    return Address(display_name=name, username=local, domain=ascii_domain(domain))


def own_domain(mail_from: str) -> str | None:
    """The domain of the sender, for the ids of mails."""
    return ascii_domain(parseaddr(mail_from)[1].rpartition("@")[2]) or None


def ascii_domain(domain: str) -> str:
    """A domain as DNS knows it; what has no such form stays, and the server says so."""
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def _written(name: str, value: Any) -> str | None:
    """A header that has words of people in it, ready to be sent; None for all others."""
    if name.lower() == "subject":
        return f"{name}: {_words(str(value))}\r\n"
    if name.lower() in ("from", "to", "reply-to") and len(getattr(value, "addresses", ())) == 1:
        address = value.addresses[0]
        if not address.display_name.isascii() and address.addr_spec.isascii():
            return f"{name}: {_words(address.display_name)}\r\n <{address.addr_spec}>\r\n"
    return None


def _words(text: str) -> str:
    """Text as it stands where it is short and plain, else as encoded words on lines of their own (RFC 2047)."""
    if text.isascii() and len(text) <= _LONGEST_PLAIN and "=?" not in text and text == text.strip():
        return text
    return Header(text, "utf-8", maxlinelen=_LONGEST_LINE, header_name="Subject").encode(linesep="\r\n")
