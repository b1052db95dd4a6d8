/** What a sweep and its child processes tell each other. */
import type { RunRequest } from "../runs/request-to-config.ts";

export type Task =
  | { readonly kind: "train"; readonly request: RunRequest }
  | {
      readonly kind: "resume";
      readonly folder: string;
      readonly paths: Pick<RunRequest, "weights" | "cacheDir" | "memory" | "offline">;
    };

export type ToChild<OwnTask = Task> =
  /** `lease`: seconds that a lock of the child lasts without a sign of life. */
  | { readonly kind: "begin"; readonly task: OwnTask; readonly lease?: number | undefined }
  | { readonly kind: "stop" };

export type Ending =
  | { readonly kind: "finished" | "interrupted" }
  /** `code`: the error's; `internal.child` where the process ended without a word. */
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

export type FromChild =
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  /** A line for the user. */
  | { readonly kind: "notice"; readonly text: string }
  | Ending;
