import { z } from "zod";
import { numberLimits, textLimits } from "#rules/limits.ts";
import { fieldErrors } from "#words/fields.ts";
import { mentorProfile } from "./mentors.ts";
import { codePattern, typedCode } from "./patterns.ts";
import { email, requiredLine, timeZone, uuid } from "./primitives.ts";

export const me = z
  .object({
    id: uuid,
    email: z.string(),
    email_confirmed: z
      .boolean()
      .describe("Whether the person has shown that mail to the address reaches them."),
    email_reachable: z
      .boolean()
      .describe("False if the mail server of the address has rejected mail for good."),
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

/** Six digits from an e-mail; spaces and hyphens between them are ignored. */
export const mailedCode = z
  .string()
  .max(textLimits.typedCode, fieldErrors.code)
  .overwrite(typedCode)
  .regex(codePattern, fieldErrors.code)
  .meta({ examples: ["123456"] });

export const askForCode = z
  .strictObject({
    unless_sent: z.boolean().describe("Sends nothing if the last code still works for some minutes."),
  })
  .partial()
  .nullish();

export const confirmAddress = z.strictObject({ code: mailedCode });

/** A change of the address must be allowed with the password or, by people without one, with a code. */
export const changeAddress = z.strictObject({
  email,
  password: z
    .string()
    .max(numberLimits.passwordCharacters.max, fieldErrors.tooLong(numberLimits.passwordCharacters.max))
    .describe("The current one, if the account has one.")
    .optional(),
  code: mailedCode
    .describe("From `POST /me/address/change-code`, if the account has no password.")
    .optional(),
});
export type ChangeAddress = z.input<typeof changeAddress>;

export const confirmNewAddress = z.strictObject({ email, code: mailedCode });

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
