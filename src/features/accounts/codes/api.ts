/** Calls of the API about codes by e-mail. Each throws ApiProblem when it is refused. */
import type { ChangeAddress, Me } from "#contract/accounts.ts";
import { api } from "@/lib/api.ts";

/** Sends a code that confirms the own address; the first time only if none is on its way. */
export function sendConfirmationCode(isFirst: boolean): Promise<null> {
  return api.post("/api/v1/me/address/code", { unless_sent: isFirst });
}

export function confirmOwnAddress(code: string): Promise<Me> {
  return api.post("/api/v1/me/address/confirm", { code });
}

/** To the present address, for people without a password. */
export function sendChangeCode(): Promise<null> {
  return api.post("/api/v1/me/address/change-code");
}

/** Sends a code to the new address. */
export function askForNewAddress(change: ChangeAddress): Promise<null> {
  return api.post("/api/v1/me/address/change", change);
}

export function confirmNewAddress(email: string, code: string): Promise<Me> {
  return api.post("/api/v1/me/address/change/confirm", { email, code });
}

/** Sends a code if the address has an account; the response is the same if not. */
export function sendCodeTo(email: string, type: "sign-in" | "forget-password"): Promise<unknown> {
  return api.post("/api/auth/email-otp/send-verification-otp", { email, type }, { forAnyone: true });
}
