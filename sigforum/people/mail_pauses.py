"""Growing pauses between the sign-in mails of one mailbox, so that nobody fills it, and nobody locks its owner out."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people.codes import address_hash
from sigforum.people.models import SignInLink
from sigforum.people.signing_models import SignInCode

# So many follow each other at once; after that each pause is twice the one before.
AT_ONCE = 10
_DAY = timedelta(days=1)


def seconds_to_wait(email: str) -> int:
    """How long until the next mail may be asked for; 0 is now. Counted alike for addresses that nobody has.

    The longest pause is as long as a link works: the newest mail in the mailbox, whoever asked for it, still signs in,
    so that its owner always has a way. A sign-in by one of the mails begins the count anew.
    """
    moment = now()
    rows = db.session.execute(
        select(SignInCode.created_at, SignInCode.used_at, SignInLink.used_at)
        .outerjoin(SignInLink, SignInLink.id == SignInCode.link_id)
        .where(SignInCode.address_hash == address_hash(email), SignInCode.created_at > moment - _DAY)
        .order_by(SignInCode.id.desc())).all()
    asked = 0
    for _, code_used_at, link_used_at in rows:
        if code_used_at or link_used_at:
            break
        asked += 1
    if asked < AT_ONCE:
        return 0
    longest = timedelta(minutes=current_app.config["SETTINGS"].sign_in_minutes)
    pause = min(timedelta(minutes=2 ** min(asked - AT_ONCE, 12)), longest)
    return max(0, -int((moment - rows[0][0] - pause).total_seconds() // 1))
