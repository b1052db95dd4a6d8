/** What metrics see of the sides of an evaluation, from what a network says of images in memory. */

import type { FeatureMatrix } from "../../extractors/extractor.ts";
import type { Image } from "../../images/source.ts";
import { featuresToMoments } from "../../math/features/statistics.ts";
import type { Role } from "../../math/role.ts";
import type { Requirement, SideData, Sides } from "../../metrics/metric.ts";
import type { ImageScore } from "./image-score.ts";

/** What a network says of some images, as far as it was asked; and the images. */
export interface Measured {
  readonly features?: FeatureMatrix;
  readonly logits?: FeatureMatrix;
  /** Logits of each channel of each image, one after another. */
  readonly channels?: FeatureMatrix;
  readonly spatial?: FeatureMatrix;
  readonly images?: readonly Image[];
}

/** Which real images a score compares with, and whether with as many as there are samples. */
export interface RealOfScore {
  readonly images: "reference" | "trained";
  readonly isEqual: boolean;
}

/**
 * Moments and frequencies are of all real images; what compares sample with image takes as many of them, for a few
 * more would change the value. Memorisation is of all images that were trained on.
 */
export function realOfScore({ row }: Pick<ImageScore, "row">): RealOfScore {
  const needs = row.needs.real ?? [];
  const isOfAll = row.againstTrained || !needs.some((each) => each === "features" || each === "images");
  return {
    images: row.againstTrained ? "trained" : "reference",
    isEqual: !isOfAll && !needs.includes("statistics"),
  };
}

/** The first n rows of a matrix, or all where there are fewer; no copy. */
export const firstRows = ({ data, rows, width }: FeatureMatrix, n: number): FeatureMatrix => {
  const count = Math.min(n, rows);
  return { data: data.subarray(0, count * width), rows: count, width };
};

/** What scores need of the sides of one role. */
export const scoresToNeeds = (scores: readonly ImageScore[], role: Role): ReadonlySet<Requirement> =>
  new Set(scores.flatMap(({ row }) => row.needs[role] ?? []));

/** Channels of a stack. */
const STACK = 3;

/** The first n of what was measured. */
export function firstMeasured(measured: Measured, n: number): Measured {
  const { features, logits, channels, spatial, images } = measured;
  return {
    ...(features && { features: firstRows(features, n) }),
    ...(logits && { logits: firstRows(logits, n) }),
    ...(channels && { channels: firstRows(channels, n * STACK) }),
    ...(spatial && { spatial: firstRows(spatial, n) }),
    ...(images && { images: images.slice(0, n) }),
  };
}

/** Logits of a stack's channels stand side by side once three rows are read as one. */
const channelsToRows = ({ data, rows, width }: FeatureMatrix): FeatureMatrix => ({
  data,
  rows: rows / STACK,
  width: width * STACK,
});

/** A side in both views; what is in it is made once, so that what is known of it can be kept. */
export type Side = Readonly<Record<ImageScore["view"], SideData>>;

/** Moments only where they are needed. */
export function measuredToSide(
  measured: Measured,
  count: number,
  needs: ReadonlySet<Requirement>,
  threading: { readonly threads?: number },
): Side {
  const { features, logits, channels, spatial, images } = measured;
  const whole: SideData = {
    count,
    ...(features && { features }),
    ...(features && needs.has("statistics") && { statistics: featuresToMoments(features, threading) }),
    ...(logits && { logits }),
    ...(spatial && needs.has("spatial") && { spatial: featuresToMoments(spatial, threading) }),
    ...(images && { images }),
  };
  return { whole, channels: channels ? { ...whole, logits: channelsToRows(channels) } : whole };
}

/** The real sides of a run: all of them, and as many as there are samples. */
export interface RealSides {
  readonly all: Side;
  readonly equal: Side;
}

/** What every evaluation of a run is held against. */
export interface References {
  readonly reference?: RealSides;
  /** Images that are trained on, where memorisation is asked for. */
  readonly trained?: RealSides;
  /** Those set apart, where they are asked for as such. */
  readonly heldOut?: Side;
}

/** What one score sees of generated samples and the references. */
export function toSides(score: ImageScore, fake: Side, references: References): Sides {
  const { images, isEqual } = realOfScore(score);
  const real = references[images]?.[isEqual ? "equal" : "all"];
  const { heldOut } = references;
  return {
    fake: fake[score.view],
    ...(real && { real: real[score.view] }),
    ...(heldOut && { heldOut: heldOut[score.view] }),
  };
}
