import { z } from "zod";
import { countLimits, numberLimits, textLimits } from "#rules/limits.ts";
import type { Minutes } from "#scheduling/units.ts";
import { fieldErrors, listErrors, numberErrors } from "#words/fields.ts";
import { hoursChange } from "./hours.ts";
import { cursorQuery, inMinutes, line, requiredLine, text, timeZone, uuid } from "./primitives.ts";
import { service } from "./services.ts";
import { isReservedUsername } from "./usernames.ts";

const { bookingWindowDays, bufferMinutes, minimumNoticeMinutes, slotIntervalMinutes, usernameCharacters } =
  numberLimits;
const { sessionsPerDay, sessionsPerWeek } = numberLimits;

export const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    new RegExp(
      `^[a-z0-9](?:[a-z0-9-]{${usernameCharacters.min - 2},${usernameCharacters.max - 2}})[a-z0-9]$`,
    ),
    fieldErrors.username(usernameCharacters),
  )
  .refine((value) => !isReservedUsername(value), fieldErrors.reserved);

const minutes = ({ max }: { max: Minutes }) =>
  z
    .number()
    .int(numberErrors.wholeMinutes)
    .min(0, numberErrors.negative)
    .max(max, numberErrors.atMostMinutes(max));

const sessionCount = ({ min, max }: { min: number; max: number }) =>
  z
    .number()
    .int(numberErrors.whole)
    .min(min, numberErrors.atLeast(min))
    .max(max, numberErrors.atMost(max))
    .nullable();

/** How a mentor's time is cut into slots; all lengths in minutes. Defaults are in the database. */
export const schedulingSettings = z.object({
  slot_interval: inMinutes(
    minutes(slotIntervalMinutes).min(
      slotIntervalMinutes.min,
      numberErrors.startsTooClose(slotIntervalMinutes.min),
    ),
  ),
  buffer_before: inMinutes(minutes(bufferMinutes)),
  buffer_after: inMinutes(minutes(bufferMinutes)),
  minimum_notice: inMinutes(minutes(minimumNoticeMinutes)),
  booking_window_days: z
    .number()
    .int(numberErrors.wholeDays)
    .min(bookingWindowDays.min, numberErrors.atLeastDays(bookingWindowDays.min))
    .max(bookingWindowDays.max, numberErrors.atMostDays(bookingWindowDays.max)),
  max_per_day: sessionCount(sessionsPerDay),
  max_per_week: sessionCount(sessionsPerWeek),
  instant_confirm: z.boolean(),
  require_confirmed_address: z
    .boolean()
    .describe("Only people who have confirmed their e-mail address may book."),
  approve_first_timers: z
    .boolean()
    .describe("A first booking waits for the mentor, also where bookings are confirmed at once."),
});

/** Whether the search shows a page; its link works either way. */
const listed = z.boolean().describe("Whether the search shows the page.");

const acceptingBookings = z
  .boolean()
  .describe("False: no time is offered and no new booking is taken. What is booked stays and can be moved.");

const profileFields = {
  full_name: requiredLine(textLimits.personName),
  headline: line(textLimits.headline),
  bio: text(textLimits.bio),
  expertise: z
    .array(requiredLine(textLimits.tag))
    .max(countLimits.expertise, listErrors.nameAtMost(countLimits.expertise)),
  languages: z
    .array(requiredLine(textLimits.tag))
    .max(countLimits.languages, listErrors.nameAtMost(countLimits.languages)),
  timezone: timeZone,
};

/** What everyone may see of a mentor, the scheduling settings included: they decide which times are offered. */
export const mentorProfile = z
  .object({
    id: uuid,
    username: z.string(),
    ...profileFields,
    listed,
    accepting_bookings: acceptingBookings,
    verified: z.boolean(),
    rating: z.number().nullable(),
    review_count: z.int(),
    created_at: z.string(),
  })
  .extend(schedulingSettings.shape)
  .meta({ id: "MentorProfile" });
export type MentorProfile = z.infer<typeof mentorProfile>;

export const mentorWithServices = mentorProfile.extend({ services: z.array(service) }).meta({ id: "Mentor" });
export type Mentor = z.infer<typeof mentorWithServices>;

export const mentorSummary = mentorProfile
  .pick({
    id: true,
    username: true,
    full_name: true,
    headline: true,
    expertise: true,
    languages: true,
    timezone: true,
    accepting_bookings: true,
    verified: true,
    rating: true,
    review_count: true,
  })
  .extend({
    from_price: z.number().nullable().describe("The lowest price of an enabled service."),
    currency: z.string().nullable(),
  })
  .meta({ id: "MentorSummary" });
export type MentorSummary = z.infer<typeof mentorSummary>;

export const mentorPage = z.object({ data: z.array(mentorSummary), next_cursor: z.string().nullable() });
export type MentorPage = z.infer<typeof mentorPage>;

/** A person's favourite mentors, newest first. */
export const favouriteMentors = z.object({ data: z.array(mentorSummary) });

export const mentorQuery = z.object({
  q: line(textLimits.search).optional().describe("Words from the name, headline, bio or expertise."),
  expertise: line(textLimits.tag).optional(),
  ...cursorQuery,
});

export const createMentor = z
  .strictObject({
    username,
    full_name: profileFields.full_name,
    timezone: profileFields.timezone,
    headline: profileFields.headline.optional(),
    bio: profileFields.bio.optional(),
    expertise: profileFields.expertise.optional(),
    languages: profileFields.languages.optional(),
    listed: listed.optional(),
    accepting_bookings: acceptingBookings.optional(),
  })
  .extend(schedulingSettings.partial().shape);
export type CreateMentor = z.input<typeof createMentor>;

export const updateMentor = z
  .strictObject({
    username,
    ...profileFields,
    listed,
    accepting_bookings: acceptingBookings,
    ...schedulingSettings.shape,
  })
  .partial();
export type UpdateMentor = z.input<typeof updateMentor>;

/** The caller's own page after a change; the scheduling settings are part of the hours. */
export const savedMentor = mentorProfile.extend(hoursChange.shape);

/** A mentor is addressed by id or by username. */
export const mentorParams = z.object({
  mentor: z.string().min(1).max(textLimits.mentorKey).describe("Id or username."),
});
