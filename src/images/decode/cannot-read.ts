/** The error for a path that cannot be opened. */
import { GanEvalError } from "../../errors.ts";

/** What the system said when a path was opened, as an error that a person can act on. */
export function cannotRead(location: string, cause: unknown, what = "images"): GanEvalError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const missing = code === "ENOENT" || code === "ENOTDIR";
  return new GanEvalError(
    missing ? "input.not-found" : "input.cannot-read",
    missing
      ? `expected ${what} at ${location}, got nothing: no such file or folder`
      : `cannot read ${location}: ${message}`,
    { hint: missing ? "Check the path." : "Check its permissions.", cause },
  );
}
