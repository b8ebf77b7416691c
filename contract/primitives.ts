import { z } from "zod";
import { numberLimits, textLimits } from "#rules/limits.ts";
import { parseMoney } from "#rules/money.ts";
import type { LocalDate, Minutes } from "#scheduling/units.ts";
import { isTimeZone, parseDate, parseEndTime, parseTime } from "#scheduling/zonedTime.ts";
import { dateErrors, fieldErrors, numberErrors } from "#words/fields.ts";
import { emailPattern, phonePattern } from "./patterns.ts";
import { cleanLine, cleanText, emptyIfInvisible, isStorable } from "./text.ts";

/** Text of several lines: in its normal form, trimmed, bounded. */
export function text(maxLength: number) {
  return bounded((value) => emptyIfInvisible(cleanText(value)).trim(), maxLength);
}

/** Text within a line, such as a name or a title. */
export function line(maxLength: number) {
  return bounded((value) => emptyIfInvisible(cleanLine(value)).trim(), maxLength);
}

/** As `text`, with the blanks at its ends: for what is saved while it is being typed. */
export function untrimmedText(maxLength: number) {
  return bounded(cleanText, maxLength);
}

function bounded(clean: (value: string) => string, maxLength: number) {
  return z
    .string()
    .overwrite(clean)
    .max(maxLength, fieldErrors.tooLong(maxLength))
    .refine(isStorable, fieldErrors.unstorable);
}

/** Text that must contain something visible. */
export function requiredText(maxLength: number) {
  return text(maxLength).min(1, fieldErrors.missing);
}

/** A line that must contain something visible. */
export function requiredLine(maxLength: number) {
  return line(maxLength).min(1, fieldErrors.missing);
}

/** Ids are compared as text here and there: one spelling only. */
export const uuid = z.uuid(fieldErrors.id).toLowerCase();

/** Far from the first and the last date there is, so that a few days may be added or taken away. */
function isPlannable(text: string): boolean {
  return text >= "1900" && text < "3000";
}

/** Calendar date `YYYY-MM-DD` that exists (30 February does not), of the years 1900 to 2999. */
export const localDate = z
  .string()
  .refine((value) => parseDate(value) !== null && isPlannable(value), dateErrors.date)
  .meta({ format: "date", examples: ["2026-11-23"] }) as unknown as z.ZodType<LocalDate, string>;

/** A date in a response: the server formats it, so that it needs no check. */
export const responseDate = z.string() as unknown as z.ZodType<LocalDate>;

/** Wall-clock time `HH:MM`, 00:00 to 23:59. */
export const localTime = z
  .string()
  .refine((value) => parseTime(value) !== null, dateErrors.time)
  .meta({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$", examples: ["14:00"] });

/** Wall-clock end `HH:MM`; `24:00` and `00:00` are midnight at the end of the day. */
export const localEndTime = z
  .string()
  .refine((value) => parseEndTime(value) !== null, dateErrors.endTime)
  .meta({ pattern: "^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$", examples: ["17:00"] });

/** IANA time zone name. */
export const timeZone = z
  .string()
  .max(textLimits.timeZone)
  .refine(isTimeZone, fieldErrors.timeZone)
  .meta({ examples: ["Asia/Kolkata"] });

/** Instant in ISO 8601, with offset or Z. Responses are always in UTC. */
export const instant = z.iso
  .datetime({ offset: true, error: dateErrors.instant })
  .refine(isPlannable, dateErrors.instant);

/** Amount in major units of its currency, at most two decimals. */
export const decimalAmount = z
  .number()
  .min(numberLimits.price.min, numberErrors.priceNegative)
  .max(numberLimits.price.max, numberErrors.priceTooHigh)
  .refine((value) => parseMoney(value, "INR") !== null, numberErrors.decimals);

const { sessionMinutes } = numberLimits;

/** Types what a schema of whole minutes yields. */
export function inMinutes(schema: z.ZodType<number, number>): z.ZodType<Minutes, number> {
  return schema as z.ZodType<Minutes, number>;
}

/** Length of a session in minutes. */
export const durationMinutes = inMinutes(
  z
    .number()
    .int(numberErrors.wholeMinutes)
    .min(sessionMinutes.min, numberErrors.sessionTooShort(sessionMinutes.min))
    .max(sessionMinutes.max, numberErrors.sessionTooLong(sessionMinutes.max / 60)),
);

/** Minutes in a response, which are not checked again. */
export const responseMinutes = z.int() as unknown as z.ZodType<Minutes>;

/** The same length from a query string. */
export const durationQuery = z.coerce.number().pipe(durationMinutes);

export const phone = line(textLimits.phone).regex(phonePattern, fieldErrors.phone);

const notAnEmail = fieldErrors.email;

/** As HTML has it for `<input type=email>`, with SMTP's bounds. */
export const email = z
  .email({ pattern: emailPattern, error: notAnEmail })
  .max(textLimits.email, notAnEmail)
  .refine((value) => value.indexOf("@") <= textLimits.emailLocalPart, notAnEmail);

const { pageSize } = numberLimits;
export const cursorQuery = {
  cursor: z.string().max(textLimits.cursor).optional(),
  limit: z.coerce.number().int().min(pageSize.min).max(pageSize.max).default(20),
};

export const deleted = z.null().describe("Nothing.");
