import { useQuery } from "@tanstack/react-query";
import { Repeat } from "lucide-react";
import type { Booking } from "#contract/bookings.ts";
import { ownSeries } from "#words/ownSeries.ts";
import { Link } from "@/lib/router/router.tsx";
import { seriesPath } from "@/lib/seriesPath.ts";
import { seriesQuery } from "./queries.ts";
import { rhythmOf } from "./seriesFacts.ts";

type SeriesPlaceProps = {
  booking: Pick<Booking, "series_place">;
  seriesId: string;
  timeZone: string;
};

/** Which session of a series it is, with a link to all of them. */
export function SeriesPlace({ booking, seriesId, timeZone }: SeriesPlaceProps) {
  const { data: series } = useQuery(seriesQuery(seriesId));
  return (
    <p className="flex flex-wrap items-center gap-x-2">
      <Repeat aria-hidden className="size-4 shrink-0 text-ink-soft" />
      <Link
        to={seriesPath(seriesId)}
        className="tap inline-flex items-center font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
      >
        {series
          ? ownSeries.place({ place: booking.series_place ?? 1, all: series.sessions.length })
          : ownSeries.partOf}
      </Link>
      {series && <span className="text-ink-soft">{rhythmOf(series, timeZone)}</span>}
    </p>
  );
}
