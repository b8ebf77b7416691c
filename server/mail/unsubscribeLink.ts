import { createHmac, timingSafeEqual } from "node:crypto";
import { type Topic, topics } from "#rules/topics.ts";
import { deriveKey } from "../platform/derivedKey.ts";

/** Whose mails about which topic a link ends. */
interface UnsubscribeClaims {
  userId: string;
  topic: Topic;
}

/** Makes and reads the tokens of links that end the mails of a topic without a login (RFC 8058). */
export interface UnsubscribeLinks {
  sign(claims: UnsubscribeClaims): string;
  /** Returns the claims of a token with a valid signature. */
  verify(token: string): UnsubscribeClaims | undefined;
}

const form = /^v1\.([a-z_]{1,20})\.([0-9a-f-]{36})\.([\w-]{43})$/;

/** Tokens `v1.<topic>.<person>.<HMAC-SHA256>`: they never expire, as old mails are kept, and can do nothing else. */
export function unsubscribeLinks(secret: string): UnsubscribeLinks {
  const key = deriveKey(secret, "unsubscribe link v1");
  const macOf = ({ topic, userId }: UnsubscribeClaims) =>
    createHmac("sha256", key).update(`v1.${topic}.${userId}`).digest("base64url");
  return {
    sign: (claims) => `v1.${claims.topic}.${claims.userId}.${macOf(claims)}`,
    verify: (token) => {
      const [, topicName, userId, mac] = form.exec(token) ?? [];
      const topic = topics.find((each) => each === topicName);
      if (!topic || !userId || !mac) return undefined;
      const isRight = timingSafeEqual(Buffer.from(mac), Buffer.from(macOf({ topic, userId })));
      return isRight ? { topic, userId } : undefined;
    },
  };
}
