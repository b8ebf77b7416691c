import { BasketFlow } from "@/features/baskets/BasketFlow.tsx";
import type { BookTogetherProps } from "@/features/book/timeAsides.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { SeriesFlow } from "./SeriesFlow.tsx";

/** The steps of several sessions that are booked at once: a series, or the times of a basket. */
export default function BookTogether(props: BookTogetherProps) {
  const timeZone = useViewerTimeZone();
  const { kind, startsAt } = props.step;
  if (kind === "basket" || startsAt === null) return <BasketFlow {...props} timeZone={timeZone} />;
  return <SeriesFlow {...props} startsAt={startsAt} timeZone={timeZone} />;
}
