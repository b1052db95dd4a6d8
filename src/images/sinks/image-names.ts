/** The names of image files that are written. */

/** Eight digits keep the order of the names that of the images up to a hundred million. */
const DIGITS = 8;

/**
 * `00000017.png`, or with labels `3/00000017.png`: class folders, zero-padded to one width, so that a reader who sorts
 * them by name counts classes as the labels do (where each class 0, 1, ... occurs).
 */
export function labelsToNames(labels: ArrayLike<number> | undefined): (position: number) => string {
  const file = (position: number): string => `${String(position).padStart(DIGITS, "0")}.png`;
  if (labels === undefined) return file;
  const width = String(Array.from(labels).reduce((a, b) => Math.max(a, b), 0)).length;
  return (position) => `${String(labels[position]).padStart(width, "0")}/${file(position)}`;
}

/** Whether a name could be one of these: what may be replaced without harm to anything else. */
export const isWrittenName = (name: string): boolean => /^(\d+\/)?\d{8}\.png$/.test(name);
