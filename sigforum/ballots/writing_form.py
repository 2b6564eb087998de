"""The form that a poll is written in, and the same form for another kind without losing a word."""

from collections.abc import Mapping

from flask import render_template

from sigforum.agenda.models import ForumSession
from sigforum.ballots.kind_change import FormFields, carried, fields_of, fitted, typed_in
from sigforum.ballots.models import Poll
from sigforum.ballots.registry import all_kinds, kind_named, rules_for
from sigforum.kernel.errors import Outdated

DEFAULT_KIND = "rating"
OUTDATED = ("Somebody changed this poll after you opened this form, and nothing of yours is saved yet. What you typed "
             "stands below. Look at the poll as it is now; if you save, your words replace theirs.")


def in_another_kind(posted: Mapping[str, str]) -> dict[str, str]:
    """What was typed so far, for the kind that `change_to` names. Nothing is stored. Raises NotFound."""
    before, wanted = _kind_of(posted), posted.get("change_to", "")
    kind = before if without_options({"kind": wanted}) else wanted
    return fitted(typed_in(posted, _blank(before)), _blank(kind)) | {"kind": kind, "change_to": wanted}


def without_options(typed: Mapping[str, str]) -> dict[str, str]:
    """The error of a kind whose options are not written by hand: statements of its form would be dropped."""
    kind = kind_named(_kind_of(typed))
    return {"kind": f"“{kind.label}” takes what people answered for its options, and stands beside the discussion of "
                    "every session by itself. Choose a kind whose options are written."} if (
        kind.options_are_responses) else {}


def new_poll_form(forum_session: ForumSession, *, typed: Mapping[str, str],
                  errors: Mapping[str, str] | None = None) -> str:
    """The form for a new poll, with every kind that can be written."""
    kind = DEFAULT_KIND if without_options(typed) else _kind_of(typed)
    return _form(forum_session, kind, typed=typed, errors=errors or {}, poll=None, is_deviation=False)


def poll_form(poll: Poll, *, typed: Mapping[str, str], errors: Mapping[str, str] | None = None,
              is_deviation: bool = False) -> str:
    """The form for a poll that is stored: a draft, or a change for the next round."""
    return _form(poll.forum_session, _kind_of(typed), typed=typed, errors=errors or {}, poll=poll,
                 is_deviation=is_deviation)


def outdated_form(poll: Poll, refusal: Outdated, *, typed: Mapping[str, str], is_deviation: bool = False) -> str:
    """The form with what was typed, after somebody else changed the poll; sent again it replaces what they wrote."""
    return poll_form(poll, typed={**typed, **refusal.renewed}, errors={"poll-form": OUTDATED},
                     is_deviation=is_deviation)


def _form(forum_session: ForumSession, kind: str, *, typed: Mapping[str, str], errors: Mapping[str, str],
          poll: Poll | None, is_deviation: bool) -> str:
    kinds = [] if poll else [found for found in all_kinds().values() if not found.options_are_responses]
    return render_template(
        "ballots/poll_form.html", forum_session=forum_session, slug=forum_session.meeting.slug, poll=poll,
        kind=kind_named(kind), kinds=kinds, errors=errors, is_deviation=is_deviation, was_changed="change_to" in typed,
        fields=_fields(kind, typed=typed, errors=errors, is_deviation=is_deviation),
        carried={} if poll else carried(typed, _blank(kind)),
        mark=(typed.get("terms") or poll.terms.mark) if poll else "")


def _fields(kind: str, *, typed: Mapping[str, str], errors: Mapping[str, str], is_deviation: bool = False) -> str:
    found = kind_named(kind)
    return render_template("ballots/_poll_fields.html", kind=found, rules=rules_for(found), typed=typed, errors=errors,
                           is_deviation=is_deviation)


def _blank(kind: str) -> FormFields:
    return fields_of(_fields(kind, typed={}, errors={}))


def _kind_of(typed: Mapping[str, str]) -> str:
    return typed.get("kind") or DEFAULT_KIND
