/** Grids of samples over the rounds: the newest, or the one of the round that was chosen. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { countToText } from "../parts/values.ts";
import { SampleGrid, useSample, ZOOMS, type Zoom } from "./sample-grid.tsx";
import { SampleImages } from "./sample-images.ts";

const MOST_THUMBS = 10;

/** Places of n, evenly, the first and the last among them. */
const evenPlaces = (n: number, most: number): number[] =>
  n <= most
    ? Array.from({ length: n }, (_, i) => i)
    : Array.from({ length: most }, (_, i) => Math.round((i * (n - 1)) / (most - 1)));

function Thumb({
  images,
  round,
  isShown,
  onChoose,
}: {
  readonly images: SampleImages;
  readonly round: number;
  readonly isShown: boolean;
  readonly onChoose: () => void;
}) {
  const address = useSample(images, round);
  return (
    <button type="button" class="thumb" aria-pressed={isShown} onClick={onChoose}>
      {address && <img src={address} alt="" />}
      <span>
        <span class="unseen">round </span>
        {countToText(round)}
      </span>
    </button>
  );
}

export function Samples({
  run,
  rounds,
  chosen,
  columns,
  areDrawings,
  onChoose,
}: {
  readonly run: string;
  /** Rounds that have grids, rising. */
  readonly rounds: readonly number[];
  /** Undefined: the newest, whichever that is. */
  readonly chosen: number | undefined;
  readonly columns: readonly string[];
  readonly areDrawings: boolean;
  readonly onChoose: (round: number | undefined) => void;
}) {
  const images = useMemo(() => new SampleImages(run), [run]);
  const [zoom, setZoom] = useState<Zoom>("fit");
  useEffect(() => () => images.close(), [images]);
  if (rounds.length === 0) return null;
  const last = rounds.length - 1;
  const found = chosen === undefined ? last : rounds.indexOf(chosen);
  const place = found < 0 ? last : found;
  const round = rounds[place];
  const choose = (at: number): void => onChoose(at === last ? undefined : rounds[at]);
  return (
    <section class="samples">
      <header>
        <h3>Samples</h3>
        {!areDrawings && (
          <label class="muted">
            pixels{" "}
            <select
              id="sample-zoom"
              value={String(zoom)}
              onChange={({ currentTarget: { value } }) =>
                setZoom(value === "fit" ? "fit" : (Number(value) as Zoom))
              }
            >
              {ZOOMS.map((each) => (
                <option key={each} value={String(each)}>
                  {each === "fit" ? "fit" : `${each}:1`}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      {rounds.length > 1 && (
        <div class="slider">
          <label for="sample-round">round</label>
          <input
            type="range"
            id="sample-round"
            min="0"
            max={String(last)}
            step="1"
            value={String(place)}
            aria-valuetext={`round ${countToText(round)}`}
            onInput={({ currentTarget }) => choose(Number(currentTarget.value))}
          />
          <output for="sample-round">
            {countToText(round)}
            {place === last && <span class="muted"> newest</span>}
          </output>
        </div>
      )}
      <SampleGrid images={images} round={round} zoom={zoom} columns={columns} isDrawing={areDrawings} />
      {rounds.length > 1 && (
        <div class="strip">
          {evenPlaces(rounds.length, MOST_THUMBS).map((at) => (
            <Thumb
              key={rounds[at]}
              images={images}
              round={rounds[at]}
              isShown={at === place}
              onChoose={() => choose(at)}
            />
          ))}
        </div>
      )}
    </section>
  );
}
