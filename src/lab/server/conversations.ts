/** What a lab says to one open page, and what it does when the page speaks: of runs, and of the plane. */
import { GanEvalError } from "../../errors.ts";
import { openPlaneSession, type PlaneSession } from "../session/open-plane-session.ts";
import { parseToLab } from "../session/parse-to-lab.ts";
import type { LiveFeed } from "./live-feed.ts";
import { hearOfRuns } from "./runs-conversation.ts";
import type { Conversation, OpenPage } from "./sockets.ts";

export interface ConversationParts {
  readonly feed: LiveFeed;
  /** Where runs of the plane are exported to. */
  readonly folder: string;
  readonly isReadOnly: boolean;
  /** Where points of pages are kept. */
  readonly pointsFolder: string;
}

export function converse(
  page: OpenPage,
  { feed, folder, isReadOnly, pointsFolder }: ConversationParts,
): Conversation {
  /** Opened when the page first speaks of the plane. */
  let session: PlaneSession | undefined;
  const toSession = (): PlaneSession => {
    session ??= openPlaneSession(
      { message: (message) => page.send(message), frame: (bytes) => page.sendBytes(bytes) },
      { folder, isReadOnly },
    );
    return session;
  };
  return {
    receive(message) {
      if (hearOfRuns(message, page, feed)) return;
      try {
        toSession().receive(parseToLab(message, pointsFolder));
      } catch (error) {
        if (!(error instanceof GanEvalError)) throw error;
        const { code, message: text, hint } = error;
        page.send({ kind: "error", code, message: text, ...(hint !== undefined && { hint }) });
      }
    },
    close() {
      feed.leave(page);
      session?.close();
    },
  };
}
