// What this device keeps. Browsers may forbid storage; then things last as long as the page.
const memory = new Map();

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
