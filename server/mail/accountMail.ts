import { randomUUID } from "node:crypto";
import { windowMs } from "#rules/windows.ts";
import { epochMs, MINUTE_MS } from "#scheduling/units.ts";
import { defaultLanguage } from "#words/languages.ts";
import type { SystemTx } from "../platform/database/database.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { openSealer, type Sealer } from "../platform/sealed.ts";
import { writeDeliveries } from "./deliveries.ts";
import { occasionOf } from "./occasion.ts";

const codeKinds = [
  "code_confirm_address",
  "code_sign_in",
  "code_reset_password",
  "code_change_address",
] as const;
type CodeKind = (typeof codeKinds)[number];

/** A mail about an account and how to get into it, sent whatever the person has muted. */
export type AccountMail = {
  /** Where it goes. */
  to: string;
  userId?: string | undefined;
  /** Beside the address, and not in the text: a stranger may have chosen it. */
  name?: string | undefined;
} & (
  | { kind: CodeKind; code: string }
  | { kind: "address_changed"; facts: { old_address: string; new_address: string } }
  | { kind: "password_changed" | "account_deleted"; facts?: undefined }
  | { kind: "account_suspended"; facts: { reason: string } }
  | { kind: "payout_account_changed"; facts: { change: "set" | "removed"; account: string } }
  | { kind: "login_methods_changed"; facts: { change: LoginMethodChange } }
);

export type LoginMethodChange =
  | "passkey_added"
  | "passkey_removed"
  | "two_factor_on"
  | "two_factor_off"
  | "recovery_codes_made"
  | "google_linked"
  | "google_unlinked";

/** How long a code can be used, ms. */
export const codeLifeMs = 10 * MINUTE_MS;

export function codeSealer(secret: string): Sealer {
  return openSealer(secret, "mailed code v1");
}

/** What writing a mail about an account needs. */
export type Mailing = Pick<Dependencies, "database" | "now"> & { secret: string };

/** Writes a mail about an account, to be sent at once. Each call is an occasion of its own. */
export async function writeAccountMail({ database, ...writing }: Mailing, mail: AccountMail): Promise<void> {
  await database.asSystem(
    "mails about accounts also go to addresses that no one is signed in with",
    null,
    (tx) => writeAccountMailIn(tx, writing, mail),
  );
}

/** The same in the transaction that causes the mail. */
export async function writeAccountMailIn(
  tx: SystemTx,
  { now, secret }: Omit<Mailing, "database">,
  mail: AccountMail,
): Promise<void> {
  const { to, userId, name, kind } = mail;
  const code = "code" in mail ? mail.code : undefined;
  const life = code === undefined ? windowMs("delivery") : codeLifeMs;
  await writeDeliveries(tx, [
    {
      userId,
      address: to,
      kind,
      occasion: occasionOf(now(), "account", randomUUID()),
      content: {
        recipient: { name: name ?? "", timezone: "UTC", language: defaultLanguage },
        facts: "facts" in mail ? mail.facts : undefined,
      },
      code: code === undefined ? undefined : codeSealer(secret).seal(code),
      isUrgent: true,
      expiresAt: epochMs(now() + life),
    },
  ]);
}
