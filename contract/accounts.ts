import { z } from "zod";
import { textLimits } from "#rules/limits.ts";
import { mentorProfile } from "./mentors.ts";
import { requiredLine, timeZone, uuid } from "./primitives.ts";

export const me = z
  .object({
    id: uuid,
    email: z.string(),
    name: z.string(),
    timezone: z.string().nullable().describe("The person's own zone, once known."),
    mentor: mentorProfile.nullable(),
  })
  .meta({ id: "Me" });
export type Me = z.infer<typeof me>;

export const updateMe = z
  .strictObject({ name: requiredLine(textLimits.personName), timezone: timeZone })
  .partial();
export type UpdateMe = z.input<typeof updateMe>;

/** Who is signed in in a browser. */
export const login = z
  .object({ me: me.nullable().describe("Null if no one is signed in.") })
  .meta({ id: "Login" });
export type Login = z.infer<typeof login>;

/** A signed-in device. */
export const ownLogin = z
  .object({
    id: uuid,
    browser: z.string().nullable().describe("Such as Chrome; null if it is not known."),
    system: z.string().nullable().describe("Such as Android; null if it is not known."),
    signed_in_at: z.string(),
    last_used_at: z.string().describe("To within an hour."),
    current: z.boolean().describe("Whether this request was made with it."),
  })
  .meta({ id: "OwnLogin" });
export type OwnLogin = z.infer<typeof ownLogin>;

/** The caller’s own device first, then by last use. */
export const ownLogins = z.object({ data: z.array(ownLogin) });
export type OwnLogins = z.infer<typeof ownLogins>;
