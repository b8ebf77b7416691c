import { z } from "zod";
import { calendarPermissions } from "#rules/calendarSignIn.ts";
import { textLimits } from "#rules/limits.ts";
import { dateErrors } from "#words/fields.ts";
import { instant, requiredLine, responseMinutes, uuid } from "./primitives.ts";

export const connectionKinds = ["caldav", "google", "microsoft", "feed"] as const;
/** As `calendarProblems` of server/calendarConnections/provider.ts. */
export const connectionProblemCodes = [
  "login_refused",
  "forbidden",
  "not_found",
  "unreachable",
  "too_slow",
  "limited",
  "failing",
  "unreadable",
  "too_large",
  "address_private",
  "changed_elsewhere",
] as const;

export const connectedCalendar = z
  .object({
    id: z.uuid(),
    name: z.string(),
    color: z.string().nullable().describe("#rrggbb."),
    timezone: z
      .string()
      .nullable()
      .describe("The IANA zone of its all-day events, if its provider names it."),
    is_writable: z.boolean(),
    counts_as_busy: z.boolean().describe("Whether I am busy when it says so."),
    receives_sessions: z
      .boolean()
      .describe("Whether my sessions are written to it; at most one of my calendars."),
    sessions_problem: z
      .enum(connectionProblemCodes)
      .nullable()
      .describe("Why the last session could not be written to it, or removed; it is tried again."),
    sessions_problem_detail: z.string().nullable().describe("What the provider said itself."),
    missing_since: z
      .string()
      .nullable()
      .describe("When its provider first did not list it any more. What was busy stays busy."),
  })
  .meta({ id: "ConnectedCalendar" });
export type ConnectedCalendar = z.infer<typeof connectedCalendar>;

export const calendarConnection = z
  .object({
    id: z.uuid(),
    kind: z.enum(connectionKinds),
    name: z.string(),
    server_url: z.string().nullable().describe("Of a CalDAV server."),
    username: z.string().nullable(),
    permission: z
      .enum(calendarPermissions)
      .nullable()
      .describe("What I have allowed at Google or Microsoft; write includes read. Null of other kinds."),
    health: z
      .enum(["fine", "late", "broken"])
      .describe("broken: its busy times are too old to rely on, or I have to mend something."),
    problem: z.enum(connectionProblemCodes).nullable().describe("Why the last read failed."),
    problem_detail: z.string().nullable().describe("What the provider said itself."),
    broken_since: z.string().nullable().describe("When the first of the failed reads in a row was."),
    synced_at: z.string().nullable().describe("The busy times are those of this moment."),
    login_ends_at: z.string().nullable().describe("When the login will end, if that is known."),
    if_stale: z
      .enum(["continue", "pause"])
      .describe("Whether I go on offering times while busy times are too old, or offer none."),
    shows_titles: z.boolean().describe("Whether the titles of events are stored, for me alone."),
    created_at: z.string(),
    calendars: z.array(connectedCalendar),
  })
  .meta({ id: "CalendarConnection" });
export type CalendarConnection = z.infer<typeof calendarConnection>;

export const calendarConnectionList = z
  .object({
    data: z.array(calendarConnection),
    offers: z
      .object({ google: z.boolean(), microsoft: z.boolean() })
      .describe("Which providers the operator has set up, besides CalDAV and feeds."),
    stale_minutes: responseMinutes.describe("How old busy times may be until they are too old to rely on."),
  })
  .meta({ id: "CalendarConnectionList" });
export type CalendarConnectionList = z.infer<typeof calendarConnectionList>;

export const calendarSignInQuery = z.object({
  connection_id: uuid.optional().describe("Which of my connections needs a new login; left out: a new one."),
  permission: z
    .enum(calendarPermissions)
    .default("read")
    .describe("What I am asked to allow; write, which mentors alone can ask for, includes read."),
});

const name = requiredLine(textLimits.connectionName);
const url = requiredLine(textLimits.calendarServer);
const password = z.string().min(1).max(textLimits.accountField);

export const createCalendarConnection = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("caldav"),
    name: name.optional(),
    server_url: url,
    username: requiredLine(textLimits.email),
    password,
  }),
  z.strictObject({ kind: z.literal("feed"), name: name.optional(), url }),
]);
export type CreateCalendarConnection = z.infer<typeof createCalendarConnection>;

/** Of a test before connecting. */
export const calendarTest = z
  .object({
    works: z.boolean(),
    problem: z.enum(connectionProblemCodes).nullable(),
    detail: z.string().nullable().describe("What the provider said itself."),
    calendars: z.array(z.string()).describe("The names of the calendars that were found."),
  })
  .meta({ id: "CalendarTest" });
export type CalendarTest = z.infer<typeof calendarTest>;

export const updateCalendarConnection = z.strictObject({
  name: name.optional(),
  if_stale: z.enum(["continue", "pause"]).optional(),
  shows_titles: z.boolean().optional(),
  password: password.optional().describe("Of a CalDAV server: the new password."),
  url: url.optional().describe("Of a feed: its new address."),
});
export type UpdateCalendarConnection = z.infer<typeof updateCalendarConnection>;

export const updateConnectedCalendar = z.strictObject({
  counts_as_busy: z.boolean().optional(),
  receives_sessions: z.boolean().optional(),
});
export type UpdateConnectedCalendar = z.infer<typeof updateConnectedCalendar>;

export const ownBusyTimesQuery = z
  .object({ start: instant, end: instant })
  .refine(({ start, end }) => Date.parse(start) < Date.parse(end), {
    message: dateErrors.endBeforeStart,
    path: ["end"],
  });

/** When I am busy by my connected calendars. */
export const ownBusyTimes = z
  .object({
    data: z.array(
      z.object({
        starts_at: z.string(),
        ends_at: z.string(),
        is_all_day: z.boolean(),
        calendar_id: z.uuid(),
        calendar: z.string().describe("The calendar's name."),
        title: z.string().nullable().describe("Null unless the connection shows titles."),
      }),
    ),
  })
  .meta({ id: "OwnBusyTimes" });
export type OwnBusyTimes = z.infer<typeof ownBusyTimes>;

export const calendarPushQuery = z.object({
  validationToken: z
    .string()
    .max(textLimits.validationToken)
    .optional()
    .describe("Microsoft asks whether the address is ours."),
});
export const calendarPushReceived = z.object({ received: z.literal(true) });
