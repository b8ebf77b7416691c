import { useQuery } from "@tanstack/react-query";
import type { Booking } from "#contract/bookings.ts";
import { moveSeries } from "#words/ownSeries.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { seriesQuery } from "./queries.ts";
import { ScopeChoice } from "./ScopeChoice.tsx";
import { scopesOf } from "./seriesFacts.ts";

type MoveScopeProps = {
  booking: Booking;
  seriesId: string;
  /** Whether the later sessions move too. */
  value: boolean;
  onChange: (withLater: boolean) => void;
};

/** Whether the later sessions of a series move with this one. Nothing if there are none that can. */
export function MoveScope({ booking, seriesId, value, onChange }: MoveScopeProps) {
  const { data: series } = useQuery(seriesQuery(seriesId));
  const now = useNow();
  const scopes = series ? scopesOf(series, booking.series_place ?? 1, "can_move", now.getTime()) : [];
  const offered = scopes.filter(({ name }) => name !== "all");
  if (offered.length < 2) return null;
  return (
    <div className="mb-5">
      <ScopeChoice
        scopes={offered}
        value={value ? "later" : "one"}
        onChange={(name) => onChange(name === "later")}
        detail={({ name }) => name === "later" && moveSeries.detail}
      />
    </div>
  );
}
