/** `gan-eval translate`, and a page that shows each image beside what was made of it. */

import { writeFileAtomically } from "../files/atomic-file.ts";
import { requireFree } from "../images/sinks/target.ts";
import { packageVersion } from "../package-root.ts";
import {
  type Translated,
  type TranslatedImage,
  type TranslateOptions,
  translate,
} from "../samples/translate.ts";
import { wordToShell } from "../shell-word.ts";
import type { Shape } from "../train/networks/shapes.ts";
import { REPORT_SCHEMA, type Report, type Translations } from "./content/report.ts";
import { pixelsToGridImage } from "./content/run-images.ts";
import { readPageFiles } from "./html/page-files.ts";
import { reportToHtml } from "./html/report-to-html.ts";
import { countToWords } from "./quantities.ts";

export interface TranslateRequest extends TranslateOptions {
  /** The page to write, .html (default: none). */
  readonly page?: string;
  /** How the program was called, for the page (default: nothing). */
  readonly command?: readonly string[];
}

/** Images on a page, and characters of them. */
const MOST_ROWS = 100;
const MOST_LENGTH = 20_000_000;

type Row = Translations["rows"][number];

const toImage = (pixels: Uint8Array, shape: Shape) => pixelsToGridImage(pixels, shape, 1);

async function imageToRow({ name, input, outputs }: TranslatedImage): Promise<Row> {
  return {
    name,
    input: await toImage(input.pixels, input.shape),
    outputs: await Promise.all(
      outputs.map(async ({ file, pixels, shape }) => ({ file, ...(await toImage(pixels, shape)) })),
    ),
  };
}

const rowToLength = ({ input, outputs }: Row): number =>
  [input, ...outputs].reduce((sum, { source }) => sum + source.length, 0);

/** Collects the first images, as many as a page holds. */
class Rows {
  readonly kept: Row[] = [];
  leftOut = 0;
  private length = 0;

  async add(image: TranslatedImage): Promise<void> {
    if (this.leftOut === 0 && this.kept.length < MOST_ROWS) {
      const row = await imageToRow(image);
      this.length += rowToLength(row);
      if (this.kept.length === 0 || this.length <= MOST_LENGTH) {
        this.kept.push(row);
        return;
      }
    }
    this.leftOut++;
  }
}

function translatedToReport(
  made: Translated,
  translations: Translations,
  command: readonly string[],
): Report {
  const { warnings, ...source } = made;
  const size = ([height, width, channels]: readonly number[]) => `${height} x ${width} x ${channels}`;
  return {
    schema: REPORT_SCHEMA,
    kind: "translation",
    title: `${made.maker} of ${made.in}`,
    facts: [
      ["run", made.run],
      ["round", made.round.toLocaleString("en-US")],
      ["images", made.n.toLocaleString("en-US")],
    ],
    verdicts: [],
    notJudged: [],
    headlines: [
      {
        name: "images made",
        value: (made.n * made.variants).toLocaleString("en-US"),
        note: `${countToWords(made.variants, "variant")} of each`,
      },
    ],
    charts: [],
    translations,
    tables: [],
    protocol: [
      ["run", made.run],
      ["checkpoint", made.checkpoint],
      ["maker", made.maker],
      ["images", `${countToWords(made.n, "image")} of ${made.in}`],
      ["written to", made.location],
      ["brought to", size(made.inputShape)],
      ["made", `${size(made.shape)}, ${countToWords(made.variants, "variant")} of each`],
      ["seed", String(made.seed)],
      ...Object.entries(made.set ?? {}).map(([name, value]) => [name, String(value)] as const),
      ["gan-eval", packageVersion()],
    ],
    command: command.map(wordToShell).join(" "),
    warnings,
    source,
  };
}

const CAPTION =
  "Left, each image as the networks were given it: at the size and channels of the run's data. Right, what they made of it.";

/**
 * Translates, and writes the page where one is asked for; it is refused before any work where something lies there and
 * `overwrite` is not set.
 * @throws GanEvalError as `translate`; `usage.target-exists`, `input.cannot-write` of the page
 */
export async function translateWithPage({
  page,
  command = [],
  ...options
}: TranslateRequest): Promise<Translated> {
  if (page === undefined) return translate(options);
  await requireFree(page, "file", options.overwrite === true);
  const rows = new Rows();
  const made = await translate({
    ...options,
    onImage: async (image) => {
      await rows.add(image);
      await options.onImage?.(image);
    },
  });
  const translations = { rows: rows.kept, caption: CAPTION, leftOut: rows.leftOut };
  const html = reportToHtml(translatedToReport(made, translations, command), await readPageFiles());
  await writeFileAtomically(page, [Buffer.from(html)]);
  return made;
}
