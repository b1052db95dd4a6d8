/** Opens what the address asks for: what the lab refuses is found out, said, and left out. */
import type { PaneFacts, PlaneOptions, ToLab } from "../../../protocol/plane-messages.ts";
import type { LabError } from "./lab-state.ts";
import { checkWished, wishedToOptions } from "./options.ts";
import type { Wish, WishedOptions } from "./wish.ts";

/** All: as the address says. Rows: nothing, to learn of the settings. Checked: what fits them. */
type Attempt = "all" | "rows" | "checked";

export interface Opening {
  readonly message: ToLab;
  readonly attempt: Attempt;
  readonly wish: Wish;
}

const begin = (wish: Wish, attempt: Attempt, panes: readonly PlaneOptions[]): Opening => ({
  // To its round it goes once it is open: there another wish may come between.
  message: { kind: "open", panes },
  attempt,
  wish,
});

const toPanes = ({ panes }: Wish): WishedOptions[] => panes.map((own) => ({ ...panes[0], ...own }));

export const wishToOpening = (wish: Wish): Opening =>
  begin(
    wish,
    "all",
    toPanes(wish).map((options) => wishedToOptions(options)),
  );

export interface Answered {
  /** Undefined where there is nothing more to try. */
  readonly next?: Opening;
  readonly wish: Wish;
  readonly complaints: readonly string[];
}

const errorToText = ({ message, hint }: LabError): string => (hint ? `${message} (${hint})` : message);

/** After an error: first the settings are asked for, to see which option it was. */
export function refused({ attempt, wish }: Opening, error: LabError): Answered {
  if (attempt === "all") return { next: begin(wish, "rows", [{}]), wish, complaints: [] };
  if (attempt === "rows") return { wish, complaints: [errorToText(error)] };
  const bare: Wish = { ...wish, panes: [{}] };
  return { next: begin(bare, "rows", [{}]), wish: bare, complaints: [errorToText(error)] };
}

/** After `opened`: of rows that were asked for to see which option was wrong, the second try. */
export function accepted({ attempt, wish }: Opening, panes: readonly PaneFacts[]): Answered {
  if (attempt !== "rows" || panes.length === 0) return { wish, complaints: [] };
  const { settings } = panes[0];
  const checked = wish.panes.map((own) => checkWished(own, settings));
  const complaints = checked.flatMap((each) => each.complaints);
  const kept: Wish = { ...wish, panes: checked.map((each) => each.kept) };
  const hasAny = kept.panes.length > 1 || Object.keys(kept.panes[0]).length > 0;
  if (!hasAny) return { wish: kept, complaints };
  return {
    next: begin(
      kept,
      "checked",
      toPanes(kept).map((options) => wishedToOptions(options, settings)),
    ),
    wish: kept,
    complaints,
  };
}
