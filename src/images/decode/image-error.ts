/** The error of a single image that cannot be used. */
import { GanEvalError } from "../../errors.ts";

/** Why one image cannot be used; with `--on-error skip` such images are left out. */
export class ImageError extends GanEvalError {
  /** Without the name of the file. */
  readonly reason: string;

  constructor(name: string, reason: string, cause?: unknown) {
    super("input.picture", `expected an image, got ${reason}: ${name}`, {
      hint: "Repair or remove the file, or leave unreadable files out with --on-error skip.",
      cause,
    });
    this.reason = reason;
  }
}
