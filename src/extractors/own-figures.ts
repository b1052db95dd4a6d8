import type { Warning } from "../errors.ts";

/** Said of extractors without trained weights. */
export const ownFiguresWarning = (what: string): Warning => ({
  code: "no-published-figures",
  message: `features are ${what}: the figures compare with nothing published`,
  hint: "Compare them with each other, made with the same options; for published figures take --extractor inception.",
});
