/** Labels for networks that have no way of their own to read them, so that every pair can be conditional. */
import type { Layer } from "./layers.ts";
import type { Shape } from "./shapes.ts";

/** Of a discriminator: what it is told, and how many numbers it gives. */
export interface HeadOptions {
  /** Classes of the labels that the network reads; none if left out. */
  readonly classes?: number;
  /** Numbers that it gives; 1 if left out. */
  readonly outputs?: number;
}

/** Put in front: channels of the label on an image, a learnt vector of as many numbers as classes beside a flat input. */
export function labelLayers(input: Shape, classes: number | undefined): Layer[] {
  if (classes === undefined) return [];
  if (input.length === 3) return [{ kind: "label-channels", classes }];
  return [{ kind: "label-embedding", classes, units: classes, join: "concat" }];
}
