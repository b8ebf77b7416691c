import type { MeetingPlace, OwnPlace, SetMeetingPlace } from "#contract/meetings.ts";
import { wholeUrl } from "./meetingForm.ts";

/** The values of the form for how sessions take place; `calls` is who calls. "default": as the mentor's other services. */
export type PlaceForm = {
  kind: MeetingPlace["kind"] | "default";
  calls: "mentor" | "student";
  phone: string;
  address: string;
  map_url: string;
  shows_details: boolean;
};

export function placeFormOf(place: OwnPlace | null): PlaceForm {
  return {
    kind: place?.kind ?? "default",
    calls: place?.caller ?? "mentor",
    phone: place?.phone ?? "",
    address: place?.address ?? "",
    map_url: place?.map_url ?? "",
    shows_details: place?.shows_details ?? false,
  };
}

/** Null: as the mentor's other services. Of other kinds nothing is sent. */
export function placeOfForm(form: PlaceForm): SetMeetingPlace | null {
  const { kind, calls, phone, address, map_url, shows_details } = form;
  switch (kind) {
    case "default":
      return null;
    case "phone":
      return calls === "mentor"
        ? { kind, caller: calls }
        : { kind, caller: calls, phone: phone.trim(), shows_details };
    case "in_person":
      return {
        kind,
        address: address.trim(),
        map_url: map_url.trim() === "" ? null : wholeUrl(map_url),
        shows_details,
      };
    default:
      return { kind };
  }
}
