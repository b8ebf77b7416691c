import { z } from "zod";
import { bookingRoles } from "#rules/bookingState.ts";
import { textLimits } from "#rules/limits.ts";
import { type MeetingKind, meetingKinds } from "#rules/meetingPlaces.ts";
import { fieldErrors, linkErrors } from "#words/fields.ts";
import { phone, requiredText, text, uuid } from "./primitives.ts";

const { meetingUrl: maxLength } = textLimits;

/** The meeting link: an https address, as browsers write it. Text before an @ would look like a host. */
export const meetingUrl = z
  .string()
  .trim()
  .min(1, linkErrors.missing)
  .max(maxLength, fieldErrors.tooLong(maxLength))
  .pipe(
    z.url({
      protocol: /^https$/,
      normalize: true,
      error: linkErrors.notHttps,
      abort: true,
    }),
  )
  .refine((url) => url.length <= maxLength, fieldErrors.tooLong(maxLength))
  .refine((url) => !/^https:\/\/[^/?#]*@/.test(url), linkErrors.hasLogin)
  .meta({ examples: ["https://meet.example.com/asha"] });

/** What one needs to get in. */
export const meetingNote = text(textLimits.meetingNote)
  .transform((note) => note || null)
  .nullish()
  .transform((note) => note ?? null);

const meetingFields = {
  meeting_url: z.string().nullable(),
  meeting_note: z.string().nullable().describe("What one needs to get in, such as a passcode."),
};

/** Where a mentor meets students unless a session has its own link; nulls if it is not set. */
export const mentorRoom = z.object(meetingFields).meta({ id: "MentorRoom" });
export type MentorRoom = z.infer<typeof mentorRoom>;

export const setMentorRoom = z.strictObject({ meeting_url: meetingUrl, meeting_note: meetingNote });
export type SetMentorRoom = z.input<typeof setMentorRoom>;

/** `meeting_url: null`: the mentor's room again. */
export const setBookingMeeting = z.strictObject({
  meeting_url: meetingUrl.nullable(),
  meeting_note: meetingNote,
});
export type SetBookingMeeting = z.input<typeof setBookingMeeting>;

const placeFields = {
  kind: z.enum(meetingKinds).describe("link: by the mentor's room."),
  caller: z.enum(bookingRoles).nullable().describe("Of phone: who calls the other."),
  phone: z.string().nullable().describe("The mentor's number, if the student calls."),
  address: z.string().nullable(),
  map_url: z.string().nullable(),
};

/** How a session takes place. Numbers and addresses are null where they are not shown yet. */
export const meetingPlace = z.object(placeFields).meta({ id: "MeetingPlace" });
export type MeetingPlace = z.infer<typeof meetingPlace>;

const shows = {
  shows_details: z.boolean().describe("Whether number or address are shown before a session is agreed."),
};
const ownPlace = meetingPlace.extend(shows);
export type OwnPlace = z.infer<typeof ownPlace>;

/** What the mentor has chosen; services that are not listed take place as the default says. */
export const ownMeetingPlaces = z
  .object({
    default: ownPlace,
    services: z.array(ownPlace.extend({ service_id: uuid })),
    offered: z.array(z.enum(meetingKinds)).describe("What can be chosen."),
  })
  .meta({ id: "OwnMeetingPlaces" });
export type OwnMeetingPlaces = z.infer<typeof ownMeetingPlaces>;

/** What visitors see of it. */
export const shownMeetingPlaces = z.object({
  default: meetingPlace,
  services: z.array(meetingPlace.extend({ service_id: uuid })),
});
export type ShownMeetingPlaces = z.infer<typeof shownMeetingPlaces>;

const kindOnly = <const Kind extends MeetingKind>(kind: Kind) => z.strictObject({ kind: z.literal(kind) });
const showsDetails = shows.shows_details.default(false);

export const setMeetingPlace = z.discriminatedUnion("kind", [
  kindOnly("matepeak_room"),
  kindOnly("google_meet"),
  kindOnly("zoom"),
  kindOnly("jitsi"),
  kindOnly("link"),
  z.discriminatedUnion("caller", [
    z.strictObject({ kind: z.literal("phone"), caller: z.literal("mentor") }),
    z.strictObject({
      kind: z.literal("phone"),
      caller: z.literal("student"),
      phone,
      shows_details: showsDetails,
    }),
  ]),
  z.strictObject({
    kind: z.literal("in_person"),
    address: requiredText(textLimits.postalAddress),
    map_url: meetingUrl.nullish().transform((url) => url ?? null),
    shows_details: showsDetails,
  }),
]);
export type SetMeetingPlace = z.input<typeof setMeetingPlace>;

export const joinEventKinds = ["button", "zoom_joined", "zoom_left"] as const;

/** Who joined a session, as far as it can be seen. */
export const joinEvent = z
  .object({
    party: z.enum(bookingRoles).nullable().describe("null: Zoom reported a name that could be either."),
    how: z
      .enum(joinEventKinds)
      .describe("button: the session was joined from here; zoom_…: as Zoom reported it."),
    name: z.string().nullable(),
    at: z.string(),
  })
  .meta({ id: "JoinEvent" });
export type JoinEvent = z.infer<typeof joinEvent>;
export const joinEvents = z.object({ data: z.array(joinEvent) });

/** The answer to a report of Zoom: to its question whether the address is ours, the proof. */
export const zoomAnswer = z.union([
  z.object({ plainToken: z.string(), encryptedToken: z.string() }),
  z.object({ received: z.literal(true) }),
]);

/** Where a booking's parties meet: nothing before it is confirmed and after it is cancelled. */
export const bookingMeeting = {
  meeting_url: meetingFields.meeting_url.describe(
    "Where to meet once it is confirmed: this session's own link, else the mentor's room until a day after the end.",
  ),
  meeting_note: meetingFields.meeting_note,
  meeting_from: z
    .enum(["session", "made", "room"])
    .nullable()
    .describe("Whose link it is: this session's own, one that was made for it, or the mentor's room."),
  meeting_place: meetingPlace
    .nullable()
    .describe("How it takes place, once it is agreed; null: by the mentor's room, or not agreed."),
};
