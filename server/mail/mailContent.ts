import { z } from "zod";
import { responseMinutes } from "#contract/primitives.ts";
import { bookingActors } from "#rules/bookingState.ts";
import { topics } from "#rules/topics.ts";
import { languages } from "#words/languages.ts";

/** What a row of private.deliveries holds of its mail. Instants are UTC. */
export const mailContent = z.object({
  recipient: z.object({
    name: z.string(),
    /** IANA name. */
    timezone: z.string(),
    language: z.enum(languages),
  }),
  /** Of the kind of mail. */
  facts: z.unknown().optional(),
  /** What the person switches off to get no more like it; none for mails about the account. */
  topic: z.enum(topics).optional(),
  /** Who did what the mail is about, if that matters. */
  by: z.enum(bookingActors).optional(),
  /** Of a reminder. */
  lead_minutes: responseMinutes.optional(),
  booking: z.object({ id: z.uuid(), mentor_id: z.uuid() }).optional(),
  /** All bookings that the mail is about, earliest first, if they are several. They have the same mentor. */
  together: z.array(z.uuid()).optional(),
});
export type MailContent = z.infer<typeof mailContent>;
