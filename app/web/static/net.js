// Requests to the API; a failure becomes a Problem with a text for people.

import { has, t } from "./words.js";

export class Problem extends Error {
  /** `status` is 0 when no answer came; `retryAfter` is in seconds or null. */
  constructor(status, code, message, retryAfter = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later. */
  get passing() {
    return this.status === 0 || this.code === "conflict" || this.status === 429 || this.status >= 500;
  }
}

/** The Problem for an RFC 9457 document, in the page's language where its code is known. */
export function problemOf(document_, status, retryAfter = null) {
  const code = String(document_?.type ?? "").replace("urn:interviewer:", "");
  const text = has(`problem.${code}`) ? t(`problem.${code}`) : t("problem.unknown");
  return new Problem(status, code, text, retryAfter);
}

/** fetch that throws a Problem unless the answer is a success; waits `seconds` for the headers. */
export async function request(url, { seconds = 20, ...options } = {}) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), seconds * 1000);
  let response;
  try {
    response = await fetch(url, { ...options, signal: limit.signal, credentials: "same-origin" });
  } catch {
    throw new Problem(0, "network", t("problem.network"));
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) return response;
  const retryAfter = Number.parseFloat(response.headers.get("Retry-After") ?? "");
  const body = await response.json().catch(() => null);
  throw problemOf(body, response.status, Number.isFinite(retryAfter) ? retryAfter : null);
}

/** The JSON of a GET; a body that was cut is a Problem too. */
export const getJSON = (url) => answerOf(url, { cache: "no-store" });

/** The JSON of a POST without a body. */
export const postJSON = (url) => answerOf(url, { method: "POST" });

async function answerOf(url, options) {
  const response = await request(url, options);
  try {
    return await response.json();
  } catch {
    throw new Problem(0, "network", t("problem.network"));
  }
}

/** A random version 4 UUID, also where the page is not a secure context. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
