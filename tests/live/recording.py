"""A recorder: every frame, page and file that some people get, in the order in which it reached them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.live.stage import Socket, Stage


@dataclass(frozen=True)
class Note:
    """Something that reached an observer after the act with this number."""

    act: int
    place: str
    text: str


@dataclass
class Recorder:
    """The notes of some observers, who look at the same places again and again."""

    stage: Stage
    # By observer: addresses inside the meeting that are looked at after every act, and those after every fourth.
    places: Mapping[str, Sequence[str]]
    slower: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    sockets: dict[str, Socket] = field(default_factory=dict)
    heard: dict[str, int] = field(default_factory=dict)

    def listen(self, name: str, code: str) -> None:
        """Keep every frame that reaches an observer on a session's page."""
        self.sockets[f"{name} {code}"] = self.stage.visitor(name).listen(code)

    def look(self, act: int) -> None:
        """Fetch every place again, and take in the frames that came since the last look."""
        for name, addresses in (*self.places.items(), *(self.slower.items() if act % 4 == 0 else ())):
            for address in addresses:
                answer = self.stage.visitor(name).get(address)
                assert answer.status_code == 200, f"{name} {address}: {answer.status_code}"
                # Above the main part stands the name of whoever looks.
                body = answer.text.partition('id="main"')[2] or answer.text
                self.notes.append(Note(act, f"{name} {address}", body))
        for name, socket in self.sockets.items():
            fragments = socket.fragments()
            for one in fragments[self.heard.get(name, 0):]:
                self.notes.append(Note(act, f"{name} frame {one['id']}", one["html"]))
            self.heard[name] = len(fragments)
