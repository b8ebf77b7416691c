import { expect, it } from "vitest";
import type { GroupSession } from "#contract/groupSessions.ts";
import type { CalendarSession } from "./calendarLayout.ts";
import { emptyGroupsOf } from "./EmptyGroups.tsx";

const group = (id: string, starts_at: string, others: Partial<GroupSession> = {}) =>
  ({ id, service_id: "circle", starts_at, state: "open", ...others }) as GroupSession;
const session = (service_id: string, starts_at: string) =>
  ({ starts_at, bookings: [{ service_id }] }) as unknown as CalendarSession;

it("a scheduled session is empty if no block shows it, and it was not cancelled", () => {
  const groups = [
    group("booked", "2026-12-01T10:00:00.000Z"),
    group("empty", "2026-12-02T10:00:00.000Z"),
    group("cancelled", "2026-12-03T10:00:00.000Z", { state: "cancelled" }),
  ];
  const sessions = [session("circle", "2026-12-01T10:00:00Z"), session("other", "2026-12-02T10:00:00Z")];
  expect(emptyGroupsOf(groups, sessions).map(({ id }) => id)).toEqual(["empty"]);
});
