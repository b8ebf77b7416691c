import type { Login } from "#contract/accounts.ts";
import { api } from "@/lib/api.ts";
import { serverClock } from "./serverClock.ts";

let asking: Promise<unknown> | null = null;

/** Gets the server's time, which every response has, if the device's clock may have been set. Retried by the next call if offline. */
export function settleClock(): void {
  if (asking || !serverClock.isInDoubt()) return;
  asking = api
    .get<Login>("/api/v1/session", { forAnyone: true })
    .catch(() => undefined)
    .finally(() => {
      asking = null;
    });
}
