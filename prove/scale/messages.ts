import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "./stack.ts";

/** What the worker has done for some bookings: a notification to each mentor, and a mail to mentor and student. */
interface Messages {
  figure: string;
  holds: boolean;
}

interface Written {
  notifications: number;
  /** Ids of the mails; the Message-ID of each begins with its own. */
  mails: string[];
}

/** How long the worker may need for what the load has left, ms. */
const patience = 30_000;
/** In which a second copy would arrive, ms. */
const afterwards = 1_000;

/** Waits for the worker, then counts what arrived at the mail server and in the inboxes: each message once. */
export async function countMessages(
  { test, smtp, hasWorker }: Pick<Stack, "test" | "smtp" | "hasWorker">,
  bookings: readonly string[],
): Promise<Messages> {
  const count = async () => {
    const { rows } = await test.db.owner.query<Written>(
      `select (select count(*)::int from notifications n where n.booking_id = b.id and n.user_id = b.expert_id) as notifications,
         array(
           select d.id from private.deliveries d
           join booking_events e on split_part(d.occasion, 'booking_event:', 2) = e.id::text
           where e.booking_id = b.id) as mails
       from bookings b where b.id = any($1)`,
      [bookings],
    );
    const copies = new Map<string, number>();
    for (const { mail } of smtp.received) {
      const id = mail.messageId?.slice(1).split("@")[0] ?? "";
      copies.set(id, (copies.get(id) ?? 0) + 1);
    }
    const mails = rows.flatMap((row) => row.mails.map((id) => copies.get(id) ?? 0));
    return {
      told: rows.filter(({ notifications, mails }) => notifications === 1 && mails.length === 2).length,
      once: mails.filter((times) => times === 1).length,
      again: mails.filter((times) => times > 1).length,
    };
  };
  const isComplete = ({ told, once }: Awaited<ReturnType<typeof count>>) =>
    told === bookings.length && once === 2 * bookings.length;
  const deadline = performance.now() + (hasWorker ? patience : 0);
  while (performance.now() < deadline && !isComplete(await count())) await sleep(100);
  await sleep(afterwards);
  const counted = await count();
  return {
    figure: `messages of ${counted.told} bookings, ${counted.once} mails arrived once, ${counted.again} more than once`,
    holds: isComplete(counted),
  };
}
