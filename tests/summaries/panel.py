"""A discussed and voted forum session, built through the actions that people use."""

import io
import re
import zipfile
from dataclasses import dataclass

import pypdf
from lxml import etree
from sqlalchemy import select

from sigforum.agenda.models import ForumSession
from sigforum.ballots import actions as ballots
from sigforum.ballots.box import Cast as CastVote
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.people import queries as people
from sigforum.people.actions import invite_people
from sigforum.people.domain import MembershipStatus
from sigforum.people.forms import parse_invitations
from sigforum.threads import actions as threads
from sigforum.threads.forms import NewResponse
from sigforum.threads.models import Response
from sigforum.transaction import transaction
from tests.casting import Cast

# Names and affiliations found nowhere else: where one turns up, it leaked.
PANEL = """name,email,affiliation,stakeholder group,role,sessions
Quill Zebranek,p1@example.org,Vantorix Labs,Industry,participant,
Oriel Maskwell,p2@example.org,Hemlock Cells,Industry,participant,
Tamsin Yrjola,p3@example.org,Brightvale Bio,Industry,participant,
Jorun Ekkert,p4@example.org,Saint Odile Hospital,Clinical,participant,
Wim Ostrander,p5@example.org,Kestrel Clinic,Clinical,participant,
Pia Lovelock,p6@example.org,Lantern Patients,Patient,participant,
Ugo Bramante,p7@example.org,Lantern Patients,Patient,participant,
"""
NAMES = ("Zebranek", "Maskwell", "Vantorix", "Hemlock")
STATEMENTS = ("Release by a potency matrix should be the default.", "Making at the bedside should be usual.")
# One column a voter; x is outside expertise.
RATINGS = ((9, 8, 8, 7, 7, 7, 2, 9), (1, 9, 2, 8, 1, 9, "x", 5))


@dataclass
class Panel:
    """The cast, and what was said and asked in 1A."""

    cast: Cast
    voters: tuple[str, ...] = ("p1", "p2", "p3", "p4", "p5", "p6", "p7", "ben")

    @property
    def forum_session(self) -> ForumSession:
        """1A, read now."""
        return self.cast.forum_session("1A")

    def say(self, name: str, text: str, *, question: int = 0, parent: Response | None = None,
            code: str = "1A") -> Response:
        """Post a response as somebody, or a reply."""
        asked = self.cast.forum_session(code).asked[question]
        return threads.post_response(self.cast.viewer(name), NewResponse(
            question_id=asked.id, parent_id=parent.id if parent else None, text=text,
            key=f"key-{name}-{abs(hash(text))}"))

    def lay(self, name: str, points: dict[str, int]) -> None:
        """Lay points as somebody."""
        poll = self.priorities()
        self._cast(name, poll, points)

    def priorities(self) -> Poll:
        """The standing poll of 1A."""
        found = db.session.scalar(select(Poll).where(
            Poll.forum_session_id == self.forum_session.id, Poll.is_standing.is_(True)))
        assert found is not None
        return found

    def rate(self, *, until: str = "reveal") -> Poll:
        """Run a rating poll over STATEMENTS with RATINGS, as far as a verb."""
        chair = self.cast.viewer("finn")
        poll = ballots.create_poll(chair, self.forum_session.id, parse_poll({
            "kind": "rating", "title": "Where to go", "statements": "\n".join(STATEMENTS),
            "rule": "percent_agreement"}))
        for verb in ("open", "close", "reveal"):
            ballots.move_poll(chair, poll.id, verb=verb)
            if verb == "open":
                for place, name in enumerate(self.voters):
                    keys = [f"o{option.id}" for option in poll.options]
                    self._cast(name, poll, {"ratings": {
                        key: ratings[place] for key, ratings in zip(keys, RATINGS, strict=True)}})
                self._cast("cyn", poll, {"abstain": True})
            if verb == until:
                break
        return poll

    def attribute(self, rule: str) -> None:
        """Set the attribution rule of 1A."""
        with transaction():
            self.forum_session.attribution = rule

    def _cast(self, name: str, poll: Poll, raw: object) -> None:
        ballots.cast_vote(self.cast.viewer(name), CastVote(
            poll_id=poll.id, round_number=poll.rounds[-1].number, raw=raw, key=f"vote-{name}-{poll.id}"))


def make_panel(cast: Cast) -> Panel:
    """Invite the panel, let it discuss 1A and lay its points; no poll yet."""
    codes = {found.code: found.id for found in cast.forum_session().meeting.forum_sessions}
    invite_people(cast.viewer("ada"), parse_invitations(PANEL, codes=codes).people, send_mail=False)
    with transaction():
        for member in people.members(cast.meeting_id):
            if member.status == MembershipStatus.INVITED and member.person.email != "dov@example.org":
                member.status = MembershipStatus.ACCEPTED
    panel = Panel(cast)
    first = panel.say("p1", "Release testing is the **bottleneck**.\n\n# A heading of my own")
    panel.say("p2", "I agree with that.", parent=first)
    second = panel.say("p2", "Starting material varies too much.", question=1)
    third = panel.say("p4", "Hospitals lack the staff.", question=1)
    withdrawn = panel.say("p5", "CANARYWITHDRAWN should be gone.", question=1)
    threads.withdraw_response(cast.viewer("p5"), withdrawn.id)
    hidden = panel.say("p6", "CANARYHIDDEN should be gone.", question=1)
    threads.hide_response(cast.viewer("finn"), hidden.id, reason="It names a patient.")
    panel.say("p7", "Something in the other session.", code="1B")
    panel.lay("p1", {f"r{first.id}": 3, f"r{second.id}": 2})
    panel.lay("p2", {f"r{first.id}": 1, f"r{third.id}": 3})
    panel.lay("p3", {f"r{first.id}": 2})
    # Watched totals are shown once three more people have voted; these leave all their points.
    for name in ("p5", "p6", "p7"):
        panel.lay(name, {})
    return panel


def office_text(content: bytes) -> str:
    """Every word in every part of an office file: body, notes, properties, descriptions, and workbooks inside."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if name.endswith(".xlsx"):
                found.append(office_text(part))
            elif name.endswith((".xml", ".rels")):
                root = etree.fromstring(part)
                paragraphs = root.xpath("//*[local-name()='p' or local-name()='si']") or [root]
                found += ["".join(paragraph.itertext()) for paragraph in paragraphs]
                found += map(str, root.xpath("//@descr | //@title | //@Target | //@*[local-name()='val']"))
    return " ".join(found)


def readable(content: bytes, extension: str) -> str:
    """The text of a file as a reader finds it, with single blanks."""
    if extension == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return " ".join(readable(archive.read(name), name.rpartition(".")[2]) for name in archive.namelist())
    if extension == "pdf":
        text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    elif extension in ("docx", "pptx", "xlsx"):
        text = office_text(content)
    elif extension == "xml":
        text = " ".join(etree.fromstring(content).itertext())
    else:
        text = content.decode("utf-8-sig")
    return re.sub(r"\s+", " ", text)
