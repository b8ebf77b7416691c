import { z } from "zod";
import { textLimits } from "#rules/limits.ts";
import { shareLimits } from "#rules/moneyLimits.ts";
import { isGstin, isStateCode } from "#rules/tax.ts";
import { fieldErrors, taxErrors } from "#words/fields.ts";
import { line, text } from "./primitives.ts";

/** Optional, and null when empty. */
const orNull = (schema: z.ZodType<string, string>) =>
  schema
    .transform((value) => value || null)
    .nullish()
    .transform((value) => value ?? null);

const name = orNull(line(textLimits.personName));
const address = orNull(text(textLimits.postalAddress));
const stateCode = orNull(z.string().refine((code) => code === "" || isStateCode(code), taxErrors.state));
const gstin = orNull(
  z
    .string()
    .trim()
    .toUpperCase()
    .refine((number) => number === "" || isGstin(number), taxErrors.gstin),
);

/** The first two digits of a GSTIN are its State. */
const isOfState = ({ gstin, state_code }: { gstin: string | null; state_code: string | null }) =>
  gstin === null || gstin.slice(0, 2) === state_code;
const notOfState = { path: ["state_code"], error: taxErrors.notOfState };

const stored = {
  address: z.string().nullable(),
  state_code: z
    .string()
    .nullable()
    .meta({ examples: ["29"] }),
  gstin: z
    .string()
    .nullable()
    .meta({ examples: ["29ABCDE1234F1ZW"] }),
};

/** What a mentor's receipts and fee invoices say about GST. */
export const taxSettings = z
  .object({
    enabled: z.boolean().describe("Whether receipts are tax invoices; the price then contains the tax."),
    legal_name: z.string().nullable(),
    ...stored,
    sac: z.string().describe("Code of the service."),
    rate: z.number().describe("In percent."),
  })
  .meta({ id: "TaxSettings" });
export type TaxSettings = z.infer<typeof taxSettings>;

const { max } = shareLimits.basisPoints;

export const saveTaxSettings = z
  .strictObject({
    enabled: z.boolean(),
    legal_name: name,
    address,
    state_code: stateCode,
    gstin,
    sac: z
      .string()
      .trim()
      .regex(/^99\d{4}$/, taxErrors.sac)
      .default("999293"),
    rate: z
      .number()
      .min(0, taxErrors.rate)
      .max(max / 100, taxErrors.rate)
      .refine((rate) => Math.abs(rate * 100 - Math.round(rate * 100)) < 1e-9, taxErrors.rate)
      .default(18),
  })
  .refine(isOfState, notOfState)
  .superRefine((settings, context) => {
    if (!settings.enabled) return;
    for (const field of ["legal_name", "address", "state_code", "gstin"] as const)
      if (settings[field] === null)
        context.addIssue({ code: "custom", path: [field], message: fieldErrors.missing });
  });
export type SaveTaxSettings = z.output<typeof saveTaxSettings>;

/** What a student's documents say about the student. */
export const billingDetails = z
  .object({ name: z.string().nullable().describe("null: the name of the booking."), ...stored })
  .meta({ id: "BillingDetails" });
export type BillingDetails = z.infer<typeof billingDetails>;

export const saveBillingDetails = z
  .strictObject({ name, address, state_code: stateCode, gstin })
  .refine(isOfState, notOfState);
export type SaveBillingDetails = z.output<typeof saveBillingDetails>;
