/** Points from a file: NumPy's npy, or text with one point a line. */
import { readFile, stat } from "node:fs/promises";
import { GanEvalError } from "../../errors.ts";
import { bytesToNpy } from "../../formats/npy.ts";
import { bytesToText } from "../../formats/text.ts";
import { cannotRead } from "../../images/decode/cannot-read.ts";

export interface Points {
  /** Row-major `[n, d]`. */
  readonly values: Float64Array;
  /** 1 or 2. */
  readonly d: number;
}

const MOST_POINTS = 100_000;

/** As many of them as text may take, at 64 bytes a point; a larger file is not read at all. */
const MOST_BYTES = 64 * MOST_POINTS;

const KINDS =
  "Points are an npy file of numbers [n, 2], [n, 1] or [n], or text with one or two numbers a line, separated by a comma, a semicolon or blanks.";

const unlike = (expected: string, location: string, got: string, hint = KINDS): GanEvalError =>
  new GanEvalError("input.points", `expected ${expected} in ${location}, got ${got}`, { hint });

const tooMany = (location: string, got: string): GanEvalError =>
  unlike(
    `at most ${MOST_POINTS.toLocaleString("en-US")} points`,
    location,
    got,
    "Use a part of them: every k-th, or a random choice.",
  );

function npyToPoints(bytes: Uint8Array, location: string): Points {
  const { shape, data } = bytesToNpy(bytes, location);
  const [, d = 1] = shape;
  if (shape.length < 1 || shape.length > 2 || (d !== 1 && d !== 2))
    throw unlike("points of 1 or 2 numbers", location, `an array of shape [${shape.join(", ")}]`);
  return { values: Float64Array.from(data as ArrayLike<number>, Number), d };
}

/** Cells of a line; none of a blank one. */
const lineToCells = (line: string): string[] =>
  line
    .trim()
    .split(/\s*[,;]\s*|\s+/)
    .filter((cell) => cell !== "");

/** The first line may name the columns; lines that begin with # are remarks, as numpy.savetxt writes them. */
function textToPoints(text: string, location: string): Points {
  if (text.includes("\0")) throw unlike("points", location, "binary data of an unknown kind");
  const rows = text
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ cells: lineToCells(line.startsWith("#") ? "" : line), line: i + 1 }))
    .filter(({ cells }) => cells.length > 0);
  if (
    rows.length > 0 &&
    rows[0].cells.every((cell) => Number.isNaN(Number(cell)) && !/^[+-]?(nan|inf)/i.test(cell))
  )
    rows.shift();
  if (rows.length === 0) throw unlike("points", location, "none");
  const d = rows[0].cells.length;
  if (d > 2) throw unlike("one or two numbers a line", location, `${d} in line ${rows[0].line}`);
  const values = new Float64Array(rows.length * d);
  for (const [i, { cells, line }] of rows.entries()) {
    if (cells.length !== d)
      throw unlike(`${d} numbers in every line`, location, `${cells.length} in line ${line}`);
    for (const [axis, cell] of cells.entries()) {
      const value = Number(cell);
      if (!Number.isFinite(value))
        throw unlike("finite numbers", location, `${cell.slice(0, 40)} in line ${line}`);
      values[i * d + axis] = value;
    }
  }
  return { values, d };
}

/** Beyond it float32 loses what tells points apart, and squares overflow. */
const MOST_SIZE = 1e15;

/** @throws GanEvalError `input.points` for none, too many, or numbers that are not finite */
function requirePoints({ values, d }: Points, location: string): void {
  const n = values.length / d;
  if (n === 0) throw unlike("points", location, "none");
  if (n > MOST_POINTS) throw tooMany(location, n.toLocaleString("en-US"));
  const odd = values.findIndex((value) => !(Math.abs(value) <= MOST_SIZE));
  if (odd >= 0)
    throw unlike(
      `finite numbers of at most ${MOST_SIZE} in size`,
      location,
      `${values[odd]} in point ${Math.floor(odd / d) + 1}`,
    );
}

/**
 * Reads at most 100,000 points of one or two numbers: an npy file, or CSV and other text with or without a heading.
 * @throws GanEvalError `input.points`, `input.not-found`, `input.cannot-read`, `input.npy`, `input.npy-dtype`,
 *   `input.text-encoding`
 */
export async function readPoints(location: string): Promise<Points> {
  const { size } = await stat(location).catch((error) => {
    throw cannotRead(location, error, "points");
  });
  if (size > MOST_BYTES) throw tooMany(location, `a file of ${size.toLocaleString("en-US")} bytes`);
  const bytes = await readFile(location).catch((error) => {
    throw cannotRead(location, error, "points");
  });
  return bytesToPoints(bytes, location);
}

/**
 * Points of a file's bytes. `name` is used in errors.
 * @throws GanEvalError `input.points`, `input.npy`, `input.npy-dtype`, `input.text-encoding`
 */
export function bytesToPoints(bytes: Buffer, location: string): Points {
  const isNpy = bytes.subarray(0, 6).equals(Buffer.from("\x93NUMPY", "latin1"));
  const points = isNpy ? npyToPoints(bytes, location) : textToPoints(bytesToText(bytes, location), location);
  requirePoints(points, location);
  return points;
}
