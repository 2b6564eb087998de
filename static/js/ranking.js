// Ranking without dragging: two buttons move an option, and the list stands in the order chosen so far.
// The fields stay what is sent; without this module they are filled by hand.

const NOT_RANKED = Infinity;
const histories = new WeakMap();

const rows = (list) => [...list.querySelectorAll(".ranking-option")];
const field = (row) => row.querySelector("[data-place]");
const place = (row) => Number(field(row).value) || NOT_RANKED;
const words = (row) => row.querySelector("label").textContent.trim();

// Options that share a place, best place first; those without one are left out.
function tiers(list) {
  const found = new Map();
  for (const row of rows(list)) if (place(row) !== NOT_RANKED) found.set(place(row), [...(found.get(place(row)) ?? []), row]);
  return [...found.keys()].sort((one, other) => one - other).map((key) => found.get(key));
}

function write(list, order) {
  const places = new Map(order.flatMap((tier, index) => tier.map((row) => [row, String(index + 1)])));
  for (const row of rows(list)) field(row).value = places.get(row) ?? "";
}

// Equal options stand in the order of the ballot.
function arrange(list) {
  const held = document.activeElement;
  const parent = list.querySelector(".ranking-list");
  const wanted = list.ballotOrder.toSorted((one, other) => place(one) - place(other) || 0);
  if (wanted.some((row, index) => row !== parent.children[index])) parent.append(...wanted);
  // Moving an element takes the focus from it.
  if (held && list.contains(held) && held !== document.activeElement) held.focus({ preventScroll: true });
  const order = tiers(list);
  for (const row of wanted) {
    const tier = order.findIndex((one) => one.includes(row));
    row.classList.toggle("is-ranked", tier >= 0);
    const [up, down] = row.querySelectorAll("[data-rank-step]");
    up.setAttribute("aria-disabled", String(tier === 0 && order[0].length === 1));
    down.setAttribute("aria-disabled", String(tier < 0 || (tier === order.length - 1 && order[tier].length === 1)));
    up.setAttribute("aria-label", `${tier < 0 ? "Rank next" : "Move up"}: ${words(row)}`);
  }
  // Disabled in words only: a button that is switched off under the finger would lose the focus.
  list.querySelector("[data-ranking-clear]").setAttribute("aria-disabled", String(!order.length));
  list.querySelector("[data-ranking-undo]").setAttribute("aria-disabled", String(!histories.get(list).length));
}

function say(list, text) {
  list.querySelector("[data-ranking-said]").textContent = text;
}

function remember(list) {
  histories.get(list).push(rows(list).map((row) => [row, list.lastValues.get(row)]));
}

function settle(list) {
  list.lastValues = new Map(rows(list).map((row) => [row, field(row).value]));
  arrange(list);
}

// What else listens to the ballot hears of it as if it had been typed.
function announceInput(list) {
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

function standing(list, row) {
  const order = tiers(list);
  const tier = order.findIndex((one) => one.includes(row));
  if (tier < 0) return `${words(row)} is not ranked`;
  const before = order.slice(0, tier).flat().length;
  const others = order[tier].filter((one) => one !== row).map(words);
  return `${words(row)} is now ${before + 1} of ${rows(list).length}${others.length ? `, equal with ${others.join(", ")}` : ""}`;
}

// Up from a shared place is a place of one's own before it; alone, it is the place before. Down is the mirror.
function moved(order, row, step) {
  const from = order.findIndex((tier) => tier.includes(row));
  if (from < 0) return [...order, [row]];
  const isShared = order[from].length > 1;
  const rest = order.map((tier) => tier.filter((one) => one !== row)).filter((tier) => tier.length);
  const to = isShared ? from + (step > 0 ? 1 : 0) : from + step;
  return rest.toSpliced(to, 0, [row]);
}

function step(list, row, by) {
  const order = tiers(list);
  if (place(row) === NOT_RANKED && order.flat().length >= Number(list.dataset.top)) {
    say(list, `At most ${list.dataset.top} can be ranked`);
    return;
  }
  remember(list);
  write(list, moved(order, row, by));
  settle(list);
  say(list, standing(list, row));
  announceInput(list);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-ranking] button");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  const list = button.closest("[data-ranking]");
  if (button.dataset.rankStep) {
    step(list, button.closest(".ranking-option"), Number(button.dataset.rankStep));
  } else if (button.dataset.rankingUndo !== undefined) {
    for (const [row, value] of histories.get(list).pop() ?? []) field(row).value = value;
    settle(list);
    // A screen reader is silent about words that stay the same, so they say how far back this is.
    say(list, `Undone; ${histories.get(list).length} earlier changes, ${tiers(list).flat().length} ranked`);
    announceInput(list);
  } else if (button.dataset.rankingClear !== undefined) {
    remember(list);
    write(list, []);
    settle(list);
    say(list, "Nothing is ranked");
    announceInput(list);
  }
});

// A place chosen by hand is left as it is: the gaps below it may be filled next.
document.addEventListener("change", (event) => {
  const list = event.target.closest?.("[data-ranking]");
  if (!list || !event.target.matches("[data-place]")) return;
  remember(list);
  settle(list);
  say(list, standing(list, event.target.closest(".ranking-option")));
});

function prepare() {
  for (const list of document.querySelectorAll("[data-ranking]")) {
    if (histories.has(list)) continue;
    histories.set(list, []);
    list.ballotOrder = rows(list);
    for (const hidden of list.querySelectorAll(".ranking-steps, [data-ranking-tools]")) hidden.hidden = false;
    list.classList.add("has-steps");
    settle(list);
  }
}

prepare();
document.addEventListener("sigforum:patched", prepare);
// Choices that were put back from what this device kept.
document.addEventListener("sigforum:filled", () => {
  for (const list of document.querySelectorAll("[data-ranking]")) if (histories.has(list)) settle(list);
});
