/** What the page wants to be shown: all of it stands in the address. */
import { FIRST_LAYERS, type LayerName } from "../layers.ts";

/** Rounds a second; 0: as many as the machine can; `phases`: slowly, phase by phase. */
export const SPEEDS = {
  phases: "one phase a second",
  "1": "1 round a second",
  "10": "10 rounds a second",
  "60": "60 rounds a second",
  "300": "300 rounds a second",
  "0": "as fast as it can",
} as const;
export type Speed = keyof typeof SPEEDS;

export type Scale = "probability" | "logit";

/** Options by their names on the command line, as text; of a second pane only those that differ from the first. */
export type WishedOptions = Readonly<Record<string, string>>;

export interface Wish {
  readonly panes: readonly WishedOptions[];
  readonly round: number;
  readonly layers: readonly LayerName[];
  readonly scale: Scale;
  readonly speed: Speed;
  /** Parts of the controls that a lesson leaves out. */
  readonly hide: readonly string[];
  readonly tour?: string;
}

export const FIRST_WISH: Wish = {
  panes: [{}],
  round: 0,
  layers: FIRST_LAYERS,
  scale: "probability",
  speed: "300",
  hide: [],
};
