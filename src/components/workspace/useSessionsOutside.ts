import { type Control, useWatch } from "react-hook-form";
import { useOwnSessions } from "@/components/sessions/useOwnSessions";
import type { AvailabilitySlot } from "../../../contract/availability";
import type { Booking } from "../../../contract/bookings";
import { sessionsOutside } from "./sessionsOutsideHours";
import { timeFieldOf, type WeekForm } from "./weekForm";

/** The sessions and requests that the hours, as they are being typed, leave out. */
export function useSessionsOutside(
  control: Control<WeekForm>,
  mentorId: string,
  slots: readonly AvailabilitySlot[],
): Booking[] {
  const days = useWatch({ control, name: "days" });
  const { groups } = useOwnSessions("mentor", mentorId);
  const dated = slots.flatMap(({ specific_date: date, start_time, end_time }) =>
    date ? [{ date, start: start_time, end: timeFieldOf(end_time) }] : [],
  );
  return sessionsOutside([...groups.upcoming, ...groups.requests], { days }, dated);
}
