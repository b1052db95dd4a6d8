/** Scores by class for reading and for spreadsheets; JSON has them as they are. */
import type { ClassScore, ClassScores } from "../evaluate/classes/by-class.ts";
import type { Page } from "./page.ts";
import { countToText, countToWords, scoreToText } from "./quantities.ts";
import { type Table, tableToCsv, tableToText } from "./table.ts";

/** More classes than this are too many to read: the worst are shown. */
const MOST_ROWS = 20;
const BAR = 10;

/** The share of fakes, the largest share of either side as a full bar. */
const shareToBar = (share: number, largest: number): string => {
  const full = Math.round((BAR * share) / largest);
  return "█".repeat(full) + "░".repeat(BAR - full);
};

/** Largest distances first; classes without one, which are counted in a warning, last. */
const worstFirst = (classes: readonly ClassScore[]): ClassScore[] =>
  [...classes].sort(
    (a, b) => (b.distance ?? Number.NEGATIVE_INFINITY) - (a.distance ?? Number.NEGATIVE_INFINITY),
  );

function classesToTable(classes: readonly ClassScore[], largest: number): Table {
  return {
    columns: [
      { key: "name", title: "class" },
      { key: "real", title: "real", align: "right" },
      { key: "fake", title: "fake", align: "right" },
      { key: "share", title: "share of fakes" },
      { key: "distance", title: "distance", align: "right" },
    ],
    rows: classes.map(({ name, real, fake, fakeShare, distance, reason }) => ({
      name,
      real: countToText(real),
      fake: countToText(fake),
      share: `${shareToBar(fakeShare, largest)} ${(100 * fakeShare).toFixed(1)} %`,
      distance: distance === null ? (reason ?? "") : scoreToText(distance),
    })),
  };
}

/** A table of the classes in their order; of more than 20 the 20 with the largest distances, and how many are left. */
export function classesToText({ classes, fakeLabels }: ClassScores, page: Page): string {
  const shown = classes.length > MOST_ROWS ? worstFirst(classes).slice(0, MOST_ROWS) : classes;
  const largest = Math.max(...classes.flatMap(({ realShare, fakeShare }) => [realShare, fakeShare]));
  const left = classes.length - shown.length;
  return [
    tableToText(classesToTable(shown, largest), page),
    ...(left > 0
      ? [page.style.dim(`worst first; ${countToWords(left, "more class", "more classes")} in JSON and CSV\n`)]
      : []),
    ...(fakeLabels === "predicted"
      ? [page.style.dim("classes of the generated images as predicted by the network\n")]
      : []),
  ].join("");
}

/** One row a class, in their order; shares and distances in full precision. */
export const classesToCsv = ({ classes }: ClassScores): Promise<string> =>
  tableToCsv({
    columns: ["class", "real", "fake", "real_share", "fake_share", "distance", "reason"].map((key) => ({
      key,
      title: key,
    })),
    rows: classes.map(({ name, real, fake, realShare, fakeShare, distance, reason }) => ({
      class: name,
      real,
      fake,
      real_share: realShare,
      fake_share: fakeShare,
      distance,
      reason: reason ?? null,
    })),
  });
