import { z } from "zod";
import { notificationContent } from "#contract/notifications.ts";
import { fromDate, type LocalDate, type Minutes } from "#scheduling/units.ts";
import { occasionOf } from "../mail/occasion.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { type Involved, type Message, readParties } from "./message.ts";

/** The alert that ended, and the first free time that ended it. */
const alertPayload = z.object({ alert_id: z.uuid(), starts_at: z.iso.datetime({ offset: true }) });

interface AlertFacts extends Involved {
  duration: Minutes;
  from_date: LocalDate;
  to_date: LocalDate;
  fired_at: Date;
}

/** The message to the student who set the alert. */
export async function messagesOfAlert(tx: SystemTx, payload: unknown): Promise<Message[]> {
  const { alert_id, starts_at } = alertPayload.parse(payload);
  const { rows } = await tx.client.query<AlertFacts>("select * from private.alert_facts($1)", [alert_id]);
  const [alert] = rows;
  const parties = alert && (await readParties(tx, alert));
  if (!parties) return [];
  const { service_id, duration, from_date, to_date } = alert;
  const free = { starts_at: new Date(starts_at).toISOString(), service_id, duration, from_date, to_date };
  return [
    {
      ...notificationContent.parse({
        kind: "alert_fired",
        facts: { ...parties.factsFor("student"), ...free },
      }),
      recipient: parties.recipients.student,
      dedupeKey: occasionOf(fromDate(alert.fired_at), "alert", alert_id),
    },
  ];
}
