import { z } from "zod";
import { addMs, type EpochMs, epochMs, formatInstant, MINUTE_MS } from "#scheduling/units.ts";
import { systemClock } from "../../platform/clock.ts";
import type { CalendarWatcher } from "../provider.ts";
import { type Graph, type GraphAnswer, pathOf, readAs } from "./graph.ts";

/** Graph takes up to 10,080 minutes for events; national clouds take less. */
const lastsMs = 4_230 * MINUTE_MS;
const gone = [404, 410];

const subscription = z.object({
  id: z.string().min(1),
  expirationDateTime: z.iso.datetime({ offset: true }),
});

/** https://learn.microsoft.com/graph/change-notifications-overview */
export function microsoftWatcher(graph: Graph): CalendarWatcher {
  return {
    watch: async (login, { remoteId }, known, { address, secret }, signal) => {
      const expirationDateTime = formatInstant(addMs(systemClock(), lastsMs));
      if (known) {
        const renewed = await graph.ask(login, `/subscriptions${pathOf(known.id)}`, {
          method: "PATCH",
          body: { expirationDateTime },
          signal,
          accept: gone,
        });
        if (!gone.includes(renewed.status)) return { ...channelOf(renewed), isNew: false };
      }
      // Before it answers, Graph asks the address whether it is ours (pushRoutes.ts).
      const made = await graph.ask(login, "/subscriptions", {
        method: "POST",
        body: {
          changeType: "created,updated,deleted",
          notificationUrl: address,
          lifecycleNotificationUrl: address,
          resource: `me/calendars/${remoteId}/events`,
          expirationDateTime,
          clientState: secret,
        },
        signal,
      });
      return { ...channelOf(made), isNew: true };
    },

    end: async (login, { id }, signal) => {
      await graph.ask(login, `/subscriptions${pathOf(id)}`, { method: "DELETE", signal, accept: gone });
    },
  };
}

function channelOf(answer: GraphAnswer): { id: string; resource: null; endsAt: EpochMs } {
  const { id, expirationDateTime } = readAs(subscription, answer);
  return { id, resource: null, endsAt: epochMs(Date.parse(expirationDateTime)) };
}
