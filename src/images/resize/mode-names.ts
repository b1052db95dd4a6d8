/** What the ways to the network's size are called; `resize.ts` says what each does. */

export const RESIZE_MODE_NAMES = [
  "tf1",
  "pytorch",
  "clean",
  "antialias",
  "pil-bicubic",
  "pil13-bicubic",
  "torch-bicubic",
] as const;

export type ResizeMode = (typeof RESIZE_MODE_NAMES)[number];
