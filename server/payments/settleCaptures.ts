import pg from "pg";
import { batchedBy } from "../platform/database/batches.ts";
import type { Database } from "../platform/database/database.ts";
import type { PaymentKey } from "./paymentKey.ts";
import type { Attempt, ProviderOrder } from "./provider.ts";

/** A payment about which there is nothing to say but that its only attempt captured exactly the price of its order. */
interface Capture {
  key: PaymentKey;
  orderId: string;
  attempt: Attempt;
}

/** The capture that an order says, if it says nothing else. */
export function captureOf(
  key: PaymentKey,
  { id, reference, amount, attempts }: ProviderOrder,
): Capture | undefined {
  const [attempt] = attempts;
  const isPlain =
    attempts.length === 1 &&
    attempt?.state === "captured" &&
    attempt.refunds.length === 0 &&
    attempt.dispute === null &&
    attempt.failure === null &&
    attempt.amount.minor === amount.minor &&
    attempt.amount.currency === amount.currency &&
    (reference ?? key.paymentId) === key.paymentId;
  return isPlain ? { key, orderId: id, attempt } : undefined;
}

/**
 * Books a capture, those of one moment with one call. False: it must be judged alone, by private.settle_payment(), because
 * there is more to it, its mentor is locked at this moment, or the database rejected it here.
 */
export async function settleCapture(database: Database, capture: Capture): Promise<boolean> {
  try {
    return await settleTogether(database, capture);
  } catch (error) {
    if (error instanceof pg.DatabaseError) return false;
    throw error;
  }
}

const settleTogether = batchedBy<Capture, boolean>(
  (database) => async (captures) => {
    const column = <T>(of: (capture: Capture) => T) => captures.map(of);
    const { rows } = await database.commands.query<{ payment_ids: string[]; announcements: string }>({
      name: "settle_captures",
      text: "select * from private.settle_captures($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      values: [
        column(({ key }) => key.mentorId),
        column(({ key }) => key.paymentId),
        column(({ orderId }) => orderId),
        column(({ attempt }) => attempt.id),
        column(({ attempt }) => attempt.amount.minor),
        column(({ attempt }) => attempt.amount.currency),
        column(({ attempt }) => attempt.method),
        column(({ attempt }) => attempt.fee?.minor ?? null),
        column(({ attempt }) => new Date(attempt.createdAt)),
      ],
    });
    const [row] = rows;
    if (row?.announcements) database.announceCollected(row.announcements);
    const settled = new Set(row?.payment_ids);
    return captures.map(({ key }) => settled.has(key.paymentId));
  },
  // Two calls must not find each other's mentors locked.
  { keyOf: ({ key }) => key.mentorId },
);
