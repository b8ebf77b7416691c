import { useQuery } from "@tanstack/react-query";
import type { JoinWaitlist as Target } from "#contract/waitlist.ts";
import { type EpochMs, formatInstant } from "#scheduling/units.ts";
import type { Choice } from "@/features/book/bookingStep.ts";
import { nextGroupsQuery } from "@/features/groupSessions/queries.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import JoinWaitlist from "./JoinWaitlist.tsx";

type WaitForStartProps = { mentorId: string; choice: Choice; startsAt: EpochMs };

/** Beside a time that is taken: its queue, or that of a seat in the group session at that time. */
export default function WaitForStart({ mentorId, choice, startsAt }: WaitForStartProps) {
  const timezone = useViewerTimeZone();
  const { service, minutes } = choice;
  const isGroup = service.capacity > 1;
  const { data: groups, isPending } = useQuery({ ...nextGroupsQuery(mentorId), enabled: isGroup });
  if (isGroup && isPending) return null;
  const group = groups?.find(
    (one) => one.service_id === service.id && Date.parse(one.starts_at) === startsAt.valueOf(),
  );
  const target: Target = group
    ? { kind: "group", group_session_id: group.id, timezone }
    : {
        kind: "slot",
        service_id: service.id,
        duration: minutes,
        starts_at: formatInstant(startsAt),
        timezone,
      };
  return (
    <div className="mt-4 border-t border-line-strong pt-3">
      <p className="font-semibold tabular-nums">{formatDayAndTime(startsAt, timezone)}</p>
      <JoinWaitlist mentorId={mentorId} target={target} />
    </div>
  );
}
