/** Runs that the reader hid: kept by the browser, and no business of the folders. */

const KEY = "gan-eval-hidden";

export function readHidden(): Set<string> {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return new Set(Array.isArray(read) ? read.filter((id) => typeof id === "string") : []);
  } catch {
    return new Set();
  }
}

export function writeHidden(hidden: ReadonlySet<string>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([...hidden]));
  } catch {
    // A browser that keeps nothing hides until it is reloaded.
  }
}
