import { z } from "zod";
import { hoursChange } from "./availability.ts";
import { cursorQuery, line, requiredLine, text, timeZone, uuid } from "./primitives.ts";
import { service } from "./services.ts";
import { isReservedUsername } from "./usernames.ts";

export const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9-]{1,28})[a-z0-9]$/, "Use 3 to 30 letters, digits or hyphens.")
  .refine((value) => !isReservedUsername(value), "This username is reserved.");

const minutes = (max: number) =>
  z
    .number()
    .int("Use whole minutes.")
    .min(0, "This cannot be negative.")
    .max(max, `Use at most ${max} minutes.`);

/** How a mentor's time is cut into slots; all lengths in minutes. Defaults stand in the database (design §4). */
export const schedulingSettings = z.object({
  slot_interval: minutes(480).min(5, "Starts are at least 5 minutes apart."),
  buffer_before: minutes(240),
  buffer_after: minutes(240),
  minimum_notice: minutes(60 * 24 * 90),
  booking_window_days: z
    .number()
    .int("Use whole days.")
    .min(1, "Use at least 1 day.")
    .max(730, "Use at most 730 days."),
  max_per_day: z
    .number()
    .int("Use a whole number.")
    .min(1, "Use at least 1.")
    .max(100, "Use at most 100.")
    .nullable(),
  max_per_week: z
    .number()
    .int("Use a whole number.")
    .min(1, "Use at least 1.")
    .max(500, "Use at most 500.")
    .nullable(),
  instant_confirm: z.boolean(),
  require_confirmed_address: z
    .boolean()
    .describe("Only people who have confirmed their e-mail address may book."),
  approve_first_timers: z
    .boolean()
    .describe("A first booking waits for the mentor, also where bookings are confirmed at once."),
});

/** Whether the search shows a page; whoever has its link sees it either way. */
const listed = z.boolean().describe("Whether the search shows the page.");

const acceptingBookings = z
  .boolean()
  .describe("False: no time is offered and no new booking is taken. What is booked stays and can be moved.");

const profileFields = {
  full_name: requiredLine(120),
  headline: line(160),
  bio: text(5000),
  expertise: z.array(requiredLine(40)).max(12, "Name at most 12."),
  languages: z.array(requiredLine(40)).max(8, "Name at most 8."),
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

/** The mentors that somebody wants to find again, the latest choice first. */
export const favouriteMentors = z.object({ data: z.array(mentorSummary) });

export const mentorQuery = z.object({
  q: line(100).optional().describe("Words from the name, headline, bio or expertise."),
  expertise: line(40).optional(),
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

/** One's own page after a change; the scheduling settings are part of the hours. */
export const savedMentor = mentorProfile.extend(hoursChange.shape);

/** A mentor is addressed by id or by username. */
export const mentorParams = z.object({ mentor: z.string().min(1).max(64).describe("Id or username.") });
