import { createHmac, timingSafeEqual } from "node:crypto";
import { waitlistLinkActions } from "#contract/waitlist.ts";
import { deriveKey } from "../platform/derivedKey.ts";

export type WaitlistAction = (typeof waitlistLinkActions)[number];

/** What a link does, for whom. */
interface WaitlistClaims {
  action: WaitlistAction;
  /** Of the entry to leave, or the offer to pass. */
  id: string;
  userId: string;
}

/** Makes and reads the tokens of links in mails, by which a person leaves a queue or passes an offer without signing in. */
export interface WaitlistLinks {
  sign(claims: WaitlistClaims): string;
  /** Returns the claims of a token with a valid signature. */
  verify(token: string): WaitlistClaims | undefined;
}

const form = /^v1\.([a-z]{1,20})\.([0-9a-f-]{36})\.([0-9a-f-]{36})\.([\w-]{43})$/;

/**
 * Tokens `v1.<action>.<entry or offer>.<person>.<HMAC-SHA256>`. They give up a place, and can do nothing else: no link books or
 * charges.
 */
export function waitlistLinks(secret: string): WaitlistLinks {
  const key = deriveKey(secret, "waitlist link v1");
  const claimed = ({ action, id, userId }: WaitlistClaims) => `v1.${action}.${id}.${userId}`;
  const macOf = (claims: WaitlistClaims) =>
    createHmac("sha256", key).update(claimed(claims)).digest("base64url");
  return {
    sign: (claims) => `${claimed(claims)}.${macOf(claims)}`,
    verify: (token) => {
      const [, name, id, userId, mac] = form.exec(token) ?? [];
      const action = waitlistLinkActions.find((each) => each === name);
      if (!action || !id || !userId || !mac) return undefined;
      const claims = { action, id, userId };
      return timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(claims))) ? claims : undefined;
    },
  };
}
