import type { EpochMs } from "#scheduling/units.ts";
import type { SystemTx } from "../platform/database/database.ts";
import type { Occasion } from "./occasion.ts";

/** A mail to be sent: one message to one person about one occasion. */
export interface NewDelivery {
  /** The account whose address gets it; without one, `address` does. */
  userId?: string | undefined;
  address?: string | undefined;
  kind: string;
  /** What is written twice for the same recipient and occasion is sent once. */
  occasion: Occasion;
  /** JSON: what the mail is made of. */
  content: object;
  /** Sealed; see codeSealer. */
  code?: Uint8Array | undefined;
  isUrgent: boolean;
  /** At once if left out. */
  dueAt?: EpochMs | undefined;
  expiresAt: EpochMs;
}

/** Adds mails in the transaction that causes them; a worker sends them after its commit. */
export async function writeDeliveries({ client }: SystemTx, mails: readonly NewDelivery[]): Promise<void> {
  if (mails.length === 0) return;
  const instant = (at: EpochMs | undefined) => (at === undefined ? null : new Date(at).toISOString());
  await client.query({
    name: "write_deliveries",
    text: "select private.write_deliveries($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    values: [
      mails.map(({ userId }) => userId ?? null),
      mails.map(({ address }) => address ?? null),
      mails.map(({ kind }) => kind),
      mails.map(({ occasion }) => occasion),
      mails.map(({ content }) => JSON.stringify(content)),
      mails.map(({ code }) => (code ? Buffer.from(code) : null)),
      mails.map(({ isUrgent }) => isUrgent),
      mails.map(({ dueAt }) => instant(dueAt)),
      mails.map(({ expiresAt }) => instant(expiresAt)),
    ],
  });
}
