/** A task's share of work that is cut into N parts by number: `3/16` is every item i with i mod 16 = 3. */
import type { OptionKind } from "./kinds.ts";

export interface Part {
  /** From 0 to `of` - 1. */
  readonly index: number;
  readonly of: number;
}

export const partToText = ({ index, of }: Part): string => `${index}/${of}`;

/** Whether there is such a part; a program may give any numbers. */
export const isPart = ({ index, of }: Part): boolean =>
  Number.isSafeInteger(index) && Number.isSafeInteger(of) && index >= 0 && index < of;

/** The items of a part: i mod N = I. */
export const itemsOfPart = <T>(items: readonly T[], { index, of }: Part): T[] =>
  items.filter((_, i) => i % of === index);

/** What a part has to be, where one was expected. */
export const PART_EXPECTS =
  "I/N with I from 0 to N - 1 (an array of Slurm must begin at 0: --array=0-15 for N = 16)";

/** `I/N`, I from 0 to N - 1. */
export function part(): OptionKind<Part> {
  return {
    expects: PART_EXPECTS,
    schema: ({ z }) =>
      z
        .string()
        .regex(/^\d{1,9}\/\d{1,9}$/)
        .transform((text): Part => {
          const [index, of] = text.split("/").map(Number);
          return { index, of };
        })
        .refine(isPart),
    toText: partToText,
  };
}
