/** A sweep of seconds, and what is compared of its folder. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The bytes of a sweep's scores.csv without the column that the clock writes. */
export function scoresWithoutSeconds(sweep: string): string {
  const rows = readFileSync(path.join(sweep, "scores.csv"), "utf8").split("\n");
  const clock = rows[0].split(",").indexOf("seconds");
  // Only the last column is quoted.
  return rows.map((row) => row.split(",").toSpliced(clock, 1).join(",")).join("\n");
}

/** The last checkpoint of each run, by its name, as bytes. */
export const lastCheckpoints = (sweep: string): [string, string][] =>
  readdirSync(sweep)
    .filter((name) => existsSync(path.join(sweep, name, "checkpoints")))
    .sort()
    .map((name) => {
      const within = path.join(sweep, name, "checkpoints");
      const last = readdirSync(within).sort().at(-1)!;
      return [`${name}/${last}`, readFileSync(path.join(within, last)).toString("hex")];
    });
