/** What has been drawn on the pad, and the way back. */
import { eraseFromStroke, type Place, type Stroke } from "./resample.ts";

export interface Pad {
  readonly strokes: readonly Stroke[];
  /** The stroke or the erasing that is going on; it ends in one step of undo. */
  readonly isDrawing: boolean;
  readonly past: readonly (readonly Stroke[])[];
}

export const EMPTY_PAD: Pad = { strokes: [], isDrawing: false, past: [] };

export type PadAction =
  | { readonly does: "begin"; readonly place: Place }
  | { readonly does: "draw"; readonly places: readonly Place[] }
  | { readonly does: "erase"; readonly places: readonly Place[]; readonly radius: number }
  | { readonly does: "end" | "undo" | "clear" }
  /** Erasing begins without a stroke of its own. */
  | { readonly does: "press" };

const remember = (pad: Pad): readonly (readonly Stroke[])[] => [...pad.past, pad.strokes];

export function changePad(pad: Pad, action: PadAction): Pad {
  const { strokes } = pad;
  switch (action.does) {
    case "begin":
      return { strokes: [...strokes, [action.place]], isDrawing: true, past: remember(pad) };
    case "press":
      return { ...pad, isDrawing: true, past: remember(pad) };
    case "draw": {
      if (!pad.isDrawing) return pad;
      const last = strokes[strokes.length - 1] ?? [];
      return { ...pad, strokes: [...strokes.slice(0, -1), [...last, ...action.places]] };
    }
    case "erase": {
      if (!pad.isDrawing) return pad;
      const rest = action.places.reduce(
        (left: readonly Stroke[], place) =>
          left.flatMap((stroke) => eraseFromStroke(stroke, place, action.radius)),
        strokes,
      );
      return { ...pad, strokes: rest };
    }
    case "end":
      return { ...pad, isDrawing: false };
    case "clear":
      return { strokes: [], isDrawing: false, past: remember(pad) };
    case "undo":
      return {
        strokes: pad.past[pad.past.length - 1] ?? strokes,
        isDrawing: false,
        past: pad.past.slice(0, -1),
      };
  }
}
