"""Tables of signing in: codes for the other device, passkeys, authenticator apps, and sign-ins that are half done."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now
from sigforum.people.models import Person, SignInLink


class SignInCode(Model):
    """Somebody gave an address in a browser. The six digits mailed there work in that browser alone.

    An address that nobody here has gets a row too, which no code ever opens: both are answered, and count tries, alike.
    """

    __tablename__ = "sign_in_codes"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing_mails.id", ondelete="CASCADE"), index=True)
    # The link in the same mail: whichever of the two is used first ends both.
    link_id: Mapped[int | None] = mapped_column(ForeignKey("sign_in_links.id", ondelete="CASCADE"), index=True)
    # Of the secret that the asking browser keeps.
    asked_hash: Mapped[str] = mapped_column(unique=True)
    address_hash: Mapped[str] = mapped_column(index=True)
    # Keyed, and empty until the mail is made.
    code_hash: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    link: Mapped[SignInLink | None] = relationship(lazy="joined")


class SecondStep(Model):
    """A sign-in that still needs a code of the person's authenticator app."""

    __tablename__ = "second_steps"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    link_id: Mapped[int | None] = mapped_column(ForeignKey("sign_in_links.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    # How the first step was done.
    means: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="joined")
    link: Mapped[SignInLink | None] = relationship(lazy="joined")


class Authenticator(Model):
    """The authenticator app of a person; its secret is encrypted with the site's key."""

    __tablename__ = "authenticators"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    sealed_secret: Mapped[str]
    # The half minute of the newest code that was taken: no code is taken twice.
    last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class RecoveryCode(Model):
    """A code for the day on which the phone with the app is lost; each works once."""

    __tablename__ = "recovery_codes"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Model):
    """A key pair whose private half never leaves the person's device."""

    __tablename__ = "passkeys"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    # Bytes are kept as base64url text, as browsers send them.
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    # What the device knows the person by: random, the same for all keys of one person.
    user_handle: Mapped[str]
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="joined")


class SpentChallenge(Model):
    """A challenge that was answered; a copy of the answer is worth nothing."""

    __tablename__ = "spent_challenges"
    challenge_hash: Mapped[str] = mapped_column(primary_key=True)
    spent_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
