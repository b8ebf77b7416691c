/** Calls of the API about where payouts go. Each throws ApiProblem when it is refused. */
import type { BankDetails, PayoutAccount } from "#contract/payouts.ts";
import { api } from "@/lib/api.ts";

const bank = "/api/v1/mentors/me/payout-account/bank";
const linked = "/api/v1/mentors/me/payout-account/linked";

export function saveBankAccount(details: BankDetails): Promise<PayoutAccount> {
  return api.put(bank, details);
}

export function removeBankAccount(): Promise<PayoutAccount> {
  return api.delete(bank);
}

export function saveLinkedAccount(account: string): Promise<PayoutAccount> {
  return api.put(linked, { account });
}

export function removeLinkedAccount(): Promise<PayoutAccount> {
  return api.delete(linked);
}

/** The address of the statement as CSV. @param range days of sessions; empty: from the first, or to the last */
export function statementAddress(range: { from: string; until: string }): string {
  const given = Object.entries(range).filter(([, day]) => day !== "");
  return `/api/v1/mentors/me/earnings/statement.csv?${new URLSearchParams(given)}`;
}
