import type { Session } from "#contract/accounts.ts";
import { api } from "@/lib/api.ts";
import { serverClock } from "./serverClock.ts";

let asking: Promise<unknown> | null = null;

/** Asks the server for the time if the device's clock may have been set: any answer has it. Retried by the next call if offline. */
export function settleClock(): void {
  if (asking || !serverClock.isInDoubt()) return;
  asking = api
    .get<Session>("/api/v1/session", { forAnyone: true })
    .catch(() => undefined)
    .finally(() => {
      asking = null;
    });
}
