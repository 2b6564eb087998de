"""A question is one in every script."""

from sigforum.agenda.importing.reading import read_agenda

QUESTIONS = ("Is this one read?", "何ですか？", "ما هي الخلايا؟", "Ի՞նչ է դա՞", "ምንድን ነው፧", "Is it last?")
HEAD = "T it\n\n16–17 June, 2026\n\nDAY 1, June 16\n\nSlot 1: M\n\n1X. Small\nTheme: T\nCentral question: What？\n\n"


def test_questions_of_every_script_are_kept_without_bullets() -> None:
    plan = read_agenda((HEAD + "\n\n".join(QUESTIONS)).encode(), filename="agenda.txt")
    assert next(iter(plan.forum_sessions)).forum_session.questions == QUESTIONS


def test_no_bullet_is_said_to_lack_the_mark_it_has() -> None:
    plan = read_agenda((HEAD + "\n".join(f"- {one}" for one in QUESTIONS)).encode(), filename="agenda.txt")
    assert next(iter(plan.forum_sessions)).forum_session.questions == QUESTIONS
    assert not [one for one in plan.warnings if "question mark" in one.message]
