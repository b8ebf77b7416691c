import { createHmac, timingSafeEqual } from "node:crypto";
import type { BookingRole } from "#rules/bookingState.ts";
import { windowMs } from "#rules/windows.ts";
import type { UserTx } from "../platform/database/database.ts";
import type { BookingKey } from "../platform/database/directory.ts";
import { deriveKey } from "../platform/derivedKey.ts";

/** For whom a link acts, and on which booking. */
interface LinkClaims {
  bookingId: string;
  role: BookingRole;
  /** The account that is the booking's student or mentor. */
  userId: string;
  /** How often the person had revoked their links to the booking when this one was created. */
  generation: number;
}

/** Creates and reads the tokens of links that open one booking without signing in. */
export interface BookingLinks {
  sign(claims: LinkClaims): string;
  /** Returns the claims of a token with a valid signature. Whether it is still valid depends on the booking. */
  verify(token: string): LinkClaims | undefined;
}

const form = /^v1\.(student|mentor)\.([0-9a-f-]{36})\.([0-9a-f-]{36})(?:\.([1-9]\d{0,8}))?\.([\w-]{43})$/;
/** How long after the session's end a link opens it. */
const linkLife = windowMs("bookingLink");

/**
 * Tokens `v1.<role>.<booking>.<person>.<generation>.<HMAC-SHA256>`, without a generation as long as it is 0: nothing in
 * them is secret but the last part, and all that is stored is how often a person has ended their links. Their key is derived from the accounts' secret (RFC 5869), so that neither can stand in for the other; with
 * another secret every link ends.
 */
export function bookingLinks(secret: string): BookingLinks {
  const key = deriveKey(secret, "booking link v1");
  const claimed = ({ role, bookingId, userId, generation }: LinkClaims) =>
    `v1.${role}.${bookingId}.${userId}${generation > 0 ? `.${generation}` : ""}`;
  const macOf = (claims: LinkClaims) => createHmac("sha256", key).update(claimed(claims)).digest();

  return {
    sign: (claims) => `${claimed(claims)}.${macOf(claims).toString("base64url")}`,
    verify: (token) => {
      const [, role, bookingId, userId, generation = "0", mac] = form.exec(token) ?? [];
      if ((role !== "student" && role !== "mentor") || !bookingId || !userId || !mac) return undefined;
      const claims = { role, bookingId, userId, generation: Number(generation) } as const;
      const given = Buffer.from(mac, "base64url");
      const right = macOf(claims);
      // The text too: base64url has several spellings of the same 32 bytes.
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      return right.toString("base64url") === mac ? claims : undefined;
    },
  };
}

/** Returns how often the caller has revoked their links to a booking. */
export async function readLinkGeneration(tx: UserTx, booking: BookingKey, userId: string): Promise<number> {
  const row = await tx.db
    .selectFrom("booking_link_generations")
    .select("generation")
    .where("booking_id", "=", booking.id)
    .where("expert_id", "=", booking.expert_id)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row?.generation ?? 0;
}

/** Returns when a link to a session expires, epoch ms. */
export function linkExpiry(ends_at: string): number {
  return Date.parse(ends_at) + linkLife;
}
