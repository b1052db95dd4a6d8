/** The state of the page in its address and back: `#plane?data=ring&lr=1e-3&round=2000&layers=rfh&pane2.loss=minimax`. */
import { layersToLetters, lettersToLayers } from "../layers.ts";
import { FIRST_WISH, type Scale, SPEEDS, type Speed, type Wish } from "./wish.ts";

const START = "#plane";
/** Of an option of the second pane; alone with `same` where no option differs. */
const SECOND = "pane2";

const FLAG = /^[a-z][a-z0-9-]{0,63}$/;

/** Sections that `hide=` knows, beside flags of options. */
export const HIDEABLE = [
  "data",
  "net",
  "loss",
  "training",
  "rates",
  "algorithm",
  "charts",
  "readings",
  "pairs",
  "branches",
  "command",
  "pad",
];

interface Field {
  /** Undefined leaves the wish as it is and is reported with what was expected. */
  readonly read: (text: string) => Partial<Wish> | undefined;
  readonly write: (wish: Wish) => string;
  readonly expected: string;
}

/** What is no option. */
const FIELDS: Readonly<Record<string, Field>> = {
  round: {
    read: (text) => (/^\d{1,9}$/.test(text) ? { round: Number(text) } : undefined),
    write: ({ round }) => String(round),
    expected: "a whole number",
  },
  layers: {
    read: (text) => {
      const layers = lettersToLayers(text);
      return layers && { layers };
    },
    write: ({ layers }) => layersToLetters(layers),
    expected: "letters of layers, r f h m a g o d",
  },
  scale: {
    read: (text) =>
      text === "probability" || text === "logit" ? { scale: text satisfies Scale } : undefined,
    write: ({ scale }) => scale,
    expected: "probability or logit",
  },
  speed: {
    read: (text) => (Object.hasOwn(SPEEDS, text) ? { speed: text as Speed } : undefined),
    write: ({ speed }) => speed,
    expected: Object.keys(SPEEDS).join(", "),
  },
  hide: {
    read: (text) => {
      const hide = text.split(",").filter((name) => name !== "");
      return hide.every((name) => FLAG.test(name)) ? { hide } : undefined;
    },
    write: ({ hide }) => hide.join(","),
    expected: `${HIDEABLE.join(", ")}, or options`,
  },
  tour: {
    read: (text) => (/^[\w-]{0,64}$/.test(text) ? (text === "" ? {} : { tour: text }) : undefined),
    write: ({ tour }) => tour ?? "",
    expected: "the name of a tour",
  },
};

export interface ReadAddress {
  readonly wish: Wish;
  /** What was not understood, in sentences. */
  readonly complaints: readonly string[];
}

/** Undefined where the address is another part's. */
export function hashToWish(hash: string): ReadAddress | undefined {
  const query = new RegExp(`^${START}(?:\\?(.*))?$`).exec(hash);
  if (!query) return undefined;
  let wish = FIRST_WISH;
  const options: Record<string, string>[] = [{}];
  const complaints: string[] = [];
  for (const [key, text] of new URLSearchParams(query[1] ?? "")) {
    const field = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
    const [, pane, flag] = /^(?:(pane2)(?:\.|$))?(.*)$/.exec(key)!;
    if (field) {
      const read = field.read(text);
      if (read) wish = { ...wish, ...read };
      else complaints.push(`${key}: expected ${field.expected}, got ${text}`);
    } else if (pane) {
      options[1] ??= {};
      if (FLAG.test(flag)) options[1][flag] = text;
      else if (flag !== "") complaints.push(`${key}: expected an option's name`);
    } else if (FLAG.test(flag)) options[0][flag] = text;
    else complaints.push(`${key}: expected an option's name`);
  }
  return { wish: { ...wish, panes: options }, complaints };
}

/** Letters, digits and what an address may hold unescaped stay readable. */
const textToPart = (text: string): string =>
  encodeURIComponent(text).replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");

/** Only what differs from the beginning. */
export function wishToHash(wish: Wish): string {
  const parts = Object.entries(wish.panes[0] ?? {}).map(([flag, text]) => `${flag}=${textToPart(text)}`);
  for (const [name, { write }] of Object.entries(FIELDS)) {
    const text = write(wish);
    if (text !== write(FIRST_WISH)) parts.push(`${name}=${textToPart(text)}`);
  }
  const second = wish.panes[1];
  if (second) {
    const own = Object.entries(second).map(([flag, text]) => `${SECOND}.${flag}=${textToPart(text)}`);
    parts.push(...(own.length > 0 ? own : [`${SECOND}=same`]));
  }
  return parts.length === 0 ? START : `${START}?${parts.join("&")}`;
}
