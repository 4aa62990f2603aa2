// What tests ask of a page that is shown: an object of functions.
({
  /** Texts that people read or hear, in languages that begin with `code`; neither code nor what was typed. */
  texts(code) {
    const kept = "code, kbd, samp, script, style, noscript, [translate=no]";
    const isOther = (node) => Boolean(node.closest(kept)) || !node.closest("[lang]").getAttribute("lang").startsWith(code);
    const found = [document.title];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode()) {
      const parent = text.parentElement;
      if (!text.data.trim() || parent.closest("textarea") || isOther(parent)) continue;
      if (parent.checkVisibility({ visibilityProperty: true })) found.push(text.data.trim());
    }
    for (const name of ["title", "aria-label", "placeholder", "alt"]) {
      for (const node of document.querySelectorAll(`[${name}]`)) {
        if (!isOther(node)) found.push(node.getAttribute(name));
      }
    }
    return found;
  },

  /** Elements that reach beside the window, and texts that are cut off without a way to scroll to the rest. */
  cutOff() {
    const root = document.documentElement;
    const nameOf = (node) =>
      `${node.localName}.${[...node.classList].join(".")} "${node.textContent.trim().slice(0, 30)}"`;
    const found = [];
    const all = [...document.body.querySelectorAll("*")].filter((node) => !node.closest(".sr-only, svg"));
    if (root.scrollWidth > root.clientWidth) {
      found.push(`the page is ${root.scrollWidth} px wide`);
      for (const node of all) {
        const box = node.getBoundingClientRect();
        if (box.width && box.right > root.clientWidth + 1) found.push(nameOf(node));
      }
    }
    for (const node of all) {
      const { overflowX } = getComputedStyle(node);
      const isCut = ["hidden", "clip"].includes(overflowX) && node.scrollWidth > node.clientWidth + 1;
      if (isCut && node.clientWidth > 1 && node.textContent.trim()) found.push(`cut off: ${nameOf(node)}`);
    }
    return found.slice(0, 6);
  },

  /** What has the focus, as a name and whether that can be seen; null at the end of the page. */
  focused() {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    node.dataset.reached = "yes";
    const marks = [node, node.nextElementSibling, node.closest("label"), node.parentElement];
    const isMarked = marks.filter(Boolean).some((each) => {
      const style = getComputedStyle(each);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    });
    const box = node.getBoundingClientRect();
    const name = node.getAttribute("aria-label") || node.name || node.textContent;
    return {
      name: `${node.localName} ${name.trim().slice(0, 40)}`,
      seen: isMarked && box.bottom > 0 && box.top < innerHeight,
    };
  },

  /** What can be used and never had the focus; of radio buttons, one stands for all. */
  unreached() {
    const usable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    const isReached = (node) =>
      node.dataset.reached ||
      (node.type === "radio" && document.querySelector(`[name="${CSS.escape(node.name)}"][data-reached]`));
    return [...document.querySelectorAll(usable)]
      .filter((node) => !node.disabled && node.tabIndex >= 0 && !isReached(node))
      .filter((node) => node.checkVisibility({ visibilityProperty: true }))
      .map((node) => node.outerHTML.slice(0, 90));
  },
})
