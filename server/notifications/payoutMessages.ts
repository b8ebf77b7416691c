import { z } from "zod";
import { notificationContent } from "#contract/notifications.ts";
import { decimalOfMinor } from "#rules/money.ts";
import { occasionOf, timeOfId } from "../mail/occasion.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { languageOf, type Message } from "./message.ts";

/** A payout, and where it has got to. */
const payoutPayload = z.object({
  payout_id: z.uuid(),
  mentor_id: z.uuid(),
  state: z.enum(["paid", "failed", "reversed"]),
});

/** Of private.payout_message_facts(). */
interface PayoutFacts {
  amount_minor: number;
  currency: string;
  account: string | null;
  mentor_name: string;
  mentor_email: string;
  mentor_zone: string;
  mentor_username: string;
}

/** The message to the mentor about a payout that the bank has made, refused or sent back. */
export async function messagesOfPayout(tx: SystemTx, payload: unknown): Promise<Message[]> {
  const { payout_id, mentor_id, state } = payoutPayload.parse(payload);
  const { rows } = await tx.client.query<PayoutFacts>("select * from private.payout_message_facts($1, $2)", [
    mentor_id,
    payout_id,
  ]);
  const [payout] = rows;
  if (!payout) return [];
  return [
    {
      ...notificationContent.parse({
        kind: state === "paid" ? "payout_sent" : "payout_failed",
        facts: {
          role: "mentor",
          mentor_username: payout.mentor_username,
          amount: decimalOfMinor(payout.amount_minor, payout.currency),
          currency: payout.currency,
          account: payout.account ?? undefined,
        },
      }),
      recipient: {
        id: mentor_id,
        name: payout.mentor_name,
        email: payout.mentor_email,
        timezone: payout.mentor_zone,
        language: languageOf(mentor_id),
      },
      dedupeKey: occasionOf(timeOfId(payout_id), "payout", payout_id, state),
      by: "system",
    },
  ];
}
