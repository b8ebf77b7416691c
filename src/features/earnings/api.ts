/** Calls of the API about where payouts go. Each throws ApiProblem when it is refused. */
import type { BankDetails, PayoutAccount } from "#contract/payouts.ts";
import { api } from "@/lib/api.ts";

const path = "/api/v1/mentors/me/payout-account/bank";

export function saveBankAccount(details: BankDetails): Promise<PayoutAccount> {
  return api.put(path, details);
}

export function removeBankAccount(): Promise<PayoutAccount> {
  return api.delete(path);
}

/** The address of the statement as CSV. @param range days of sessions; empty: from the first, or to the last */
export function statementAddress(range: { from: string; until: string }): string {
  const given = Object.entries(range).filter(([, day]) => day !== "");
  return `/api/v1/mentors/me/earnings/statement.csv?${new URLSearchParams(given)}`;
}
