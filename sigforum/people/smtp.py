"""Speaking to the mail server: one connection for many mails, and a mail handed over line by line."""

import re
import smtplib
import ssl
from collections.abc import Callable
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.utils import parseaddr
from io import BytesIO
from types import TracebackType
from urllib.parse import parse_qs, unquote, urlsplit

from sigforum.people.headers import needs_smtputf8, wire_policy
from sigforum.settings import Settings

TIMEOUT_SECONDS = 20


class ServerProblem(Exception):
    """The server cannot be used now; no mail is to blame, and none was handed over."""


class Refused(Exception):
    """The server refused this mail: for good, or for now."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final


class Unsure(Exception):
    """The connection broke between the mail's last line and the server's answer: nobody can know whether it went."""


class Lost(Exception):
    """Somebody else has taken or withdrawn the mail meanwhile; its last line was not sent."""


class PostOffice:
    """A mail server, connected when the first mail is handed over. Without one, mails are printed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> "PostOffice":
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None,
                 _trace: TracebackType | None) -> None:
        self._close()

    def hand_over(self, message: EmailMessage, *, before_last_line: Callable[[], bool] = lambda: True) -> None:
        """Give a mail to the server. `before_last_line` is asked when everything but the line that makes it a mail
        has been sent: until then nothing can arrive, from then on it may.

        Raises ServerProblem, Refused, Unsure, or Lost where `before_last_line` said no.
        """
        if not self._settings.smtp_url:
            if not before_last_line():
                raise Lost
            print(f"\n--- mail (no SMTP server is set up) ---\n{message}\n---", flush=True)
            return
        try:
            smtp = self._connected()
            self._announce(smtp, message)
            self._send_lines(smtp, message)
        except (OSError, smtplib.SMTPException) as problem:
            self._close()
            raise ServerProblem(_reason(problem)) from problem
        except Refused:
            self._reset(smtp)
            raise
        if not before_last_line():
            # A connection that ends here makes the server forget what it was told.
            self._close()
            raise Lost
        try:
            smtp.send(b".\r\n")
            code, reply = smtp.getreply()
        except (OSError, smtplib.SMTPException) as problem:
            self._close()
            raise Unsure(_reason(problem)) from problem
        if code != 250:
            raise Refused(_answer(code, reply), is_final=code >= 500)

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is not None:
            try:
                if self._smtp.noop()[0] == 250:
                    return self._smtp
            except (OSError, smtplib.SMTPException):
                pass
            self._close()
        server = urlsplit(self._settings.smtp_url)
        trusted = ssl.create_default_context()
        host = server.hostname or ""
        if server.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, server.port or 465, timeout=TIMEOUT_SECONDS, context=trusted)
        else:
            smtp = smtplib.SMTP(host, server.port or 25, timeout=TIMEOUT_SECONDS)
        self._smtp = smtp
        if server.scheme != "smtps" and "starttls" in parse_qs(server.query, keep_blank_values=True):
            smtp.starttls(context=trusted)
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.ehlo_or_helo_if_needed()
        return smtp

    def _announce(self, smtp: smtplib.SMTP, message: EmailMessage) -> None:
        sender, recipient = (parseaddr(str(message[name]))[1] for name in ("From", "To"))
        options = []
        if needs_smtputf8(message):
            if not smtp.has_extn("smtputf8") and not sender.isascii():
                raise ServerProblem("The mail server does not know the sender's address, which is in another script "
                                    "(SMTPUTF8). Set SIGFORUM_MAIL_FROM to one in plain letters.")
            if not smtp.has_extn("smtputf8"):
                raise Refused("The mail server does not know addresses in other scripts (SMTPUTF8).", is_final=True)
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        code, reply = smtp.mail(sender, options)
        if code != 250:
            # The sender is ours and the same for all: whoever was to get this mail is not to blame.
            raise smtplib.SMTPSenderRefused(code, reply, sender)
        code, reply = smtp.rcpt(recipient)
        if code not in (250, 251):
            raise Refused(_answer(code, reply), is_final=code >= 500)

    def _send_lines(self, smtp: smtplib.SMTP, message: EmailMessage) -> None:
        code, reply = smtp.docmd("DATA")
        if code != 354:
            raise Refused(_answer(code, reply), is_final=code >= 500)
        written = BytesIO()
        BytesGenerator(written, policy=wire_policy(message)).flatten(message)
        lines = re.sub(rb"(?m)^\.", b"..", written.getvalue())
        smtp.send(lines if lines.endswith(b"\r\n") else lines + b"\r\n")

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._close()

    def _close(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _answer(code: int, reply: bytes) -> str:
    return f"{code} {reply.decode('utf-8', 'replace')}"


def _reason(problem: Exception) -> str:
    if isinstance(problem, smtplib.SMTPResponseException):
        reply = problem.smtp_error
        return _answer(problem.smtp_code, reply if isinstance(reply, bytes) else str(reply).encode())
    return str(problem) or type(problem).__name__
