"""How many votes a second are checked, stored, synced and acknowledged, beside bare echoes."""

from collections.abc import Callable
from secrets import token_hex
from typing import Any

from bench.live.crowd import Crowd, Page, share
from bench.live.house import House
from bench.live.servers import Server, bare_process

Asker = Callable[[Page, int, Callable[[dict[str, Any]], None]], None]


def votes_beside_echoes(house: House, *, seconds: float, voters: int, listeners: int) -> dict[str, Any]:
    """Votes acknowledged a second in a closed loop, alone and before listeners, and the yardstick's echoes."""
    room, run = house.rooms[0], token_hex(4)

    def vote(page: Page, number: int, ack: Callable[[dict[str, Any]], None]) -> None:
        page.vote(room.priorities_id, room.points(number), key=f"{run}-{id(page)}-{number:06}", ack=ack)

    def echo(page: Page, number: int, ack: Callable[[dict[str, Any]], None]) -> None:
        page.call("echo", {"meeting": house.slug, "poll": room.priorities_id, "round": 1, "ok": True,
                           "key": f"{run}-{id(page)}-{number:06}", "answer": room.points(number)}, ack)
    with bare_process() as bare:
        crowd = Crowd(bare.port)
        bare_rate = _closed_loop(crowd, bare, [Page(crowd, cookie="") for _ in range(voters)], [], echo, seconds)
        crowd.close()
    rates = {}
    for name, audience in (("alone", 0), ("before listeners", listeners)):
        stored = house.stored_votes()
        with house.open() as server:
            crowd = Crowd(server.port)
            pages = [house.page(crowd, number, room) for number in range(voters + audience)]
            rates[name] = _closed_loop(crowd, server, pages[:voters], pages[voters:], vote, seconds)
            crowd.close()
        rates[name]["stored, not acknowledged"] = (
            house.stored_votes() - stored - rates[name].pop("answered"))
    bare_rate.pop("answered")
    return {
        "voters": voters, "listeners": listeners, "echoes": bare_rate, **rates,
        "votes to echoes": round(rates["alone"]["a second"] / bare_rate["a second"], 2),
        "with listeners to without": round(
            rates["before listeners"]["a second"] / rates["alone"]["a second"], 2)}


def _closed_loop(crowd: Crowd, server: Server, askers: list[Page], listeners: list[Page], ask: Asker,
                 seconds: float) -> dict[str, Any]:
    """Everybody asks, waits for the answer, and asks again."""
    crowd.gather([*askers, *listeners])
    answered, numbers, is_over = [0], dict.fromkeys(askers, 0), [False]

    def next_one(page: Page) -> None:
        def done(answer: dict[str, Any]) -> None:
            if not answer["ok"]:
                raise ConnectionError(str(answer))
            answered[0] += 1
            if not is_over[0]:
                next_one(page)
        numbers[page] += 1
        ask(page, numbers[page], done)
    for page in askers:
        next_one(page)
    crowd.run(min(1.0, seconds / 4))
    before, cpu = answered[0], server.cpu_seconds
    heard = sum(page.received for page in listeners)
    taken = crowd.run(seconds)
    rate, busy = (answered[0] - before) / taken, (server.cpu_seconds - cpu) / taken
    heard = sum(page.received for page in listeners) - heard
    is_over[0] = True
    crowd.run(5, until=lambda: not any(page.acks for page in askers))
    report = {"a second": round(rate, 1), "server's core in use": round(busy, 2), "answered": answered[0],
              "microseconds of server each": round(busy / rate * 1e6) if rate else None}
    if listeners:
        report["messages a second a listener"] = round(heard / taken / len(listeners), 2)
    return report


def delay_shares(delays: list[float]) -> dict[str, float]:
    """Delays in milliseconds as people speak of them."""
    return {"p50 ms": round(share(delays, 0.5) * 1000, 1), "p99 ms": round(share(delays, 0.99) * 1000, 1),
            "most ms": round(max(delays, default=0.0) * 1000, 1)}
