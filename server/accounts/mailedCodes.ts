import { createHmac } from "node:crypto";
import { emailOTP } from "better-auth/plugins";
import { type AccountMail, codeLifeMs, type Mailing, writeAccountMail } from "../mail/accountMail.ts";
import type { Queryable } from "../platform/database/database.ts";
import { deriveKey } from "../platform/derivedKey.ts";
import { openAddresses } from "./unusualAddresses.ts";

const digits = 6;
/** Wrong tries after which a code no longer works. */
export const codeTries = 5;

/** The library's names of what a code is for, with the mails that carry one. */
const mailOf = {
  "email-verification": "code_confirm_address",
  "sign-in": "code_sign_in",
  "forget-password": "code_reset_password",
  "change-email": "code_change_address",
} as const satisfies Record<string, AccountMail["kind"]>;
type CodePurpose = keyof typeof mailOf;

/** Mails a code that the library has made. */
export type SendCode = (mail: { address: string; purpose: CodePurpose; code: string }) => Promise<void>;

/** @param accounts connections of the accounts library */
export function codeSender(mailing: Mailing, accounts: Queryable): SendCode {
  return async ({ address, purpose, code }) => {
    const to = openAddresses(address);
    const { rows } = await accounts.query<{ id: string; name: string }>(
      "select id, name from auth.users where email = $1",
      [to],
    );
    const [owner] = rows;
    await writeAccountMail(mailing, {
      kind: mailOf[purpose],
      to,
      code,
      ...(owner && { userId: owner.id, name: owner.name }),
    });
  };
}

/** Library calls that are not needed, or that codeRoutes.ts and addressRoutes.ts replace. */
export const unusedCodePaths = [
  "/email-otp/check-verification-otp",
  "/email-otp/verify-email",
  "/email-otp/request-password-reset",
  "/email-otp/request-email-change",
  "/email-otp/change-email",
  "/forget-password/email-otp",
];

/**
 * The library's codes by e-mail. Their hashes are keyed, because a plain hash of six digits is undone in a moment. A code is
 * bound to its purpose and address, and using one is a single statement: of two simultaneous requests one succeeds.
 */
export function mailedCodes(secret: string, sendCode: SendCode) {
  const key = deriveKey(secret, "mailed code hash v1");
  return emailOTP({
    otpLength: digits,
    expiresIn: codeLifeMs / 1000,
    allowedAttempts: codeTries,
    // A code sent to an address without an account must not make one.
    disableSignUp: true,
    sendVerificationOnSignUp: true,
    changeEmail: { enabled: true },
    storeOTP: { hash: async (code) => createHmac("sha256", key).update(code).digest("base64url") },
    sendVerificationOTP: ({ email, otp, type }) => sendCode({ address: email, purpose: type, code: otp }),
  });
}
