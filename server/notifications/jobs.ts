import type { Task, TaskList } from "graphile-worker";
import type { EpochMs } from "#scheduling/units.ts";
import type { SystemTx } from "../platform/database/database.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { messagesOfAlert } from "./alertMessages.ts";
import { writeMessages } from "./channels.ts";
import { messagesOfConnection } from "./connectionMessages.ts";
import { messagesOfEntry } from "./entryMessages.ts";
import { outboxes } from "./eventNotifier.ts";
import { messagesOfMeeting } from "./meetingMessages.ts";
import type { Message } from "./message.ts";
import { messagesOfPayout } from "./payoutMessages.ts";
import { sendReminders } from "./reminders.ts";
import { messagesOfRequest } from "./requestMessages.ts";
import { messagesOfReply, messagesOfReview } from "./reviewMessages.ts";
import { messagesOfOffer, messagesOfWaitlistEnd } from "./waitlistMessages.ts";

/** Returns the messages that a job's payload stands for; none if they are out of date. */
type Source = (tx: SystemTx, payload: unknown, now: EpochMs) => Promise<Message[]>;

/** By the job that the database enqueues in the transaction that causes the messages. */
const sources: Readonly<Record<string, Source>> = {
  ...Object.fromEntries(outboxes.map(({ retryTask, messagesOf }) => [retryTask, messagesOf])),
  notify_time_request: messagesOfRequest,
  notify_meeting: messagesOfMeeting,
  notify_review: messagesOfReview,
  notify_review_reply: messagesOfReply,
  notify_alert: messagesOfAlert,
  notify_waitlist_offer: messagesOfOffer,
  notify_waitlist_lapsed: messagesOfWaitlistEnd,
  notify_payout: messagesOfPayout,
  notify_connection: messagesOfConnection,
  ask_entry_owner: messagesOfEntry,
};

/** Jobs that write messages on every channel. Each may run again: channels write a message once. */
export function notificationTasks({ database, now }: Dependencies): TaskList {
  const send =
    (read: Source): Task =>
    (payload) =>
      database.asSystem("messages are about both parties", null, async (tx) =>
        writeMessages(tx, await read(tx, payload, now()), now()),
      );
  return {
    ...Object.fromEntries(Object.entries(sources).map(([task, read]) => [task, send(read)])),
    send_reminders: () => sendReminders({ database, now }),
  };
}
