/** What a page says about runs, checked, and what is done about it. */
import { z } from "zod";
import { MOST_COMPARED } from "../protocol/runs-messages.ts";
import type { LiveFeed } from "./live-feed.ts";
import type { OpenPage } from "./sockets.ts";

const ID = z.string().regex(/^[0-9a-f]{16}$/);
const place = z.number();

const VIEW = z.strictObject({
  smooth: z.number().min(0).max(1e12),
  along: z.enum(["round", "seconds", "clock"]),
  window: z.tuple([place, place]).optional(),
  clip: z.boolean(),
});
const WHOLE = { smooth: 0, along: "round", clip: false } as const;

/** Messages about runs, by kind. */
const RUNS_TO_LAB = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("watch"),
    run: ID.optional(),
    compare: z.array(ID).max(MOST_COMPARED).optional(),
    view: VIEW.default(WHOLE),
  }),
  z.strictObject({ kind: z.literal("view"), view: VIEW }),
  z.strictObject({ kind: z.literal("at"), x: place }),
  z.strictObject({ kind: z.literal("unwatch") }),
]);

/** Whether it is one of those messages: then it is done. */
export function hearOfRuns(message: unknown, page: OpenPage, feed: LiveFeed): boolean {
  const { success, data } = RUNS_TO_LAB.safeParse(message);
  if (!success) return false;
  if (data.kind === "watch") feed.add(page, data);
  else if (data.kind === "view") feed.setView(page, data.view);
  else if (data.kind === "at") feed.sendValues(page, data.x);
  else feed.leave(page);
  return true;
}
