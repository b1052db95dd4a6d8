/** The warning that an extractor's figures compare with no published ones. */
import type { Warning } from "../errors.ts";

/** Said of extractors without trained weights. */
export const ownFiguresWarning = (what: string): Warning => ({
  code: "no-published-figures",
  message: `features are ${what}: the scores cannot be compared with published ones`,
  hint: "Published scores use --extractor inception.",
});
