/** One grid of samples, each of its pixels as many on the screen as are asked for. */

import { useEffect, useState } from "preact/hooks";
import { Scroll } from "../parts/scroll.tsx";
import { countToText } from "../parts/values.ts";
import type { SampleImages } from "./sample-images.ts";

/** `fit`: as large as whole pixels fit. */
export type Zoom = "fit" | 1 | 2 | 3 | 4;
export const ZOOMS: readonly Zoom[] = ["fit", 1, 2, 3, 4];

const FIT_WIDTH = 620;

/** Whole pixels only; smaller than 1 where the grid does not fit otherwise. */
function toScale(zoom: Zoom, natural: number, room: number): number {
  if (zoom !== "fit") return zoom;
  return natural > room ? room / natural : Math.max(1, Math.floor(Math.min(room, FIT_WIDTH) / natural));
}

export function useSample(images: SampleImages, round: number | undefined): string | undefined {
  const [shown, setShown] = useState<{ readonly round: number; readonly address: string }>();
  useEffect(() => {
    let isCurrent = true;
    if (round !== undefined)
      void images.get(round).then((address) => {
        if (isCurrent && address !== undefined) setShown({ round, address });
      });
    return () => {
      isCurrent = false;
    };
  }, [images, round]);
  return shown && shown.round === round ? shown.address : undefined;
}

export function SampleGrid({
  images,
  round,
  zoom,
  columns,
  isDrawing,
}: {
  readonly images: SampleImages;
  readonly round: number;
  readonly zoom: Zoom;
  /** What stands above its columns. */
  readonly columns: readonly string[];
  /** A drawing has no pixels of its own. */
  readonly isDrawing: boolean;
}) {
  const address = useSample(images, round);
  const [last, setLast] = useState("");
  const [size, setSize] = useState({ natural: 0, room: FIT_WIDTH });
  // The one before stays until the next is there: nothing flickers.
  useEffect(() => {
    if (address !== undefined) setLast(address);
  }, [address]);
  const source = address ?? last;
  if (source === "") return <div class="grid-place" />;
  const scale = toScale(zoom, size.natural || FIT_WIDTH, size.room);
  const width = size.natural > 0 ? `${Math.round(size.natural * scale)}px` : "auto";
  return (
    <Scroll kind="grid-place" label="samples">
      {columns.length > 0 && (
        <div class="captions" style={{ width, gridTemplateColumns: `repeat(${columns.length}, 1fr)` }}>
          {columns.map((column, i) => (
            <span key={i} title={column}>
              {column}
            </span>
          ))}
        </div>
      )}
      <img
        class={`grid${isDrawing || scale < 1 ? "" : " pixels"}`}
        src={source}
        alt={address === undefined ? "" : `samples of round ${countToText(round)}`}
        style={{ width }}
        onLoad={({ currentTarget }) =>
          setSize({
            natural: currentTarget.naturalWidth,
            room: currentTarget.parentElement!.clientWidth,
          })
        }
      />
    </Scroll>
  );
}
