/** Calls of the API about what documents say. Each throws ApiProblem when it is refused. */
import type { BillingDetails, TaxSettings } from "#contract/tax.ts";
import { api } from "@/lib/api.ts";

export const billingPath = "/api/v1/me/billing";
export const taxPath = "/api/v1/mentors/me/tax";

export function saveBilling(details: BillingDetails): Promise<BillingDetails> {
  return api.put(billingPath, details);
}

export function saveTax(settings: TaxSettings): Promise<TaxSettings> {
  return api.put(taxPath, settings);
}

/** Where a document is as a page or as a PDF: both are opened by links. */
export function documentAddress(id: string, form: "html" | "pdf"): string {
  return `/api/v1/documents/${encodeURIComponent(id)}.${form}`;
}
