"""One emitter, one commit, one guard for each way in."""

import ast

from flask import Flask

from sigforum.live.guards import MEMBER_EVENTS, RAW_EVENTS
from sigforum.people import guards
from tests.architecture.source import Source, listed, program

EMITTER = "sigforum/live/gateway.py"
COMMITTERS = {"sigforum/transaction.py", "sigforum/ballots/writer.py"}
GUARDS = {"public", "any_sign_in", "signed_in", "host", "member", "own_member", "organizer"}


def calls(source: Source, method: str) -> list[ast.Call]:
    return [node for node in source.nodes(ast.Call)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method]


def test_only_the_gateway_emits_and_always_to_a_room() -> None:
    wrong = [f"{source.name}:{call.lineno}" for source in program() if source.name != EMITTER
             for method in ("emit", "send_packet") for call in calls(source, method)]
    gateway = next(source for source in program() if source.name == EMITTER)
    emits = calls(gateway, "emit")
    assert emits, "the gateway emits nothing; has it moved?"
    for call in emits:
        to = [word.value for word in call.keywords if word.arg == "to"]
        if not to or (isinstance(to[0], ast.Constant) and not to[0].value):
            wrong.append(f"{EMITTER}:{call.lineno} names no room")
    assert not wrong, listed(wrong, "Nothing is ever emitted to everybody, and only live/gateway.py emits. Publish an "
                                    "event in the transaction and register how it looks with @renders.")


def test_only_the_transaction_and_the_vote_writer_commit() -> None:
    wrong = [f"{source.name}:{call.lineno}" for source in program() if source.name not in COMMITTERS
             for call in calls(source, "commit")]
    assert not wrong, listed(wrong, "Use `with transaction() as tx:`; it commits once, numbers the events and tells "
                                    "of them only afterwards.")
    for name in COMMITTERS:
        source = next(found for found in program() if found.name == name)
        assert len(calls(source, "commit")) == 1, f"{name} is to commit in exactly one place"


def test_every_route_has_exactly_one_guard(app: Flask) -> None:
    unguarded = [f"{rule.rule} ({rule.endpoint})" for rule in app.url_map.iter_rules()
                 if getattr(app.view_functions[rule.endpoint], "guard", None) not in GUARDS]
    assert not unguarded, listed(unguarded, "Put exactly one guard of people/guards.py below the route's decorator: "
                                            "@public, @any_sign_in, @signed_in, @host, @member, @own_member or "
                                            "@organizer.")
    assert {name for name in GUARDS if callable(getattr(guards, name))} == GUARDS
    used = {app.view_functions[rule.endpoint].guard for rule in app.url_map.iter_rules()}
    assert used == GUARDS


def test_no_view_wears_two_guards() -> None:
    wrong, seen = [], 0
    for source in program():
        if not source.name.endswith("/routes.py"):
            continue
        for node in source.nodes(ast.FunctionDef):
            assert isinstance(node, ast.FunctionDef)
            names = [ast.unparse(decorator) for decorator in node.decorator_list]
            if not any(name.startswith("pages.") for name in names):
                continue
            seen += 1
            worn = [name for name in names if name in GUARDS]
            if len(worn) != 1:
                wrong.append(f"{source.name}:{node.lineno} {node.name} wears {worn or 'none'}")
            elif not names[0].startswith("pages."):
                wrong.append(f"{source.name}:{node.lineno} {node.name} has its guard outside the route")
    assert seen > 25
    assert not wrong, listed(wrong, "A view wears one guard, written below its route; an outer one is not called.")


def test_every_socket_event_is_guarded(app: Flask) -> None:
    server = app.extensions["gateway"].server
    assert set(server.handlers) == {"/"}
    loose = set(server.handlers["/"]) - {"connect", "disconnect"} - set(MEMBER_EVENTS) - set(RAW_EVENTS)
    assert not loose, listed(sorted(loose), "Register socket events with answer_event of live/guards.py, which reads "
                                            "the sender's membership afresh each time.")
    assert {"join", "cast"} <= set(MEMBER_EVENTS) | set(RAW_EVENTS)
    # The vote writer reads sign-in and membership inside its own transaction, for a whole batch at once.
    assert set(RAW_EVENTS) <= {"cast"}, "Use answer_event: an event that checks its sender itself is the exception."
    assert not server.namespace_handlers
    for source in program():
        if source.name != "sigforum/live/connections.py":
            assert not calls(source, "on_event"), f"{source.name} goes past the guard"
