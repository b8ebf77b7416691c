import type { TaskList } from "graphile-worker";
import { z } from "zod";
import type { Dependencies } from "../platform/http/route.ts";
import { messagesOfEvent } from "./bookingMessages.ts";
import { deliver, openChannels } from "./channels.ts";
import { messagesOfRequest, requestStep } from "./requestMessages.ts";
import { messagesOfReview, reviewStep } from "./reviewMessages.ts";

const eventPayload = z.object({ event_id: z.int() });

/** Enqueued by the triggers that write the histories. */
export function notificationTasks({ database, now }: Dependencies): TaskList {
  const channels = openChannels(database);
  return {
    notify_booking_event: async (payload) => {
      const { event_id } = eventPayload.parse(payload);
      const messages = await database.asSystem("tells both parties", null, (tx) =>
        messagesOfEvent(tx, event_id, now()),
      );
      await deliver(channels, messages);
    },
    notify_review: async (payload) => {
      const { review_id } = reviewStep.parse(payload);
      const messages = await database.asSystem("tells the mentor", null, (tx) =>
        messagesOfReview(tx, review_id, "review"),
      );
      await deliver(channels, messages);
    },
    notify_review_reply: async (payload) => {
      const { review_id } = reviewStep.parse(payload);
      const messages = await database.asSystem("tells the student", null, (tx) =>
        messagesOfReview(tx, review_id, "reply"),
      );
      await deliver(channels, messages);
    },
    notify_time_request: async (payload) => {
      const step = requestStep.parse(payload);
      const messages = await database.asSystem("tells both parties", null, (tx) =>
        messagesOfRequest(tx, step),
      );
      await deliver(channels, messages);
    },
  };
}
