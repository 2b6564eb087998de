// What became of votes whose ballots are gone: it is said at the poll, with what had been chosen.
import { formOf, votes } from "./outbox.js";
import { forget } from "./storage.js";
import { clock } from "./times.js";

// What became of a vote whose ballot has left the page: with the choices, until its person has read it.
export function tellOutcomes() {
  for (const [name, vote] of votes()) {
    const outcome = vote.outcome;
    const id = `outcome-${vote.poll}-${vote.round}`;
    if (!outcome || (formOf(vote) && !outcome.isOvertaken) || document.getElementById(id)) continue;
    const isOwnPage = location.pathname === vote.action.replace(/votes$/, "ballot");
    const place = isOwnPage ? document.querySelector("[data-ballot-content]")
      : document.getElementById(`poll-${vote.poll}`)?.querySelector(".poll-body, .panel-body");
    place?.prepend(outcomeNote(id, name, vote));
  }
}

function outcomeNote(id, name, vote) {
  const note = document.createElement("div");
  note.id = id;
  note.className = `note vote-outcome ${vote.outcome.ok ? "is-success" : "is-warning"}`;
  note.dataset.own = "1";
  note.setAttribute("role", "status");
  const words = document.createElement("p");
  const what = `Your vote of ${clock(new Date(vote.at))} in round ${vote.round}`;
  words.textContent = vote.outcome.ok ? `${what} was saved. Your receipt: ${vote.outcome.code}` : `${what}: ${vote.outcome.error}`;
  const chosen = document.createElement("dl");
  chosen.className = "own-answer";
  for (const [asked, answered] of vote.words) {
    const line = document.createElement("div");
    const [term, value] = [document.createElement("dt"), document.createElement("dd")];
    term.dir = value.dir = "auto";
    term.textContent = asked;
    value.textContent = answered;
    line.append(term, value);
    chosen.append(line);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button";
  close.textContent = "I have read this";
  close.addEventListener("click", () => {
    forget(name);
    note.remove();
  });
  note.append(words, chosen, close);
  return note;
}
