"""Who may do what: one row for every rule and method of the application. A new route needs a row here."""

from dataclasses import dataclass, field
from typing import Any

from sigforum.kernel.loaded import mark
from sigforum.people.domain import MailKind
from sigforum.people.wording import DEFAULTS
from tests.access.scene import EVERYBODY, LIST, MEMBERS, NEWER_AGENDA, OUTSIDERS, UNKNOWN, Scene
from tests.casting import OTHER_AGENDA

M = "/meetings/{slug}"
ALL = " ".join(EVERYBODY)
SIGNED_IN = " ".join(MEMBERS + OUTSIDERS)
MEMBER = " ".join(MEMBERS)
CHAIR = "ada finn"
SPEAKER = "ada finn ben cyn"
VOTER = "ben cyn"
# Who chairs 1B.
KEEPER = "ada gus"
WORDS = DEFAULTS[MailKind.INVITATION]
POLL = {"kind": "rating", "title": "Another poll", "statements": "Here\nThere", "rule": "percent_agreement"}


@dataclass(frozen=True)
class Row:
    """An address, who may use it and what they get; the others get what their kind of stranger gets."""

    endpoint: str
    method: str
    path: str
    allowed: str
    status: int = 200
    data: dict[str, Any] = field(default_factory=dict)
    # What members get who may not: told why, or not even told that there is something.
    refused: int = 403
    # What single people get for a reason of their own.
    apart: dict[str, int] = field(default_factory=dict)
    # A canary that whoever holds the address is told, such as the meeting an invitation's link is for.
    told: str = ""
    # Whether it is sent by mail programs, which have no token of a form: what stands in the address is the right.
    is_one_click: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def expected(self, name: str) -> int:
        """The status that a person gets."""
        if name in self.apart:
            return self.apart[name]
        if name in self.allowed.split():
            return self.status
        if name in UNKNOWN:
            return 401
        return self.refused if name in MEMBERS else 404

    def address(self, scene: Scene, *, slug: str | None = None) -> str:
        """The row's address in a scene."""
        return self.path.format(slug=slug or scene.cast.slug, **scene.ids)

    def form(self, scene: Scene) -> dict[str, Any]:
        """The row's form in a scene."""
        return {name.format(**scene.ids): [one.format(**scene.ids) for one in value] if isinstance(value, tuple)
                else value.format(**scene.ids) for name, value in self.data.items()}


def page(endpoint: str, path: str, allowed: str, *, refused: int = 403) -> Row:
    """Something to look at."""
    return Row(endpoint, "GET", path, allowed, refused=refused)


def act(endpoint: str, path: str, allowed: str, *, status: int = 302, refused: int = 403,
        **data: str | tuple[str, ...]) -> Row:
    """Something to do."""
    return Row(endpoint, "POST", path, allowed, status, data, refused)


def braced(text: str) -> str:
    """A text that stays what it is when ids are put into it."""
    return text.replace("{", "{{").replace("}", "}}")


ROWS = (
    page("operations.health", "/health", ALL),
    page("show_asset", "/static/any/icon.svg", ALL),
    page("people.ask_sign_in", "/sign-in", ALL),
    act("people.send_sign_in", "/sign-in", ALL, email="ben@example.org"),
    # Whoever gave no address in this browser is sent to where one is given, and has no code to use.
    Row("people.type_code", "GET", "/sign-in/code", ALL, 302),
    act("people.use_code", "/sign-in/code", ALL, status=410, code="123456"),
    Row("people.ask_second_step", "GET", "/sign-in/second-step", ALL, 302),
    act("people.take_second_step", "/sign-in/second-step", ALL, status=410, code="123456"),
    page("people.ask_passkey", "/sign-in/passkey", ALL),
    act("people.use_passkey", "/sign-in/passkey", ALL, status=422, credential="{{}}"),
    # The scene has no identity provider.
    Row("people.go_to_provider", "GET", "/sign-in/provider", ALL, 404),
    Row("people.come_from_provider", "GET", "/sign-in/provider/back", ALL, 404),
    act("people.use_provider", "/sign-in/provider", ALL, status=404),
    Row("people.open_link", "GET", "/sign-in/{link}", ALL, told="Cells that stay"),
    act("people.use_link", "/sign-in/{link}", ALL),

    Row("inviting.decline", "POST", "/sign-in/{link}/decline", ALL, told="Cells that stay"),
    act("inviting.opened", "/sign-in/{link}/opened", ALL),

    # Whoever holds the link of a mail can stop these mails, and read nothing but which meeting's they are.
    Row("digests.ask_stop", "GET", "/unsubscribe/{mails}", ALL, told="Cells that stay"),
    Row("digests.stop", "POST", "/unsubscribe/{mails}", ALL, data={"List-Unsubscribe": "One-Click"},
        told="Cells that stay", is_one_click=True),
    Row("digests.undo", "POST", "/unsubscribe/{no_mails}/undo", ALL, told="Cells that stay", is_one_click=True),

    page("agenda.show_home", "/", SIGNED_IN),
    page("people.show_account", "/account", SIGNED_IN),
    act("people.end_sign_ins", "/account/sign-outs", SIGNED_IN),
    page("people.correct_own", "/account/name", SIGNED_IN),
    act("people.correct_own", "/account/name", SIGNED_IN, name="Another Name"),
    page("people.ask_for_address", "/account/address", SIGNED_IN),
    act("people.ask_for_address", "/account/address", SIGNED_IN, email="another@example.org"),
    Row("people.show_address", "GET", "/account/address/no-token", SIGNED_IN, 409),
    act("people.confirm_address", "/account/address/no-token", SIGNED_IN, status=409),
    act("people.sign_out", "/sign-out", SIGNED_IN),
    page("people.ask_new_passkey", "/account/passkeys/options", "ada finn gus mal", refused=404),
    act("people.add_passkey", "/account/passkeys", "ada finn gus mal", status=422, refused=404, credential="{{}}"),
    # Nobody in the scene has a key of their own yet, and nobody ever reaches another's.
    act("people.remove_passkey", "/account/passkeys/1/remove", SIGNED_IN, status=404),
    page("people.set_up_app", "/account/authenticator", "ada mal", refused=404),
    act("people.confirm_app", "/account/authenticator", "ada mal", status=422, refused=404, code="123456"),
    act("people.remove_app", "/account/authenticator/remove", SIGNED_IN, status=404),
    act("people.renew_recovery_codes", "/account/recovery-codes", SIGNED_IN, status=404),
    page("digests.show_choices", "/account/mail", SIGNED_IN),
    act("digests.choose_pace", M + "/mail", MEMBER, pace="at_once"),
    act("digests.set_hour", M + "/mail/hour", "ada", hour="18"),
    page("agenda.create_meeting", "/meetings/new", "ada mal", refused=404),
    act("agenda.create_meeting", "/meetings/new", "ada mal", refused=404, step="import", text=OTHER_AGENDA,
        seen="{seen_new}"),

    page("agenda.show_meeting", M, MEMBER),
    page("agenda.export_agenda", M + "/agenda.yaml", MEMBER),
    page("search.show_search", M + "/search?q=canary", MEMBER),
    page("agenda.import_agenda", M + "/agenda", "ada"),
    act("agenda.import_agenda", M + "/agenda", "ada", step="import", text=NEWER_AGENDA,
        seen="{seen_agenda}"),
    act("agenda.move_forum_session", M + "/sessions/1A/go_live", CHAIR),

    page("people.show_people", M + "/people", "ada"),
    page("people.show_invite", M + "/people/invite", "ada"),
    act("people.invite", M + "/people/invite", "ada", step="send", text=LIST, seen="{seen_list}"),
    act("people.resend", M + "/people/{cyn}/resend", "ada"),
    act("people.revoke", M + "/people/{cyn}/revoke", "ada"),
    page("people.correct_member", M + "/people/{cyn}/name", "ada"),
    act("people.correct_member", M + "/people/{cyn}/name", "ada", name="Another Name"),
    page("inviting.show_outbox", M + "/people/outbox/invitation", "ada"),
    act("inviting.change_words", M + "/people/outbox/invitation/words", "ada", subject="Come", text="To {{link}}"),
    act("inviting.send_test", M + "/people/outbox/change/test", "ada"),
    act("inviting.send", M + "/people/outbox/invitation/send", "ada", whom="all", seen="{seen_people}",
        subject=braced(WORDS.subject), text=braced(WORDS.text)),
    page("inviting.show_import", M + "/people/lists/{list}", "ada"),
    page("inviting.show_hours", M + "/people/hours", "ada"),
    act("inviting.change_hours", M + "/people/hours", "ada", time_zone="Europe/Berlin"),
    page("inviting.show_cards", M + "/people/cards", "ada"),
    act("inviting.make_cards", M + "/people/cards", "ada", status=200, whom="all"),
    # Members have answered theirs; dov, who has not, is signed in nowhere.
    act("inviting.answer", M + "/invitation/accept", MEMBER, status=409),

    page("disclosures.declare", M + "/interests", MEMBER),
    act("disclosures.declare", M + "/interests", MEMBER, stance="nothing"),
    page("disclosures.show_interests", M + "/sessions/1A/interests", CHAIR),
    page("disclosures.enter", M + "/sessions/1A/enter", SPEAKER),
    act("disclosures.enter", M + "/sessions/1A/enter", SPEAKER, notice="0", attribution="named"),
    page("disclosures.choose_attribution", M + "/sessions/1B/attribution", KEEPER),
    # Somebody has posted in 1A: those who could choose are told that it is locked.
    act("disclosures.choose_attribution", M + "/sessions/1A/attribution", CHAIR, status=409, attribution="role"),
    page("disclosures.set_entry", M + "/entry", "ada"),
    act("disclosures.set_entry", M + "/entry", "ada", is_on="1", text="Another notice"),

    page("threads.show_forum_session", M + "/sessions/1A", MEMBER),
    act("threads.post_response", M + "/sessions/1A/responses", SPEAKER,
        question_id="{question}", key="of-the-matrix", shown="named", text="From the matrix"),
    act("threads.mark_read", M + "/sessions/1A/read", MEMBER, response_id="{response}"),
    page("threads.reply_form", M + "/responses/{response}/reply", SPEAKER),
    page("threads.edit_response", M + "/responses/{response}/edit", "ben"),
    act("threads.edit_response", M + "/responses/{response}/edit", "ben", text="Other words", revision="1",
        shown="named"),
    page("threads.withdraw_response", M + "/responses/{response}/withdraw", "ben"),
    act("threads.withdraw_response", M + "/responses/{response}/withdraw", "ben"),
    page("threads.restore_response", M + "/responses/{withdrawn}/restore", "ben"),
    act("threads.restore_response", M + "/responses/{withdrawn}/restore", "ben"),
    page("threads.flag_response", M + "/responses/{response}/flag", "cyn"),
    act("threads.flag_response", M + "/responses/{response}/flag", "cyn", reason="Names a price"),
    page("threads.hide_response", M + "/responses/{response}/hide", CHAIR),
    act("threads.hide_response", M + "/responses/{response}/hide", CHAIR, reason="Names a price"),
    page("threads.show_response", M + "/responses/{hidden}/show", CHAIR),
    act("threads.show_response", M + "/responses/{hidden}/show", CHAIR),
    page("threads.show_history", M + "/responses/{response}/history", MEMBER),
    page("threads.show_history", M + "/responses/{withdrawn}/history", "ada finn ben"),

    page("ballots.create_poll", M + "/sessions/1A/polls/new", CHAIR),
    act("ballots.create_poll", M + "/sessions/1A/polls/new", CHAIR, **POLL),
    page("ballots.change_poll", M + "/polls/{draft}/edit", CHAIR),
    act("ballots.change_poll", M + "/polls/{draft}/edit", CHAIR, **POLL),
    act("ballots.delete_poll", M + "/polls/{draft}/delete", CHAIR),
    act("ballots.move_poll", M + "/polls/{draft}/open", CHAIR),
    act("ballots.move_poll", M + "/polls/{poll}/close", CHAIR),
    act("ballots.undo_open", M + "/polls/{poll}/undo", CHAIR),
    act("ballots.set_timer", M + "/polls/{poll}/timer/60", CHAIR),
    act("ballots.nudge_voters", M + "/polls/{poll}/nudge", CHAIR),
    page("ballots.show_record", M + "/polls/{told}", MEMBER),
    page("ballots.show_record", M + "/polls/{draft}", CHAIR, refused=404),
    page("ballots.show_sheet", M + "/polls/{told}/rounds/1/sheet.json", MEMBER),
    page("ballots.change_between_rounds", M + "/polls/{told}/deviate", CHAIR),
    act("ballots.change_between_rounds", M + "/polls/{told}/deviate", CHAIR, **POLL, reason="From the matrix"),
    page("ballots.show_ballot", M + "/polls/{poll}/ballot", MEMBER),
    page("ballots.show_ballot", M + "/polls/{draft}/ballot", CHAIR, refused=404),
    act("ballots.cast_vote", M + "/polls/{poll}/votes", VOTER,
        **{"round": "1", "key": "of-the-matrix", "rating-o{option}": "7", "abstain": "1"}),

    page("ballots.show_recusals", M + "/sessions/1A/recusals", SPEAKER),
    act("ballots.recuse", M + "/sessions/1A/recusals", "ada finn ben", person="{ben}", reason="From the matrix"),
    act("ballots.take_back", M + "/recusals/{recusal}/take-back", "ada finn cyn"),

    page("facilitation.show_console", M + "/sessions/1A/console", CHAIR),
    page("facilitation.show_projector", M + "/sessions/1A/projector", CHAIR),
    act("facilitation.run_poll", M + "/polls/{poll}/run/close", CHAIR),
    act("facilitation.run_poll", M + "/polls/{draft}/run/open", CHAIR),
    act("facilitation.show_on_stage", M + "/sessions/1A/stage", CHAIR),
    act("facilitation.change_lead", M + "/sessions/1A/lead", CHAIR),
    page("facilitation.ask_code", "/j", ALL),
    # Whoever is not signed in is sent to sign in, whether there is such a code or not.
    Row("facilitation.follow_code", "GET", "/j/{code}", MEMBER + " dov nobody", 302),

    page("summaries.show_summary", M + "/sessions/1A/summary", MEMBER),
    # The summary of 1A is being written, that of 1B is in review again after two versions of it were published.
    page("summaries.show_draft", M + "/sessions/1A/summary/draft", CHAIR),
    page("summaries.show_version", M + "/sessions/1B/summary/versions/1", MEMBER),
    page("summaries.show_changes", M + "/sessions/1B/summary/versions/2/changes", MEMBER),
    act("summaries.begin", M + "/sessions/1A/summary/begin", CHAIR),
    act("summaries.move_summary", M + "/sessions/1A/summary/ask_review", CHAIR),
    act("summaries.move_summary", M + "/sessions/1B/summary/close_review", KEEPER),
    page("summaries.correct_summary", M + "/sessions/1B/summary/correct", KEEPER),
    # Only a published summary is corrected: those who may are told that it is in review.
    act("summaries.correct_summary", M + "/sessions/1B/summary/correct", KEEPER, status=409, reason="A mistake"),
    page("summaries.edit_summary", M + "/sessions/1A/summary/edit", CHAIR),
    page("summaries.write_line", M + "/sessions/1A/summary/lines/new", CHAIR),
    act("summaries.write_line", M + "/sessions/1A/summary/lines/new", CHAIR, kind="statement", text="New words"),
    page("summaries.edit_line", M + "/lines/{line}/edit", CHAIR),
    act("summaries.edit_line", M + "/lines/{line}/edit", CHAIR, text="Other words", wording="1"),
    page("summaries.split_line", M + "/lines/{line}/split", CHAIR),
    act("summaries.split_line", M + "/lines/{line}/split", CHAIR, text="One.\n\nTwo.", wording="1"),
    page("summaries.merge_lines", M + "/sessions/1A/summary/merge", CHAIR),
    act("summaries.merge_lines", M + "/sessions/1A/summary/merge", CHAIR, text="Both.", line=("{line}", "{line_two}"),
        wording=("1", "1")),
    act("summaries.move_line", M + "/lines/{line}/remove", CHAIR),
    act("summaries.lift_response", M + "/responses/{response}/lift", CHAIR),
    act("summaries.lift_option", M + "/sessions/1A/summary/lift/{told}/o{told_option}", CHAIR),
    page("summaries.review_summary", M + "/sessions/1B/summary/review", VOTER),
    act("summaries.approve_line", M + "/lines/{reviewed}/approve/1", VOTER),
    page("summaries.review_line", M + "/lines/{reviewed}/review", VOTER),
    act("summaries.review_line", M + "/lines/{reviewed}/review", VOTER, stance="dissent", text="Not so.", wording="1",
        shown="named"),
    act("summaries.approve_rest", M + "/sessions/1B/summary/approve-rest", VOTER, revision="{revision}"),
    page("summaries.write_position", M + "/sessions/1B/summary/minority", VOTER),
    act("summaries.write_position", M + "/sessions/1B/summary/minority", VOTER, text="Not as a whole.",
        shown="named"),
    page("summaries.show_position", M + "/minority/{position}", MEMBER),
    act("summaries.show_position", M + "/minority/{position}", "ben", text="In other words.", shown="named"),
    act("summaries.hold_position", M + "/minority/{held}/hold", VOTER, shown="named",
        words=mark("Also against it")),
    act("summaries.sign_summary", M + "/sessions/1B/summary/sign", VOTER, revision="{revision}", listing="listed",
        shown="named"),
    page("summaries.show_meeting_summary", M + "/summary", MEMBER),
    page("schema.show_schema", "/schema/summary-1.json", ALL),
    page("signing_keys.show_keys", "/keys", ALL),
    page("signing_keys.list_keys", "/.well-known/sigforum-keys.json", ALL),
    page("own_data.download_data", "/account/data.zip", SIGNED_IN),
    page("own_data.erase_data", "/account/erase", SIGNED_IN),
    # A meeting is not left without an organizer: the only one of each is told so.
    Row("own_data.erase_data", "POST", "/account/erase", SIGNED_IN, 302, {"texts": "keep", "confirm": "yes"},
        apart={"ada": 409, "mal": 409}),
    page("oversight.show_audit", M + "/audit", "ada"),
    page("oversight.download_audit", M + "/audit.csv", "ada"),
    page("oversight.retain", M + "/retention", "ada"),
    act("oversight.retain", M + "/retention", "ada", days="30"),
    page("oversight.download_certificate", M + "/certificates/{certificate}.json", "ada"),
    page("oversight.erase_member", M + "/people/{cyn}/erase", "ada"),
    act("oversight.erase_member", M + "/people/{cyn}/erase", "ada", texts="keep", confirm="yes"),
    page("exports.show_exports", M + "/exports", MEMBER),
    act("exports.request_export", M + "/exports", MEMBER, format="csv", session="1A"),
    act("exports.request_export", M + "/exports", "ada finn gus", format="zip"),
    page("exports.download", M + "/exports/{job}/{file}", "ada ben", refused=404),
    act("exports.cancel_export", M + "/exports/{waiting}/cancel", "ada ben", refused=404),
    act("exports.retry_export", M + "/exports/{failed}/retry", "ada ben", refused=404),
)
