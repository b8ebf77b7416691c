import { z } from "zod";
import { readJsonBytes } from "../../platform/readJson.ts";

/** What Graph reports of a subscription, of which nothing is believed but that something has happened. */
export interface Notification {
  channel: string;
  secret: string;
  happened: "changed" | "renew" | "ended";
}

const notification = z.object({
  subscriptionId: z.string(),
  clientState: z.string(),
  lifecycleEvent: z.string().nullish(),
});
const body = z.object({ value: z.array(z.unknown()) });

/** https://learn.microsoft.com/graph/change-notifications-lifecycle-events. `missed`: some changes were not reported. */
const lifecycle: Readonly<Record<string, Notification["happened"]>> = {
  reauthorizationRequired: "renew",
  subscriptionRemoved: "ended",
};

/** Null if it is no report of Graph. What of it cannot be read is left out. */
export function readNotifications(bytes: Uint8Array): Notification[] | null {
  const read = body.safeParse(readJsonBytes(bytes));
  if (!read.success) return null;
  return read.data.value.flatMap((each) => {
    const { data } = notification.safeParse(each);
    if (!data) return [];
    const { subscriptionId: channel, clientState: secret, lifecycleEvent } = data;
    return [{ channel, secret, happened: lifecycle[lifecycleEvent ?? ""] ?? "changed" }];
  });
}
