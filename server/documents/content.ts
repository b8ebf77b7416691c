import { z } from "zod";

const minor = z.int();
const party = z.object({
  name: z.string(),
  address: z.string().nullable(),
  state_code: z.string().nullable(),
  gstin: z.string().nullable(),
});

/** The column `content` as db/schema/documents/logic.sql writes it. Amounts are minor units of the document's currency. */
export const documentContent = z.object({
  issuer: party,
  recipient: party,
  platform: z.string(),
  session: z
    .object({
      title: z.string(),
      mentor: z.string(),
      starts_at: z.string(),
      minutes: z.int(),
      timezone: z.string(),
    })
    .nullable(),
  /** Not in documents from before packages had any. */
  package: z
    .object({
      title: z.string(),
      mentor: z.string(),
      sessions: z.int(),
      minutes: z.int(),
      expires_at: z.string(),
    })
    .nullable()
    .default(null),
  lines: z.array(z.object({ kind: z.string(), amount_minor: minor })),
  tax: z
    .object({
      sac: z.string(),
      rate_basis_points: z.int(),
      place_of_supply: z.string(),
      taxable_minor: minor,
      cgst_minor: minor,
      sgst_minor: minor,
      igst_minor: minor,
    })
    .nullable(),
  payment: z.object({ method: z.string().nullable(), reference: z.string(), at: z.string() }).nullable(),
  refund: z.object({ why: z.string() }).nullable(),
  receipt: z.object({ number: z.string(), issued_at: z.string() }).nullable(),
  fee: z.object({ basis_points: z.int(), of_minor: minor }).nullable(),
});
export type DocumentContent = z.infer<typeof documentContent>;
