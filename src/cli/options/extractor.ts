/** How images reach a network that describes them, and what of it is taken. */
import { EXTRACTOR_ROWS } from "../../evaluate/extractor-rows.ts";
import type { CustomExtractorOptions } from "../../extractors/custom/custom-options.ts";

export type ExtractorOptionName = keyof typeof EXTRACTOR_ROWS;
export const EXTRACTOR_OPTION_NAMES = Object.keys(EXTRACTOR_ROWS) as ExtractorOptionName[];

/** Those that have a value, of all options of a command. */
export const valuesToExtractorOptions = (
  values: Readonly<Partial<Record<ExtractorOptionName, unknown>>>,
): CustomExtractorOptions =>
  Object.fromEntries(
    EXTRACTOR_OPTION_NAMES.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  );
