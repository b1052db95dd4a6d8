/** The error of a single image that cannot be used. */
import { GanEvalError } from "../../errors.ts";

/** Why one picture cannot be used; with `--on-error skip` such pictures are left out. */
export class PictureError extends GanEvalError {
  /** Without the name of the file. */
  readonly reason: string;

  constructor(name: string, reason: string, cause?: unknown) {
    super("input.picture", `expected a picture, got ${reason}: ${name}`, {
      hint: "Repair or remove the file, or leave unreadable files out with --on-error skip.",
      cause,
    });
    this.reason = reason;
  }
}
