"""The promises of the live room, measured on this machine; prints JSON.

    python -m bench.live [--seconds 10] [--people 1000] [--only votes broadcasts] [--postgres URL]
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.live.congress import cut_off, steady_votes
from bench.live.fanout import broadcasts
from bench.live.house import House, furnished
from bench.live.servers import take_own_core
from bench.live.voting import votes_beside_echoes

Scenario = Callable[[House], dict[str, Any]]


def main() -> None:
    """Build one house, run every scenario in it, print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement; the congress takes six times")
    parser.add_argument("--people", type=int, default=1000, help="at the congress; the others scale with it")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="these scenarios instead of all")
    parser.add_argument("--postgres", default="", metavar="URL", help="an empty database instead of SQLite")
    asked = parser.parse_args()
    scenarios = scenarios_of(seconds=asked.seconds, people=asked.people)
    unknown = set(asked.only) - set(scenarios)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(scenarios)}")
    take_own_core()
    report: dict[str, Any] = {"machine": _machine(asked.postgres)}
    with furnished(people=max(12, asked.people * 12 // 10), database_url=asked.postgres) as house:
        for name in asked.only or scenarios:
            print(f"{name} ...", file=sys.stderr, flush=True)
            report[name] = scenarios[name](house)
    print(json.dumps(report, indent=2))


def scenarios_of(*, seconds: float, people: int) -> dict[str, Scenario]:
    """Every scenario by its name."""
    listeners = max(2, people // 2)
    return {
        "votes of 50": lambda house: votes_beside_echoes(
            house, seconds=seconds, voters=max(2, people // 20), listeners=listeners),
        "votes of 200": lambda house: votes_beside_echoes(
            house, seconds=seconds, voters=max(3, people // 5), listeners=listeners),
        "broadcasts": lambda house: broadcasts(house, seconds=seconds, screens=listeners),
        "congress": lambda house: steady_votes(house, seconds=6 * seconds, people=people, rooms=1),
        "one session": lambda house: steady_votes(house, seconds=seconds, people=people * 12 // 10, rooms=1),
        "twelve sessions": lambda house: steady_votes(house, seconds=seconds, people=people * 12 // 10, rooms=12),
        "cut off": lambda house: cut_off(house, people=people, within=min(10.0, seconds), posted=20),
    }


def _machine(database_url: str) -> dict[str, Any]:
    models = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
              if line.startswith("model name")]
    return {"processor": models[0] if models else platform.processor(), "cores": os.cpu_count(),
            "python": platform.python_version(), "database": "PostgreSQL" if database_url else "SQLite"}


if __name__ == "__main__":
    main()
