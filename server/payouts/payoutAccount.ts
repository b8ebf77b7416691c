import { z } from "zod";
import type { BankDetails, PayoutAccount } from "#contract/payouts.ts";
import { writeAccountMailIn } from "../mail/accountMail.ts";
import type { Database, SystemTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { openSealer } from "../platform/sealed.ts";

/** What is stored of where a mentor's money goes: with the mentor's id, so that no row passes for another mentor's. */
const bankContent = z.object({
  mentor: z.uuid(),
  holder: z.string(),
  account_number: z.string(),
  ifsc: z.string(),
});
const linkedContent = z.object({ mentor: z.uuid(), account: z.string() });

function sealerOf(secret: string) {
  return openSealer(secret, "payout account v1");
}

/** @throws Error unless the details are this mentor's */
export function openBankDetails(secret: string, mentorId: string, sealed: Uint8Array): BankDetails {
  const { mentor, ...details } = bankContent.parse(JSON.parse(sealerOf(secret).open(sealed)));
  if (mentor !== mentorId) throw new Error("These bank details are another mentor's.");
  return details;
}

/** The mentor's account at the provider. @throws Error unless it is this mentor's */
export function openLinkedAccount(secret: string, mentorId: string, sealed: Uint8Array): string {
  const { mentor, account } = linkedContent.parse(JSON.parse(sealerOf(secret).open(sealed)));
  if (mentor !== mentorId) throw new Error("This account is another mentor's.");
  return account;
}

type Writing = Pick<Dependencies, "database" | "now"> & { secret: string };

function contentOf(mentor: string, details: BankDetails): string {
  return JSON.stringify({ mentor, ...details });
}

/** A mentor's bank details as they are stored. */
export function sealBankDetails(secret: string, mentorId: string, details: BankDetails): Buffer {
  return sealerOf(secret).seal(contentOf(mentorId, details));
}

/** Sets or removes the caller's bank account, and mails that it was changed. */
export async function setBankDetails(
  writing: Writing,
  caller: Identity,
  details: BankDetails | null,
): Promise<void> {
  const content = details && contentOf(caller.id, details);
  await setAccount(writing, caller, "bank", content, details?.account_number.slice(-4) ?? null);
}

/** Sets or removes the caller's account at the payment provider, and mails that it was changed. */
export async function setLinkedAccount(
  writing: Writing,
  caller: Identity,
  account: string | null,
): Promise<void> {
  const content = account && JSON.stringify({ mentor: caller.id, account });
  await setAccount(writing, caller, "linked", content, account?.slice(-4) ?? null);
}

async function setAccount(
  { database, now, secret }: Writing,
  caller: Identity,
  kind: "bank" | "linked",
  content: string | null,
  hint: string | null,
): Promise<void> {
  const sealed = content === null ? null : sealerOf(secret).seal(content);
  await database.asSystem("people cannot read where money goes", caller.id, async (tx) => {
    await requireMentor(tx, caller.id);
    await tx.client.query("select private.set_payout_account($1, $2, $3)", [kind, sealed, hint]);
    const facts = { change: hint === null ? ("removed" as const) : ("set" as const), account: hint ?? "" };
    await writeAccountMailIn(
      tx,
      { now, secret },
      { kind: "payout_account_changed", to: caller.email, userId: caller.id, facts },
    );
  });
}

/** @throws Refusal `not_a_mentor` */
export async function requireMentor({ client }: Pick<SystemTx, "client">, id: string): Promise<void> {
  const { rowCount } = await client.query("select from public.expert_profiles where id = $1", [id]);
  if (rowCount !== 1) throw new Refusal("not_a_mentor");
}

export async function readPayoutAccount(
  database: Database,
  caller: Identity,
  canLink: boolean,
): Promise<PayoutAccount> {
  return database.asSystem("people cannot read where money goes", caller.id, async (tx) => {
    await requireMentor(tx, caller.id);
    const { rows } = await tx.client.query<{
      bank_hint: string | null;
      linked_hint: string | null;
      usable_from: Date;
    }>("select * from private.payout_account()");
    const [row] = rows;
    const isSet = row && (row.bank_hint ?? row.linked_hint) !== null;
    return {
      bank: row?.bank_hint ?? null,
      linked: row?.linked_hint ?? null,
      can_link: canLink,
      usable_from: isSet ? row.usable_from.toISOString() : null,
    };
  });
}
