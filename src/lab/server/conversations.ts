/** What a lab says to one open page, and what it does when the page speaks. */
import { z } from "zod";
import { MOST_COMPARED } from "../protocol/runs-messages.ts";
import type { LiveFeed } from "./live-feed.ts";
import type { Conversation, OpenPage } from "./sockets.ts";

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

type Told = z.infer<typeof RUNS_TO_LAB>;

function receiveOfRuns(told: Told, page: OpenPage, feed: LiveFeed): void {
  if (told.kind === "watch") feed.add(page, told);
  else if (told.kind === "view") feed.setView(page, told.view);
  else if (told.kind === "at") feed.sendValues(page, told.x);
  else feed.leave(page);
}

export function converse(page: OpenPage, { feed }: { readonly feed: LiveFeed }): Conversation {
  return {
    receive(message) {
      const told = RUNS_TO_LAB.safeParse(message);
      if (told.success) return receiveOfRuns(told.data, page, feed);
      page.send({
        kind: "error",
        code: "lab.message",
        message: "expected a message of the lab's page, got another",
      });
    },
    close: () => feed.leave(page),
  };
}
