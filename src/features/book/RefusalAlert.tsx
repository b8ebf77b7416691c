import { bookingRefusal } from "#words/bookResult.ts";
import { reference } from "#words/problems.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { formatMoney } from "@/lib/money.ts";
import { Alert } from "@/ui/Alert.tsx";
import { expectedPrice } from "./expectedPrice.ts";

/** Why the last attempt did not book. Field errors are shown at their fields. */
export function RefusalAlert({
  refusal,
  hasCode = false,
}: {
  refusal: ApiProblem | null;
  hasCode?: boolean;
}) {
  const price = expectedPrice(refusal);
  if (!refusal) return null;
  if (refusal.code === "price_mismatch" && price !== undefined) {
    return (
      <Alert tone="warning" title={bookingRefusal.newPrice(formatMoney(price))}>
        <p>{hasCode ? bookingRefusal.codeApplied : bookingRefusal.priceChanged}</p>
      </Alert>
    );
  }
  return (
    <Alert tone="bad" title={refusal.detail}>
      <p>
        {refusal.isTemporary ? bookingRefusal.temporary : bookingRefusal.final}
        {refusal.said.request_id && (
          <span className="block text-sm">{reference(refusal.said.request_id)}</span>
        )}
      </p>
    </Alert>
  );
}
