import { z } from "zod";
import { notificationContent } from "#contract/notifications.ts";
import { waitlistEndings } from "#contract/waitlist.ts";
import { type EpochMs, fromDate, parseInstant } from "#scheduling/units.ts";
import { occasionOf, timeOfId } from "../mail/occasion.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { type Involved, type Message, readParties } from "./message.ts";

const offerPayload = z.object({ mentor_id: z.uuid(), offer_id: z.uuid() });
const endPayload = z.object({ mentor_id: z.uuid(), entry_id: z.uuid(), because: z.enum(waitlistEndings) });

interface OfferFacts extends Involved {
  entry_id: string;
  starts_at: Date;
  expires_at: Date;
  is_final: boolean;
  state: string;
}

/** The message to the person whose turn it is. Urgent: its time is short, and counts while the person is awake. */
export async function messagesOfOffer(tx: SystemTx, payload: unknown, now: EpochMs): Promise<Message[]> {
  const { mentor_id, offer_id } = offerPayload.parse(payload);
  const { rows } = await tx.client.query<OfferFacts>("select * from private.waitlist_offer_facts($1, $2)", [
    mentor_id,
    offer_id,
  ]);
  const [offer] = rows;
  if (offer?.state !== "open" || offer.expires_at.getTime() <= now) return [];
  const parties = await readParties(tx, offer);
  if (!parties) return [];
  const { service_id, entry_id, is_final } = offer;
  const expires_at = offer.expires_at.toISOString();
  const kept = {
    service_id,
    offer_id,
    entry_id,
    is_final,
    starts_at: offer.starts_at.toISOString(),
    expires_at,
  };
  return [
    {
      ...notificationContent.parse({
        kind: "waitlist_offer",
        facts: { ...parties.factsFor("student"), ...kept },
      }),
      recipient: parties.recipients.student,
      dedupeKey: occasionOf(timeOfId(offer_id), "waitlist_offer", offer_id),
      isUrgent: true,
      expiresAt: parseInstant(expires_at),
    },
  ];
}

/** The message to a person who is out of a queue without having chosen that. */
export async function messagesOfWaitlistEnd(tx: SystemTx, payload: unknown): Promise<Message[]> {
  const { mentor_id, entry_id, because } = endPayload.parse(payload);
  const { rows } = await tx.client.query<Involved & { starts_at: Date }>(
    "select * from private.waitlist_entry_facts($1, $2)",
    [mentor_id, entry_id],
  );
  const [entry] = rows;
  const parties = entry && (await readParties(tx, entry));
  if (!parties) return [];
  const ended = {
    service_id: entry.service_id,
    starts_at: entry.starts_at.toISOString(),
    ended_because: because,
  };
  return [
    {
      ...notificationContent.parse({
        kind: "waitlist_lapsed",
        facts: { ...parties.factsFor("student"), ...ended },
      }),
      recipient: parties.recipients.student,
      // Its session is another one only while it waits.
      dedupeKey: occasionOf(fromDate(entry.starts_at), "waitlist_lapsed", entry_id),
    },
  ];
}
