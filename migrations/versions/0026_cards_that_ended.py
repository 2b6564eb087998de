"""A card ends with its owner's place in the meeting, and what it signed in ends with it and with the card made after it.

Until now neither did. All that a meeting made for somebody before they were last removed from it ends, and so do the
sign-ins by cards that are older than the person's newest card.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
LINKS = sa.table("sign_in_links", sa.column("person_id"), sa.column("meeting_id"), sa.column("is_for_door"),
                 sa.column("created_at", MOMENT), sa.column("expires_at", MOMENT))
SIGN_INS = sa.table("sign_ins", sa.column("person_id"), sa.column("meeting_id"), sa.column("means"),
                    sa.column("created_at", MOMENT), sa.column("revoked_at", MOMENT))
PLACES = sa.table("memberships", sa.column("id"), sa.column("person_id"), sa.column("meeting_id"),
                  sa.column("revoked_at", MOMENT))
EARLIER = sa.table("earlier_places", sa.column("membership_id"), sa.column("revoked_at", MOMENT))


def upgrade():
    moment = datetime.now(UTC)
    of_now = sa.select(PLACES.c.person_id, PLACES.c.meeting_id, PLACES.c.revoked_at).where(
        PLACES.c.revoked_at.is_not(None))
    # Somebody who was called back has the removal in the place that ended then.
    of_before = sa.select(PLACES.c.person_id, PLACES.c.meeting_id, EARLIER.c.revoked_at).join_from(
        EARLIER, PLACES, PLACES.c.id == EARLIER.c.membership_id).where(EARLIER.c.revoked_at.is_not(None))
    removed = sa.union_all(of_now, of_before).subquery()
    for table, ends in ((LINKS, "expires_at"), (SIGN_INS, "revoked_at")):
        is_live = table.c[ends] > moment if table is LINKS else table.c[ends].is_(None)
        op.execute(sa.update(table).where(is_live, sa.exists().where(
            removed.c.person_id == table.c.person_id, removed.c.meeting_id == table.c.meeting_id,
            removed.c.revoked_at >= table.c.created_at)).values({ends: moment}))
    op.execute(sa.update(SIGN_INS).where(
        SIGN_INS.c.revoked_at.is_(None), SIGN_INS.c.means == "card", sa.exists().where(
            LINKS.c.is_for_door, LINKS.c.person_id == SIGN_INS.c.person_id, LINKS.c.meeting_id == SIGN_INS.c.meeting_id,
            LINKS.c.created_at > SIGN_INS.c.created_at)).values(revoked_at=moment))


def downgrade():
    pass
