import { useQuery } from "@tanstack/react-query";
import type { InputHTMLAttributes } from "react";
import type { Service } from "#contract/services.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { groupFacts, groupSeat } from "#words/groupSessions.ts";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { MinimumNote } from "./GroupFacts.tsx";
import { nextGroupsQuery } from "./queries.ts";

type GroupTermsProps = {
  mentorId: string;
  service: Service;
  startsAt: EpochMs;
  timeZone: string;
  /** Props of the checkbox: whether the other attendees see the name. */
  nameField: InputHTMLAttributes<HTMLInputElement>;
};

/** Before a seat is booked: whether the session takes place is still open, and who sees the name. */
export default function GroupTerms({ mentorId, service, startsAt, timeZone, nameField }: GroupTermsProps) {
  const { data: sessions } = useQuery(nextGroupsQuery(mentorId));
  const session = sessions?.find(
    ({ service_id, starts_at }) => service_id === service.id && Date.parse(starts_at) === startsAt,
  );
  const { min_attendees: minimum } = session ?? service;
  const isUndecided = minimum > 1 && session?.state !== "on";
  const isPaid = service.durations.some(({ price }) => price > 0);
  return (
    <>
      {isUndecided && sessions && (
        <div className="rounded-control border border-line bg-accent-soft px-4 py-3 text-ink">
          {session ? (
            <MinimumNote session={session} timeZone={timeZone} />
          ) : (
            <p>{groupFacts.opensWith(minimum, service.decide_minutes)}</p>
          )}
          <p className="mt-1 text-sm">{isPaid ? groupFacts.refundedIf : groupFacts.cancelledIf}</p>
        </div>
      )}
      <Checkbox {...nameField} label={groupSeat.showName} detail={groupSeat.showNameDetail} />
    </>
  );
}
