import { z } from "zod";
import type {
  DocumentKind,
  DocumentSummary,
  documentPage,
  documentQuery,
  MoneyDocument,
} from "#contract/documents.ts";
import { decimalOfMinor } from "#rules/money.ts";
import type { UserTx } from "../platform/database/database.ts";
import { findBookingKey } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import { decodeCursor, encodeCursor, exactInstant } from "../platform/http/cursor.ts";
import { type DocumentContent, documentContent } from "./content.ts";

interface SummaryRow {
  id: string;
  kind: DocumentKind;
  number: string;
  issued_at: Date;
  booking_id: string | null;
  currency: string;
  total_minor: number;
  sandbox: boolean;
}

/** A document as it was issued. */
export interface FoundDocument extends SummaryRow {
  content: DocumentContent;
}

const summaryColumns =
  "d.id, d.kind, d.number, d.issued_at, d.booking_id, d.currency, d.total_minor, d.sandbox";

/**
 * Returns a page of the documents that the caller may read, newest first, or those of one booking or package.
 * @throws Refusal `booking_not_found`
 */
export async function listDocuments(
  tx: UserTx,
  callerId: string,
  { booking_id, package_purchase_id, kind, cursor, limit }: z.output<typeof documentQuery>,
): Promise<z.infer<typeof documentPage>> {
  const booking = booking_id === undefined ? undefined : await findBookingKey(tx, booking_id);
  if (booking_id !== undefined && !booking) throw new Refusal("booking_not_found");
  const after = decodeCursor(cursor, z.iso.datetime());
  const { rows } = await tx.client.query<SummaryRow & { place: string }>(
    `select ${summaryColumns}, ${exactInstant("d.issued_at")} as place from documents d
     where $1 in (d.user_id, d.expert_id)
       and ($2::uuid is null or (d.booking_id = $2 and d.expert_id = $3))
       and ($8::uuid is null or d.booking_id is null and exists (
         select from payments p
         where p.id = d.payment_id and p.expert_id = d.expert_id and p.package_purchase_id = $8))
       and ($4::text is null or d.kind = $4)
       and ($5::text is null or (d.issued_at, d.id) < ($5::timestamptz, $6::uuid))
     order by d.issued_at desc, d.id desc limit $7`,
    [
      callerId,
      booking?.id ?? null,
      booking?.expert_id ?? null,
      kind ?? null,
      after?.key ?? null,
      after?.id ?? null,
      limit + 1,
      package_purchase_id ?? null,
    ],
  );
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { data: page.map(presentSummary), next_cursor: last ? encodeCursor(last.place, last.id) : null };
}

/** Returns a document if the caller may read it. @throws Refusal `document_not_found` */
export async function readDocument(tx: UserTx, id: string): Promise<FoundDocument> {
  const { rows } = await tx.client.query<SummaryRow & { content: unknown }>({
    name: "document",
    text: `select ${summaryColumns}, d.content from documents d where d.id = $1`,
    values: [id],
  });
  const [row] = rows;
  if (!row) throw new Refusal("document_not_found");
  return { ...row, content: documentContent.parse(row.content) };
}

function presentSummary(row: SummaryRow): DocumentSummary {
  const { id, kind, number, issued_at, booking_id, currency, total_minor, sandbox } = row;
  return {
    id,
    kind,
    number,
    issued_at: issued_at.toISOString(),
    booking_id,
    currency,
    total: decimalOfMinor(total_minor, currency),
    sandbox,
  };
}

export function presentDocument(found: FoundDocument): MoneyDocument {
  const { lines, tax, fee, ...facts } = found.content;
  const decimal = (minor: number) => decimalOfMinor(minor, found.currency);
  return {
    ...presentSummary(found),
    ...facts,
    lines: lines.map(({ kind, amount_minor }) => ({ kind, amount: decimal(amount_minor) })),
    tax: tax && {
      sac: tax.sac,
      rate: tax.rate_basis_points / 100,
      place_of_supply: tax.place_of_supply,
      taxable: decimal(tax.taxable_minor),
      cgst: decimal(tax.cgst_minor),
      sgst: decimal(tax.sgst_minor),
      igst: decimal(tax.igst_minor),
    },
    fee: fee && { percent: fee.basis_points / 100, of: decimal(fee.of_minor) },
  };
}
