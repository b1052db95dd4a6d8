/** Sizes that are asked for: of the samples, and of the images that they are cropped from. */
import { GanEvalError } from "../../../errors.ts";
import { requirePositive } from "../../../images/sources/set-source.ts";
import type { ImageSize } from "../opened-data.ts";
import { LARGEST_SIDE, SMALLEST_SIDE } from "../read-images.ts";
import type { Size } from "./sample-form.ts";
import type { DomainRequest } from "./scheme-data.ts";

export interface FormRequest {
  readonly size: Size;
  /** At least `size`. */
  readonly loadSize: Size;
  /** Images are brought to these sizes; else they must have them. */
  readonly resize: boolean;
}

function checkSize(size: ImageSize): Size {
  const sides: Size = typeof size === "number" ? [size, size] : size;
  for (const side of sides)
    if (!Number.isInteger(side) || side < SMALLEST_SIDE || side > LARGEST_SIDE)
      throw new GanEvalError(
        "usage.img-size",
        `expected an image size of ${SMALLEST_SIDE} to ${LARGEST_SIDE} pixels, got ${side}`,
        { hint: "Usual are 64, 128 and 256: --img-size 128." },
      );
  return sides;
}

/** One number is the shorter side, at the proportions of the samples. */
function toLoadSize(loadSize: ImageSize | undefined, size: Size): Size {
  if (loadSize === undefined) return size;
  const sides: Size =
    typeof loadSize === "number"
      ? [
          Math.round((size[0] * loadSize) / Math.min(...size)),
          Math.round((size[1] * loadSize) / Math.min(...size)),
        ]
      : loadSize;
  if (sides.every((side, i) => Number.isInteger(side) && side >= size[i] && side <= 2 * LARGEST_SIDE))
    return sides;
  throw new GanEvalError(
    "usage.load-size",
    `expected a load size of at least the image size ${size[1]}x${size[0]}, got ${sides[1]}x${sides[0]}`,
    { hint: `Usual is 1.12 times the image size: --load-size ${Math.round(1.12 * Math.min(...size))}.` },
  );
}

/**
 * The sizes of a request; `own` is asked for the images' own where none is given.
 * @throws GanEvalError `usage.img-size`, `usage.load-size`, `usage.channels`, `usage.limit`
 */
export async function requestToForm(request: DomainRequest, own: () => Promise<Size>): Promise<FormRequest> {
  const { size, loadSize, channels, limit } = request;
  if (channels !== undefined && channels !== 1 && channels !== 3)
    throw new GanEvalError("usage.channels", `expected 1 (grey) or 3 (colour) channels, got ${channels}`, {
      hint: "Leave --channels out to take what the images have.",
    });
  if (limit !== undefined) requirePositive(limit, "limit");
  if (size === undefined && loadSize !== undefined)
    throw new GanEvalError(
      "usage.load-size",
      `expected an image size beside the load size ${loadSize}, got none`,
      {
        hint: "Say to which size images are cropped: --img-size 256.",
      },
    );
  const wanted = size === undefined ? await own() : checkSize(size);
  return {
    size: wanted,
    loadSize: toLoadSize(loadSize, wanted),
    resize: size !== undefined,
  };
}
