import { useEffect } from "react";
import { navigate } from "@/lib/router/location.ts";
import { hasVendorScript, isPaymentDocument } from "./vendorScripts.ts";

type PaymentDocument = {
  /** The address of the page. */
  page: string;
  /** The payer comes back from the provider. */
  hasReturned: boolean;
  /** Whether a provider's script is to run now. */
  needsScript: boolean;
};

/**
 * Sees to it that a provider's script runs in the document that may have it, and nowhere else. Returns whether that document is
 * being loaded.
 */
export function usePaymentDocument({ page, hasReturned, needsScript }: PaymentDocument): boolean {
  const needsDocument = needsScript && !isPaymentDocument();
  useEffect(() => {
    if (needsDocument) window.location.reload();
  }, [needsDocument]);
  // Stripe adds the order's secret to the address of the return.
  useEffect(() => {
    if (hasReturned) navigate(page, { replace: true });
  }, [hasReturned, page]);
  // The pages that follow have no need of the script, which stays until its document is left.
  useEffect(
    () => () => {
      if (hasVendorScript()) window.location.reload();
    },
    [],
  );
  return needsDocument;
}
