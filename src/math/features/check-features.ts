/** What metrics of feature rows ask of their input. */
import { GanEvalError } from "../../errors.ts";
import type { Role } from "../role.ts";
import type { Features } from "./statistics.ts";

const roleNames: Readonly<Record<Role, string>> = { real: "real", fake: "fake", heldOut: "held-out" };

/** As `findIndex` of what is not finite, in a tenth of its time; -1 where all is. */
function findNotFinite(data: Float32Array): number {
  for (let at = 0; at < data.length; at++) if (data[at] - data[at] !== 0) return at;
  return -1;
}

/** Throws `input.feature-width` where data and rows do not fit, `input.features-not-finite` for NaN or Infinity. */
export function checkRows({ data, rows, width }: Features, role: Role): void {
  const side = `on the ${roleNames[role]} side`;
  if (!(Number.isInteger(width) && width > 0 && data.length === rows * width))
    throw new GanEvalError(
      "input.feature-width",
      `expected features [rows, width] ${side}, got ${rows} rows of width ${width} in ${data.length} values`,
      { hint: "features are one row an image" },
    );
  const bad = findNotFinite(data);
  if (bad >= 0)
    throw new GanEvalError(
      "input.features-not-finite",
      `expected finite features, got ${data[bad]} in row ${Math.floor(bad / width)}, column ${bad % width} (both from 0) ${side}`,
      { hint: "look at the image of that number; a network with broken weights gives NaN too" },
    );
}

/** Both sides by `checkRows`, and of one width: throws `input.feature-width`. */
export function checkSides(real: Features, fake: Features): void {
  checkRows(real, "real");
  checkRows(fake, "fake");
  if (real.width === fake.width) return;
  throw new GanEvalError(
    "input.feature-width",
    `expected features of one width, got ${real.width} (real) and ${fake.width} (fake)`,
    { hint: "both sides must come from the same extractor and layer" },
  );
}
