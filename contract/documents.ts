import { z } from "zod";
import { cursorQuery, uuid } from "./primitives.ts";

/** A receipt is the student's, and in the mentor's name; a fee invoice, and a credit note for it, is the platform's to the mentor. */
export const documentKinds = ["receipt", "fee_invoice", "credit_note", "fee_credit_note"] as const;
const kind = z.enum(documentKinds);
export type DocumentKind = z.infer<typeof kind>;

const amount = z.number().describe("In major units of the currency.");

const summary = {
  id: uuid,
  kind,
  number: z.string().meta({ examples: ["R/26-27/000123"] }),
  issued_at: z.string(),
  booking_id: uuid.nullable(),
  currency: z.string(),
  total: amount,
  sandbox: z.boolean().describe("No real money: it has a number of the sandbox, and is not valid."),
};

export const documentSummary = z.object(summary).meta({ id: "DocumentSummary" });
export type DocumentSummary = z.infer<typeof documentSummary>;

export const documentPage = z
  .object({ data: z.array(documentSummary), next_cursor: z.string().nullable() })
  .meta({ id: "DocumentPage" });

export const documentQuery = z.object({
  ...cursorQuery,
  booking_id: uuid.optional(),
  package_purchase_id: uuid.optional().describe("Of a bought package, and of the money that was left of it."),
  kind: kind.optional(),
});

export const documentParams = z.object({ document_id: uuid });

const party = z.object({
  name: z.string(),
  address: z.string().nullable(),
  state_code: z.string().nullable(),
  gstin: z.string().nullable(),
});

/** All that a document says, as it was when it was issued. */
export const moneyDocument = z
  .object({
    ...summary,
    issuer: party,
    recipient: party,
    platform: z.string().describe("Who runs the platform, and issues receipts on the mentor's behalf."),
    session: z
      .object({
        title: z.string(),
        mentor: z.string(),
        starts_at: z.string(),
        minutes: z.int(),
        timezone: z.string().describe("The reader's."),
      })
      .nullable(),
    package: z
      .object({
        title: z.string(),
        mentor: z.string(),
        sessions: z.int(),
        minutes: z.int(),
        expires_at: z.string().describe("Until when its sessions can be booked, as when it was issued."),
      })
      .nullable()
      .describe("The package that was bought, or whose money a fee was kept from."),
    lines: z.array(z.object({ kind: z.string(), amount })),
    tax: z
      .object({
        sac: z.string(),
        rate: z.number().describe("In percent; contained in the total."),
        place_of_supply: z.string().describe("Code of the State."),
        taxable: amount,
        cgst: amount,
        sgst: amount,
        igst: amount,
      })
      .nullable()
      .describe("null: no GST is charged."),
    payment: z.object({ method: z.string().nullable(), reference: z.string(), at: z.string() }).nullable(),
    refund: z.object({ why: z.string() }).nullable(),
    receipt: z
      .object({ number: z.string(), issued_at: z.string() })
      .nullable()
      .describe("What a credit note is for: a receipt, or a fee invoice."),
    fee: z
      .object({ percent: z.number(), of: amount })
      .nullable()
      .describe("How a fee invoice comes to its amount."),
  })
  .meta({ id: "MoneyDocument" });
export type MoneyDocument = z.infer<typeof moneyDocument>;
