/** Packages that a user of a queue installs: gan-eval itself does without them. */
import { GanEvalError } from "../errors.ts";

/** What loads each; tests pass their own. */
export type Load<T> = () => Promise<T>;

/** @throws GanEvalError `usage.queue-packages` where the package is not installed */
export async function loadPackage<T>(load: Load<T>, installs: string): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new GanEvalError(
      "usage.queue-packages",
      `expected the packages of a queue, got ${(cause as Error).message.split("\n")[0]}`,
      { cause, hint: `Install them beside gan-eval: npm install ${installs}` },
    );
  }
}
