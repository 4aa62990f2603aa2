// The page's strings, put by the server into <script type="application/json" id="words">.

const holder = document.getElementById("words");
const entries = holder ? JSON.parse(holder.textContent) : {};

/** The text of `key` with {name} replaced by the values; forms `one` and `other` are chosen by `values.n`. */
export function t(key, values = {}) {
  const entry = entries[key];
  const text = typeof entry === "object" ? entry[values.n === 1 ? "one" : "other"] : entry;
  if (text === undefined) throw new Error(`no string ${key}`);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Whether the page was given a string of this name. */
export function has(key) {
  return key in entries;
}
