/** The address bar: it always says what is shown, and who changes it is followed. */
import { hashToWish, wishToHash } from "./address.ts";
import { FIRST_WISH, type Wish } from "./wish.ts";

/** The last state of this tab: `#plane` alone goes on with it. */
const KEY = "gan-eval-plane";
const BARE = "#plane";

export interface Begun {
  readonly wish: Wish;
  readonly complaints: readonly string[];
  /** Neither the address nor this tab says anything. */
  readonly isBare: boolean;
}

export class Addresses {
  private readonly onChange: (wish: Wish, complaints: readonly string[]) => void;
  /** What was written last: its own change is none to follow. */
  private written = "";
  private readonly listener = () => this.changed();

  constructor(onChange: (wish: Wish, complaints: readonly string[]) => void) {
    this.onChange = onChange;
    addEventListener("hashchange", this.listener);
  }

  begin(): Begun {
    const isBare = location.hash === BARE;
    const kept = isBare ? sessionStorage.getItem(KEY) : null;
    const read = hashToWish(kept ?? location.hash) ?? { wish: FIRST_WISH, complaints: [] };
    this.written = location.hash;
    return { ...read, isBare: isBare && kept === null };
  }

  /** A change that was made is an entry of the history; what is dragged and what only looks takes the place of the last. */
  write(wish: Wish, how: "push" | "replace" = "push"): void {
    const hash = wishToHash(wish);
    sessionStorage.setItem(KEY, hash);
    if (hash === location.hash || !location.hash.startsWith(BARE)) return;
    // The first that is written after the page was opened says what it shows anyway.
    const isFirst = this.written === BARE || how === "replace";
    this.written = hash;
    if (isFirst) history.replaceState(null, "", hash);
    else history.pushState(null, "", hash);
  }

  private changed(): void {
    const { hash } = location;
    if (hash === this.written) return;
    const kept = hash === BARE ? sessionStorage.getItem(KEY) : null;
    if (kept !== null) {
      history.replaceState(null, "", kept);
      this.written = kept;
      return;
    }
    const read = hashToWish(hash);
    if (!read) return;
    this.written = hash;
    this.onChange(read.wish, read.complaints);
  }

  close(): void {
    removeEventListener("hashchange", this.listener);
  }
}
