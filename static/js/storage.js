// What this device keeps. Browsers may forbid storage; then things last as long as the page.
const memory = new Map();

// Devices are shared: what one person wrote must neither be shown to the next one who signs in here nor go out in
// their name.
export const own = (name) => `sigforum.${document.body.dataset.person ?? ""}.${name}`;

export function keep(name, value) {
  memory.set(name, value);
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function kept(name) {
  try {
    const text = localStorage.getItem(name);
    return text === null ? memory.get(name) ?? null : JSON.parse(text);
  } catch {
    return memory.get(name) ?? null;
  }
}

export function forget(name) {
  memory.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // Nothing was stored, so nothing is left.
  }
}

// The names of all that is kept under a beginning.
export function keptNames(beginning) {
  const names = new Set(memory.keys());
  try {
    for (const name of Object.keys(localStorage)) names.add(name);
  } catch {
    // What is in memory is all there is.
  }
  return [...names].filter((name) => name.startsWith(beginning));
}
