// "Go on on another device": a dialog with a link that works once, and the same as a QR code.

import { copy } from "./copying.js";
import { postJSON } from "./net.js";
import { t } from "./words.js";

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Lets `button` open `dialog`, which asks `url` for a new link each time. */
export function offerDevices(button, dialog, url) {
  const part = (name) => dialog.querySelector(`[data-device-${name}]`);
  button.addEventListener("click", async () => {
    part("ready").hidden = part("local").hidden = true;
    part("state").hidden = false;
    part("state").textContent = t("chat.device_making");
    dialog.showModal();
    try {
      const link = await postJSON(url);
      part("qr").src = `data:image/svg+xml,${encodeURIComponent(link.qr)}`;
      part("link").value = link.url;
      part("ready").hidden = false;
      part("state").hidden = true;
      part("local").hidden = !LOCAL.has(new URL(link.url).hostname);
    } catch (problem) {
      part("state").textContent = problem.message;
    }
  });
  part("copy").addEventListener("click", () => copy(part("link").value, part("copy")));
}
