/** Checks that all images of a set have one size. */
import { GanEvalError } from "../../errors.ts";

interface Sized {
  readonly width: number;
  readonly height: number;
  readonly name?: string;
}

/** Throws `input.mixed-sizes` where images differ in size, naming the first that does. */
export function checkOneSize(images: readonly Sized[]): void {
  const [first] = images;
  const other = images.find(({ width, height }) => width !== first!.width || height !== first!.height);
  if (other === undefined) return;
  throw new GanEvalError(
    "input.mixed-sizes",
    `expected images of one size, ${first!.width}x${first!.height}, got ${other.width}x${other.height}${
      other.name === undefined ? "" : ` (${other.name})`
    }`,
    {
      hint: "This metric compares pixels: bring all images of both sides to one size, or leave it out of --metrics.",
    },
  );
}
