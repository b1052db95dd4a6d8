/** Whether a machine fails whatever it is given: a full disk would eat a queue in minutes. */
import { hostname } from "node:os";
import { GanEvalError } from "../errors.ts";

/** So many runs in a row that fail early, for a reason of the machine: different ones, for a run may be to blame itself. */
const MOST_FAILURES = 3;

export class SickWatch {
  private readonly early: number;
  private readonly failed = new Set<string>();

  /** @param early milliseconds: a run that fails later than that says nothing against the machine */
  constructor(early: number) {
    this.early = early;
  }

  /** What ends the worker; undefined where it may go on. */
  add(job: string, ofThePlace: boolean, milliseconds: number): GanEvalError | undefined {
    if (ofThePlace && milliseconds <= this.early) this.failed.add(job);
    else this.failed.clear();
    if (this.failed.size < MOST_FAILURES) return undefined;
    return new GanEvalError(
      "queue.sick-worker",
      `expected runs to be possible on ${hostname()}, got ${this.failed.size} that failed in a row because of the machine`,
      { hint: "Look at its disk, memory and weights (gan-eval doctor). Other workers go on." },
    );
  }
}
