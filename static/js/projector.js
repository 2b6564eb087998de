// The page on the wall: what does not fit is turned over by the arrow keys, never scrolled half out of sight.
const ITEMS = ".statement-result, .estimate-result, .wall-statements > li, .wall-priorities li, .priorities > li, .ranked > li, tbody > tr, .written > li";
const wall = document.body.dataset.surface === "projector" ? document.querySelector(".wall-page") : null;
const place = wall?.querySelector("[data-place]");
let page = 0;
let shown = "";

// The items of each round on the wall; what lies inside an item, or in a folded table, belongs to it.
function columns(region) {
  const rounds = region.querySelectorAll(".wall-round").length ? region.querySelectorAll(".wall-round") : [region];
  return [...rounds].map((round) => [...round.querySelectorAll(ITEMS)].filter(
    (item) => !item.parentElement.closest(ITEMS) && !item.closest(".numbers, tfoot")));
}

// As many whole items as fit make a page; two rounds turn over together. At least one, however tall.
function pages(region, rounds, most) {
  const show = (from, to) => {
    for (const items of rounds) for (const [place, item] of items.entries()) item.hidden = place < from || place >= to;
  };
  const starts = [0];
  for (let to = 1; to <= most; to += 1) {
    show(starts.at(-1), to);
    if (region.scrollHeight > region.clientHeight + 1 && to - 1 > starts.at(-1)) starts.push(to - 1);
  }
  page = Math.max(0, Math.min(page, starts.length - 1));
  show(starts[page], starts[page + 1] ?? most);
  return starts.length;
}

function lay() {
  const region = wall.querySelector("[data-paged]");
  place.hidden = true;
  if (!region) return;
  const title = wall.querySelector(".wall-title").textContent + wall.querySelector(".wall").className;
  if (shown !== title) page = 0;
  shown = title;
  for (const one of region.querySelectorAll("details.statement-result")) one.open = true;
  const rounds = columns(region);
  const count = pages(region, rounds, Math.max(...rounds.map((items) => items.length)));
  place.hidden = count < 2;
  place.textContent = `${page + 1} of ${count}`;
}

const STEPS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };

function wholeScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

if (wall) {
  const button = wall.querySelector("[data-whole-screen]");
  button.hidden = !document.documentElement.requestFullscreen;
  button.addEventListener("click", wholeScreen);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isControl = event.target.closest?.("button, a, summary");
    if (STEPS[event.key] && !(event.key === " " && isControl)) {
      event.preventDefault();
      page += STEPS[event.key];
      lay();
    } else if (event.key === "f") wholeScreen();
  });
  document.addEventListener("sigforum:patched", lay);
  window.addEventListener("resize", lay);
  // What fits is another thing once the typeface has come.
  document.fonts.addEventListener("loadingdone", lay);
  lay();
}
