/** What a lab says to one open page, and what it does when the page speaks. */
import type { LiveFeed } from "./live-feed.ts";
import type { Conversation, OpenPage } from "./sockets.ts";

const RUN_ID = /^[0-9a-f]{16}$/;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Messages about runs; undefined for others. */
function receiveOfRuns(message: Record<string, unknown>, page: OpenPage, feed: LiveFeed): true | undefined {
  if (message.kind === "unwatch") {
    feed.leave(page);
    return true;
  }
  if (message.kind !== "watch") return undefined;
  const { run } = message;
  feed.add(page, typeof run === "string" && RUN_ID.test(run) ? run : undefined);
  return true;
}

export function converse(page: OpenPage, { feed }: { readonly feed: LiveFeed }): Conversation {
  return {
    receive(message) {
      if (isObject(message) && receiveOfRuns(message, page, feed)) return;
      page.send({
        kind: "error",
        code: "lab.message",
        message: "expected a message of the lab's page, got another",
      });
    },
    close: () => feed.leave(page),
  };
}
