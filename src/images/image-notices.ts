/** What was met while reading images, counted, and the warnings that come of it. */
import type { Warning } from "../errors.ts";

export type ImageNotice =
  | "alpha"
  | "16-bit"
  | "exif-rotation"
  | "tiff-orientation"
  | "grey"
  | "lossy"
  | "animated"
  | "cmyk";

interface Wording {
  /** Follows "N of M images". */
  readonly message: string;
  readonly hint: string;
}

const WORDINGS: Readonly<Record<ImageNotice, Wording>> = {
  alpha: {
    message: "have transparency: the alpha channel is dropped, the colours are used as stored",
    hint: "The reference libraries do the same (PIL's convert('RGB')); composite the images over a background first if that matters.",
  },
  "16-bit": {
    message: "have 16 bits per channel: the upper 8 bits are used",
    hint: "PIL does the same for colour but clips grey images at 255; save as 8 bit to be safe.",
  },
  "exif-rotation": {
    message:
      "have an orientation tag (EXIF, AVIF's irot): they are used as stored, as in the reference libraries",
    hint: "Rotate the pixels themselves if you want upright images.",
  },
  "tiff-orientation": {
    message: "are TIFFs with an orientation tag: they are rotated, as PIL does for TIFFs only",
    hint: "Images in other formats are used as stored: save all in one format if that matters.",
  },
  grey: {
    message: "are grey: the channel is copied to red, green and blue",
    hint: "Inception was trained on colour photos; for MNIST-like digits see --extractor digits.",
  },
  lossy: {
    message: "use lossy compression (JPEG, WebP, AVIF): artefacts change distances",
    hint: "Save generated images as PNG.",
  },
  animated: {
    message: "have several frames: the first is used",
    hint: "Save each frame as an image to use them all.",
  },
  cmyk: {
    message: "are CMYK: converted to RGB by the plain formula, without a colour profile, as in PIL",
    hint: "Save them as RGB to control the conversion.",
  },
};

const number = (n: number): string => n.toLocaleString("en-US");

/** Names for a message: the first few, and how many more. */
export function namesToText(names: readonly string[], total: number = names.length): string {
  const shown = names.slice(0, 10);
  return total > shown.length
    ? `${shown.join(", ")} and ${number(total - shown.length)} more`
    : shown.join(", ");
}

/** Counts notices, sizes and skipped files over a pass. Each image is to be reported once. */
export class NoticeCounts {
  private readonly counts = new Map<ImageNotice, number>();
  private readonly sizes = new Map<string, number>();
  private readonly skippedNames: string[] = [];
  private seen = 0;
  private skipped = 0;

  add(notices: readonly ImageNotice[], width: number, height: number): void {
    this.seen++;
    for (const notice of notices) this.counts.set(notice, (this.counts.get(notice) ?? 0) + 1);
    const size = `${width}x${height}`;
    this.sizes.set(size, (this.sizes.get(size) ?? 0) + 1);
  }

  skip(name: string, reason: string): void {
    this.skipped++;
    if (this.skippedNames.length < 10) this.skippedNames.push(`${name} (${reason})`);
  }

  toWarnings(): Warning[] {
    const warnings: Warning[] = [];
    for (const [code, { message, hint }] of Object.entries(WORDINGS)) {
      const count = this.counts.get(code as ImageNotice);
      if (count)
        warnings.push({
          code,
          message: `${number(count)} of ${number(this.seen)} images ${message}`,
          hint,
        });
    }
    if (this.sizes.size > 1) {
      const commonest = [...this.sizes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, 2);
      warnings.push({
        code: "mixed-sizes",
        message: `${number(this.sizes.size)} different sizes, most often ${commonest
          .map(([size, count]) => `${size} (${number(count)})`)
          .join(", ")}`,
        hint: "Sets cropped or scaled differently differ for that reason alone.",
      });
    }
    if (this.skipped > 0)
      warnings.push({
        code: "skipped",
        message: `${number(this.skipped)} skipped as unreadable: ${namesToText(this.skippedNames, this.skipped)}`,
        hint: "The scores cover the remaining images; repair or remove these files.",
      });
    return warnings;
  }
}
