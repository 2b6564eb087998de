// Changing the page: fragments from the server replace what has their id, or join the place they belong to.
import { Idiomorph } from "idiomorph";

// Someone's finger is in a calm region for this long after a touch; it is not moved under it.
const CALM_MS = 1200;
const versions = new Map();
const waiting = new Map();
let touched = { at: 0, region: null };

for (const kind of ["pointerdown", "keydown", "input"]) {
  document.addEventListener(kind, (event) => {
    const region = event.target instanceof Element ? event.target.closest("[data-calm]") : null;
    if (region) touched = { at: Date.now(), region: region.id };
  }, { capture: true, passive: true });
}

const MORPH = {
  morphStyle: "outerHTML",
  ignoreActiveValue: true,
  callbacks: {
    // A ballot being filled, a thread of replies: the server's new version of them would lose something.
    beforeNodeMorphed: (before, after) => !(before.dataset?.keep && before.dataset.keep === after.dataset?.keep),
    // What a script added for this reader alone, such as an open reply form.
    beforeNodeRemoved: (node) => !node.dataset?.own,
    // Whether something is unread or folded open is the reader's own state; the server does not know it here.
    beforeAttributeUpdated: (name) => name !== "data-unread" && name !== "open",
  },
};

export function applyFragments(fragments) {
  let isChanged = false;
  for (const fragment of fragments) isChanged = apply(fragment) || isChanged;
  if (isChanged) document.dispatchEvent(new CustomEvent("sigforum:patched"));
}

function apply(fragment) {
  // Tallies may overtake each other on the way; the higher version is the newer one.
  if (fragment.version && fragment.version < (versions.get(fragment.id) ?? 0)) return false;
  if (fragment.version) versions.set(fragment.id, fragment.version);
  const element = document.getElementById(fragment.id);
  if (!element) return fragment.html !== "" && insert(fragment);
  if (fragment.html === "") {
    element.remove();
    return true;
  }
  if (element.matches("[data-calm]") && touched.region === element.id && Date.now() - touched.at < CALM_MS) {
    postpone(fragment);
    return false;
  }
  waiting.delete(fragment.id);
  Idiomorph.morph(element, fragment.html, MORPH);
  return true;
}

function insert(fragment) {
  const place = fragment.into && document.getElementById(fragment.into);
  if (!place) return false;
  const template = document.createElement("template");
  template.innerHTML = fragment.html.trim();
  const element = template.content.firstElementChild;
  element.classList.add("is-arriving");
  // Newest first: a poll that was written before others but opened after them still belongs below them.
  const number = (one) => Number(one.id.split("-").at(-1));
  const isOlder = (one) => place.dataset.insert === "first" && number(one) < number(element);
  place.insertBefore(element, [...place.children].find(isOlder) ?? null);
  return true;
}

function postpone(fragment) {
  const isFirst = !waiting.has(fragment.id);
  waiting.set(fragment.id, fragment);
  if (!isFirst) return;
  const retry = () => {
    const newest = waiting.get(fragment.id);
    if (!newest) return;
    waiting.delete(fragment.id);
    applyFragments([newest]);
  };
  setTimeout(retry, CALM_MS);
}
