import { lazy } from "react";
import type { TimeAsideProps } from "@/features/book/timeAsides.ts";

const RequestTime = lazy(() => import("@/features/timeRequests/RequestTime.tsx"));
const WaitForTime = lazy(() => import("@/features/waitlist/WaitForTime.tsx"));
const WaitForStart = lazy(() => import("@/features/waitlist/WaitForStart.tsx"));
const ClashMark = lazy(() => import("@/features/calendarConnections/ClashMark.tsx"));
const SeveralTimes = lazy(() => import("@/features/baskets/SeveralTimes.tsx"));
const BookTogether = lazy(() => import("@/features/series/BookTogether.tsx"));

/** What the booking needs rarely. One part, which names the chunks of the others: the booking route pays for each name. */
export default function TimeAside(props: TimeAsideProps) {
  switch (props.name) {
    case "ask":
      return <RequestTime {...props} />;
    case "wait":
      return <WaitForTime {...props} />;
    case "taken":
      return <WaitForStart {...props} />;
    case "clash":
      return <ClashMark {...props} />;
    case "several":
      return <SeveralTimes {...props} />;
    case "together":
      return <BookTogether {...props} />;
    default:
      return props satisfies never;
  }
}
