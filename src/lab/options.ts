/** How a lab is opened. */
import { integer, oneOf, optional, toggle } from "../options/kinds.ts";
import { option } from "../options/option.ts";
import { SCENE_NAMES } from "./scenes/scene-names.ts";

export const LAB_ROWS = {
  port: option({
    group: "Output",
    kind: optional(integer(0, 65_535)),
    value: "N",
    default: undefined,
    defaultText: "8710, or the next free one",
    summary: "port of the page; 0: any that is free",
  }),
  open: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "open the page in the browser ($BROWSER, or the system's)",
  }),
  scene: option({
    group: "Output",
    kind: optional(oneOf(SCENE_NAMES)),
    value: "NAME",
    default: undefined,
    defaultText: "the table of runs",
    summary:
      "begin with a tour of the plane, on which two networks learn points before your eyes (docs/plane.md)",
  }),
  readOnly: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "the page shows runs and changes nothing: it stops none, writes no notes or reports",
  }),
} as const;
