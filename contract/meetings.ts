import { z } from "zod";
import { textLimits } from "#rules/limits.ts";
import { fieldErrors, linkErrors } from "#words/fields.ts";
import { text } from "./primitives.ts";

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

/** Where a booking's parties meet: nothing before it is confirmed and after it is cancelled. */
export const bookingMeeting = {
  meeting_url: meetingFields.meeting_url.describe(
    "Where to meet once it is confirmed: this session's own link, else the mentor's room until a day after the end.",
  ),
  meeting_note: meetingFields.meeting_note,
  meeting_from: z
    .enum(["session", "room"])
    .nullable()
    .describe("Whose link it is: this session's own or the mentor's room."),
};
