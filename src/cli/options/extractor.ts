/** The options of feature networks on the command line: training has a crop of its own, so theirs is `imageCrop` here. */
import { EXTRACTOR_ROWS } from "../../evaluate/extractor-rows.ts";
import { withDefaults } from "../../options/table.ts";
import { renamed } from "./renamed.ts";

const RENAMED = { crop: "imageCrop" } as const;

/** The flag stays `--crop`. */
export const EXTRACTOR_OPTIONS = renamed(EXTRACTOR_ROWS, RENAMED);

/** An option of the library to its name on the command line. */
export const keyToExtractorOption = (key: string): string =>
  Object.hasOwn(RENAMED, key) ? RENAMED[key as keyof typeof RENAMED] : key;

type ExtractorValues = { readonly imageCrop?: "none" | "centre" | undefined } & Omit<
  Parameters<typeof withDefaults<typeof EXTRACTOR_ROWS>>[1],
  "crop"
>;

/** What a command line says of networks, under the library's names. */
export const valuesToExtractorOptions = ({ imageCrop, ...values }: ExtractorValues) =>
  withDefaults(EXTRACTOR_ROWS, { ...values, crop: imageCrop });
