/** "You may not look" is another answer than "there is nothing". */
import { GanEvalError } from "../errors.ts";

const isForbidden = (error: unknown): boolean =>
  ["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException | undefined)?.code ?? "");

/**
 * For `catch` behind a look at what may not be there: what to take where it is not.
 * @throws GanEvalError `input.permission` where the system does not let it be seen
 */
export const unlessForbidden =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (!isForbidden(error)) return instead;
    const { path = "a file", message } = error as NodeJS.ErrnoException;
    throw new GanEvalError("input.permission", `expected permission to read ${path}, got none: ${message}`, {
      hint: "Ask the owner for read access to the file and every folder above it, for example with chmod -R a+rX.",
      cause: error,
    });
  };
