/** What to do with images that are not bytes: advice by the values that are there. */
import { dataToNpy, type NpyHeader } from "../../formats/npy.ts";
import type { ByteFile } from "../sources/byte-file.ts";

export interface ValueRange {
  readonly least: number;
  readonly most: number;
  readonly hasNaN: boolean;
}

/** Numbers looked at, in stretches spread over the file: dark and bright images alike. */
const STRETCHES = 64;
const STRETCH_NUMBERS = 4096;

const BYTES = "numpy.uint8";
const CLIP = `.clip(0, 255).astype(${BYTES})`;

/** From the narrowest range to the widest; the first that holds all values is taken. */
const ADVICE: readonly { readonly from: number; readonly to: number; readonly save: string }[] = [
  { from: 0, to: 1, save: `(x * 255).round()${CLIP}` },
  { from: -1, to: 1, save: `(x * 127.5 + 128)${CLIP}` },
  { from: 0, to: 255, save: `x.round()${CLIP}` },
];

function numbersToRange(numbers: ArrayLike<number | bigint>, range: ValueRange): ValueRange {
  let { least, most, hasNaN } = range;
  for (let i = 0; i < numbers.length; i++) {
    const value = Number(numbers[i]);
    if (Number.isNaN(value)) hasNaN = true;
    else {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return { least, most, hasNaN };
}

/** The range of an array's values, from a sample of them. */
export async function readValueRange(header: NpyHeader, file: ByteFile, name: string): Promise<ValueRange> {
  const count = header.shape.reduce((product, side) => product * side, 1);
  const size = header.dataLength / count;
  const length = Math.min(count, STRETCH_NUMBERS);
  let range: ValueRange = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY, hasNaN: false };
  const stretches = Math.min(STRETCHES, Math.ceil(count / length));
  for (let i = 0; i < stretches; i++) {
    const first = stretches === 1 ? 0 : Math.floor((i * (count - length)) / (stretches - 1));
    const bytes = await file.read(header.dataStart + first * size, length * size);
    const part = { ...header, shape: [length], fortranOrder: false, dataLength: length * size };
    range = numbersToRange(dataToNpy(part, bytes, name).data, range);
  }
  return range;
}

const toText = ({ from, to, save }: (typeof ADVICE)[number]): string => `[${from}, ${to}]: save ${save}`;

const number = (value: number): string => String(Number(value.toPrecision(3)));

export const rangeToText = ({ least, most, hasNaN }: ValueRange): string =>
  `values from ${number(least)} to ${number(most)}${hasNaN ? " and NaN" : ""}`;

/** How to save values of this range as bytes. A little beyond a range is rounding and overshoot. */
export function rangeToAdvice({ least, most, hasNaN }: ValueRange): string {
  if (hasNaN) return "NaN is not a level: check the program that made these images.";
  const slack = (from: number, to: number): number => 0.02 * (to - from);
  const fitting = ADVICE.find(
    ({ from, to }) => least >= from - (from < 0 ? slack(from, to) : 0.01) && most <= to + slack(from, to),
  );
  if (fitting) {
    const others = ADVICE.filter((row) => row !== fitting).map(toText);
    return `These look like values in ${toText(fitting)}. Others: ${others.join("; ")}.`;
  }
  if (least >= 0 && most <= 65535) return `For values in [0, 65535] save (x / 257).round()${CLIP}.`;
  return `Scale them to [0, 255] first, then save x.round()${CLIP}.`;
}
