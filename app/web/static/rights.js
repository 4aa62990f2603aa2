// Drops what the browser still keeps of interviews it may open no more: drafts and unsent replies.

const ID = /[0-9a-f]{32}/;
const mine = document.querySelector("[data-mine]").dataset.mine;

try {
  for (const key of Object.keys(localStorage)) {
    const id = key.match(ID)?.[0];
    if (id && !mine.includes(id)) localStorage.removeItem(key);
  }
} catch {
  // A browser that keeps nothing has nothing to drop.
}
