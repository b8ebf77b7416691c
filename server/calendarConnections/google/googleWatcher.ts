import { randomUUID } from "node:crypto";
import { z } from "zod";
import { addMs, DAY_MS, epochMs } from "#scheduling/units.ts";
import { systemClock } from "../../platform/clock.ts";
import { CalendarProblem, type CalendarWatcher, type Login, type PushChannel } from "../provider.ts";
import type { GoogleApi } from "./googleApi.ts";
import { pathOfEvents } from "./googleEvent.ts";

/** Google makes it shorter if it wants to, and says so. */
const lastsMs = 7 * DAY_MS;
/** With which Google answers of a channel that has ended. */
const isOver = [400, 404, 410];

const channel = z.object({
  kind: z.literal("api#channel"),
  id: z.string().min(1),
  resourceId: z.string().min(1),
  /** Epoch ms. */
  expiration: z.string().regex(/^\d+$/),
});

/** A channel cannot be renewed: another one takes its place. https://developers.google.com/workspace/calendar/api/guides/push */
export function googleWatcher(api: GoogleApi): CalendarWatcher {
  return {
    watch: async (login, calendar, known, { address, secret }, signal) => {
      const { body } = await api.ask(login, `${pathOfEvents(calendar)}/watch`, channel, {
        method: "POST",
        body: {
          id: randomUUID(),
          type: "web_hook",
          address,
          token: secret,
          expiration: String(addMs(systemClock(), lastsMs)),
        },
        signal,
      });
      if (!body) throw new CalendarProblem("unreadable");
      if (known) await endQuietly(login, known, signal);
      const endsAt = epochMs(Number(body.expiration));
      return { id: body.id, resource: body.resourceId, endsAt, isNew: true };
    },
    end,
  };

  async function end(
    login: Login,
    { id, resource: resourceId }: PushChannel,
    signal: AbortSignal,
  ): Promise<void> {
    const request = { method: "POST", body: { id, resourceId }, accept: isOver, signal } as const;
    await api.ask(login, "/channels/stop", z.unknown(), request);
  }

  /** It ends by itself, and what it reports until then has no effect. */
  async function endQuietly(login: Login, known: PushChannel, signal: AbortSignal): Promise<void> {
    try {
      await end(login, known, signal);
    } catch (error) {
      if (!(error instanceof CalendarProblem)) throw error;
    }
  }
}
