import { hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { LruMap } from "toad-cache";
import { anyId, type LiveFeed } from "../live/feed.ts";
import type { Identities, Identity } from "./identity.ts";

const cacheMs = 30_000;
const maxCached = 10_000;

interface IdentityCache<Found> extends Pick<Identities, "forget"> {
  /** Whom the credentials of a request belong to: remembered, or found again. */
  read(headers: IncomingHttpHeaders, find: () => Promise<Found | null>): Promise<Identity | null>;
  hasEnded(loginId: string): boolean;
  /** From now on, nothing that is remembered of this login counts. */
  end(loginId: string): void;
}

/**
 * Remembers for half a minute whom a credential belongs to. A login that ends in any process is announced by the feed, and counts
 * for nothing at once.
 * @param trusts whether what was found then may be used now
 */
export function openIdentityCache<Found extends { identity: Identity }>(
  feed: Pick<LiveFeed, "subscribe">,
  trusts: (found: Found) => boolean,
): IdentityCache<Found> {
  const known = new LruMap<Found>(maxCached, cacheMs);
  // Longer than the cache time of a response that was on its way when the login ended.
  const ended = new LruMap<true>(maxCached, 2 * cacheMs);
  let changes = 0;
  const forget = () => {
    changes += 1;
    known.clear();
  };
  const hasEnded = (loginId: string) => ended.get(loginId) !== undefined;
  const end = (loginId: string) => ended.set(loginId, true);
  let isListening = false;
  const listen = () => {
    if (isListening) return;
    isListening = true;
    feed.subscribe("login", anyId, (about) => {
      if (about === "everything") forget();
      else end(about);
    });
  };
  return {
    async read({ authorization = "", cookie = "" }, find) {
      if (!cookie && !authorization) return null;
      const key = hash("sha256", `${authorization}\n${cookie}`, "base64");
      const remembered = known.get(key);
      if (remembered && !hasEnded(remembered.identity.loginId) && trusts(remembered))
        return remembered.identity;
      listen();
      const changesBefore = changes;
      const found = await find();
      // Don't remember what was read during a sign-out.
      if (found && changes === changesBefore) known.set(key, found);
      return found?.identity ?? null;
    },
    forget,
    hasEnded,
    end,
  };
}
