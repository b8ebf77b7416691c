import { queryOptions, useQuery } from "@tanstack/react-query";
import type { MeetingPlace, ShownMeetingPlaces } from "#contract/meetings.ts";
import { shownPlaces } from "#words/shownPlaces.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

/** How a mentor's sessions take place, as visitors see it. */
const shownPlacesQuery = (mentorId: string) =>
  queryOptions({
    queryKey: [...queryKeys.mentor(mentorId), "meeting-places"],
    queryFn: ({ signal }) =>
      api.get<ShownMeetingPlaces>(`/api/v1/mentors/${encodeURIComponent(mentorId)}/meeting-places`, {
        signal,
      }),
  });

type ShownPlaceProps = { mentorId: string; mentorName: string; serviceId: string };

/** Before booking: how sessions of a service take place. Nothing until it is known. */
export function ShownPlace({ mentorId, mentorName, serviceId }: ShownPlaceProps) {
  const { data } = useQuery(shownPlacesQuery(mentorId));
  if (!data) return null;
  const place = data.services.find(({ service_id }) => service_id === serviceId) ?? data.default;
  return <p className="mt-1.5 text-sm break-words whitespace-pre-line">{sentenceOf(place, mentorName)}</p>;
}

function sentenceOf({ kind, caller, phone, address }: MeetingPlace, mentor: string): string {
  if (kind === "phone")
    return caller === "student" ? shownPlaces.youCall(mentor, phone) : shownPlaces.mentorCalls(mentor);
  if (kind === "in_person") return address ? shownPlaces.inPerson(address) : shownPlaces.inPersonLater;
  return shownPlaces[kind];
}
