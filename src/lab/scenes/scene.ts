/** What a scene of the plane is: panes to begin with, and a tour of steps that show one thing each. */
import type { ToLab } from "../protocol/plane-messages.ts";

/** What a number is held against: a number, or another number on the screen, times something. */
export type Bound = number | { readonly value: string; readonly times?: number; readonly plus?: number };

/** A sentence about the numbers on the screen once its step is done: it is checked against them. */
export interface Claim {
  /** A name of client/plane/values.ts; of the second pane with `pane2.` before it. */
  readonly value: string;
  /** `there`: the number, or the word, is on the screen at all. */
  readonly is: "below" | "above" | "near" | "there";
  /** 0 if left out. */
  readonly bound?: Bound;
  /** Of `near`: how far off still counts; 0 if left out. */
  readonly within?: number;
  /** What the number shows, as a sentence. */
  readonly says: string;
}

/** What a step does when it is reached; the page waits for it to end. */
export type Action =
  | ToLab
  /** To the end of this round, in every pane. */
  | { readonly kind: "play-to"; readonly round: number }
  /** Moves the handle of the stage of two distributions, in deviations. */
  | { readonly kind: "shift"; readonly theta: number };

export interface Step {
  readonly title: string;
  /** For a student who has read nothing: a few short sentences. */
  readonly text: string;
  /** Parts of the page that it speaks of (client/plane/parts.ts): they are marked. */
  readonly parts: readonly string[];
  readonly actions?: readonly Action[];
  readonly claims: readonly Claim[];
  /** Commands for a shell, where a step speaks of more than the page can do. */
  readonly commands?: readonly string[];
}

export interface Scene {
  readonly title: string;
  /** One sentence for the list of scenes. */
  readonly about: string;
  /** Options by their names on the command line, as they stand in the address; of the second pane what differs. */
  readonly panes: readonly Readonly<Record<string, string>>[];
  /** By their letters in the address: `rfha`. */
  readonly layers: string;
  /** Two distributions, of which one is moved by hand, stand beside the panes. */
  readonly stage?: "shift";
  readonly steps: readonly Step[];
}
