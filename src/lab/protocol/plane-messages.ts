/** What the page of the plane and the lab say to each other: JSON, one object a message. Frames are binary (frame-codec.ts). */

export type PlayerName = "generator" | "discriminator";

/** By the names of `run.json`; those that are left out have the defaults of `gan-eval train --data ring`. */
export type PlaneOptions = Readonly<Record<string, unknown>>;

/** What a change of a setting does: said before it is made. */
export type SettingEffect =
  /** From the next round on; weights and moments stay. */
  | "now"
  /** The steps are compiled anew; weights and moments stay. */
  | "recompiles"
  /** Round 0 of other networks or data. */
  | "restarts";

/** A part of a round, in the order of Algorithm 1. Until `update` no weight has moved. */
export type PhaseName = "latents" | "fakes" | "reals" | "logits" | "loss" | "gradients" | "update";

/** Layers that cost the lab work: left out of frames unless they are asked for. */
export type AskedLayer = "density" | "optimum";

export type ToLab =
  /** Opens one pane or two with the same data and seed; what was open is closed. */
  | { readonly kind: "open"; readonly panes: readonly PlaneOptions[]; readonly round?: number }
  | { readonly kind: "play" }
  | { readonly kind: "pause" }
  /** Rounds a second; 0: as many as the machine can. */
  | { readonly kind: "speed"; readonly roundsPerSecond: number }
  /** `player`: to the end of this player's next update of the round. */
  | { readonly kind: "step"; readonly by: "phase" | "update" | "round" }
  | { readonly kind: "step"; readonly by: "player"; readonly player: PlayerName }
  | { readonly kind: "step"; readonly by: "rounds"; readonly rounds: number }
  /** Updates of one player alone, outside of rounds. */
  | { readonly kind: "alone"; readonly pane: number; readonly player: PlayerName; readonly updates: number }
  | { readonly kind: "back"; readonly by: "phase" | "round" | "rounds"; readonly rounds?: number }
  /** To the end of a round of the branch that is shown. */
  | { readonly kind: "seek"; readonly round: number }
  /** Of one pane, or of all. In the past this begins a branch. */
  | { readonly kind: "set"; readonly pane?: number; readonly name: string; readonly value: unknown }
  /** To before the last change. */
  | { readonly kind: "undo" }
  | { readonly kind: "branch"; readonly branch: number }
  /** Round 0 again, of the same seed or another. */
  | { readonly kind: "reset"; readonly seed?: number }
  | { readonly kind: "layers"; readonly asked: readonly AskedLayer[] }
  /** The page has drawn a frame: the next may be sent. */
  | { readonly kind: "drawn"; readonly sequence: number }
  /** Nobody sees the page: frames stop at once, training after 10 s. */
  | { readonly kind: "hidden"; readonly isHidden: boolean }
  /** A run's folder under the lab's first folder, as the shown command would have made it; or a file. */
  | {
      readonly kind: "export";
      readonly pane: number;
      readonly what: "run" | "points" | "curves" | "generator";
    };

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A control of the page, made from the option's row. */
export interface Setting {
  /** As in `run.json`: `lrGenerator`. */
  readonly name: string;
  /** As on the command line: `lr-generator`. */
  readonly flag: string;
  readonly summary: string;
  readonly effect: SettingEffect;
  readonly group: "data" | "networks" | "loss" | "training";
  readonly control:
    | { readonly kind: "choice"; readonly choices: readonly Choice[] }
    | {
        readonly kind: "number";
        readonly least?: number;
        readonly most?: number;
        readonly isInteger: boolean;
      }
    | { readonly kind: "toggle" };
  readonly value: unknown;
  readonly default: unknown;
}

/** A line of which the height says where the loss stands in the equilibrium, or has to. */
export interface TargetLine {
  readonly of: "discriminator_loss" | "generator_loss" | "real" | "fake";
  readonly value: number;
  readonly because: string;
}

export interface PaneFacts {
  readonly settings: readonly Setting[];
  /** Corners of the plane, 1.25 times the data's range. */
  readonly low: readonly [number, number];
  readonly high: readonly [number, number];
  /** 1 where the data are numbers on a line: curves in place of the plane. */
  readonly dimensions: 1 | 2;
  /** Real samples in the plane, base64 of float32 pairs (or numbers, on a line). */
  readonly real: string;
  readonly heatSide: number;
  /** 0 where the generator has no plane of latents. */
  readonly manifoldSide: number;
  readonly latent: { readonly size: number; readonly distribution: string };
  readonly isProbability: boolean;
  /** Whether each player steps in turn (Algorithm 1), or both at once on the same fakes. */
  readonly game: "together" | "in turn";
  readonly discriminatorSteps: number;
  readonly generatorSteps: number;
  readonly loss: string;
  readonly targets: readonly TargetLine[];
  /** Exact density of the data and D* over the plane, where they are known. */
  readonly hasDensity: boolean;
  /** On a line: the data's exact mass by cell of the heat, base64 of float32. */
  readonly masses?: string;
  /** The shell command whose run this is. */
  readonly command: string;
  /** Changes on the way that the command cannot say; empty: it makes the same bytes. */
  readonly journal: readonly { readonly round: number; readonly change: string }[];
  /** The classic algorithm's parameter counts, `generator` and `discriminator`. */
  readonly parameters: Readonly<Record<PlayerName, number>>;
}

export interface BranchFacts {
  readonly id: number;
  readonly from: number;
  /** Round where it leaves `from`. */
  readonly fork: number;
  readonly newest: number;
  readonly change: string;
}

/** Where the round that is being played stands; left out between rounds. */
export interface PhaseFacts {
  readonly phase: PhaseName;
  /** Players that this step trains. */
  readonly trains: readonly PlayerName[];
  /** The step's number of those that the players take in this round, from 1. */
  readonly update: number;
  readonly updates: number;
}

export interface Reading {
  readonly value: number;
  /** What a perfect generator would read with as many samples. */
  readonly floor?: number;
}

/** By name: `kl`, `js`, `wasserstein`, `modes`, `high_quality`, ... */
export type Readings = Readonly<Record<string, Reading>>;

export interface ShownEvidence {
  readonly id: string;
  readonly title: string;
  readonly severity: "failure" | "warning" | "note" | "ok";
  readonly summary: string;
  /** Where it was first seen. */
  readonly round: number;
}

export interface PaneState {
  readonly round: number;
  /** Updates of each player so far. */
  readonly updates: Readonly<Record<PlayerName, number>>;
  readonly phase?: PhaseFacts;
  /** Loss, D(x), D(G(z)), gradient norms and whatever the round recorded, by the names of losses.csv. */
  readonly scalars: Readonly<Record<string, number>>;
  /** Why it stopped, and at which setting: the last finite round is shown. */
  readonly diverged?: string;
}

export type ToPage =
  | {
      readonly kind: "opened";
      readonly session: number;
      readonly panes: readonly PaneFacts[];
      readonly isPaired: boolean;
      readonly notPaired?: string;
    }
  /** After a change, in place of `opened`. */
  | {
      readonly kind: "settings";
      readonly panes: readonly PaneFacts[];
      readonly isPaired: boolean;
      readonly notPaired?: string;
    }
  | {
      readonly kind: "state";
      readonly panes: readonly PaneState[];
      readonly isPlaying: boolean;
      /** What the machine does, rounds a second. */
      readonly roundsPerSecond: number;
      readonly newest: number;
      readonly branch: number;
      readonly branches: readonly BranchFacts[];
      readonly canUndo: boolean;
    }
  /**
   * Recorded rounds of the branch, in order; `from`: rows of the page from this round on are replaced. Of long runs some of
   * them. As JSON has it, null where a round did not record a column; columns may differ from those of the message before.
   */
  | {
      readonly kind: "rows";
      readonly pane: number;
      readonly from: number;
      readonly columns: readonly string[];
      readonly rounds: readonly number[];
      readonly values: readonly (readonly number[])[];
    }
  | {
      readonly kind: "judged";
      readonly pane: number;
      readonly round: number;
      readonly readings: Readings;
      readonly verdicts: readonly ShownEvidence[];
    }
  | {
      readonly kind: "exported";
      readonly what: string;
      readonly name: string /** base64, of a file. */;
      readonly bytes?: string;
    }
  /** As the command line says it. */
  | { readonly kind: "error"; readonly code: string; readonly message: string; readonly hint?: string };
