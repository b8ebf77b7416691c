import { skipToken, useQuery } from "@tanstack/react-query";
import { CalendarX2 } from "lucide-react";
import type { Minutes } from "#scheduling/units.ts";
import { type EpochMs, MINUTE_MS } from "#scheduling/units.ts";
import { ownBusy } from "#words/calendarConnections.ts";
import { useMe } from "@/features/accounts/me.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { readBusyTimes } from "./api.ts";
import { clashesWith, monthsAround } from "./clashes.ts";
import { countsAsBusy } from "./connectionState.ts";
import { connectionsQuery } from "./queries.ts";

/** At a time that clashes with the viewer's own calendars. It takes no room, so nothing moves when it appears. */
export default function ClashMark({ startsAt, duration }: { startsAt: EpochMs; duration: Minutes }) {
  const { data: me } = useMe();
  const { data: list } = useQuery({ ...connectionsQuery(me?.id ?? ""), enabled: Boolean(me) });
  const span = monthsAround(startsAt);
  const asks = me && list?.data.some(countsAsBusy);
  const { data: busy } = useQuery({
    queryKey: ownKeys.busyTimes(me?.id ?? "", span.start),
    queryFn: asks ? ({ signal }) => readBusyTimes(span, signal) : skipToken,
    staleTime: 60_000,
  });
  const calendars = clashesWith(busy?.data ?? [], startsAt, startsAt + duration * MINUTE_MS);
  if (calendars.length === 0) return null;
  const text = ownBusy.clash(calendars.map(ownBusy.inCalendar).join(", "));
  return (
    <span title={text} className="absolute top-1 right-1">
      <CalendarX2 aria-hidden className="size-4" />
      <span className="sr-only">, {text}</span>
    </span>
  );
}
