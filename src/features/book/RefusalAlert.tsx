import { bookingRefusal } from "#words/bookResult.ts";
import { reference } from "#words/problems.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { formatMoney } from "@/lib/money.ts";
import { Alert } from "@/ui/Alert.tsx";

/** Why the last attempt did not book. Field errors are shown at their fields. */
export function RefusalAlert({
  refusal,
  hasCode = false,
}: {
  refusal: ApiProblem | null;
  hasCode?: boolean;
}) {
  if (!refusal) return null;
  if (refusal.code === "price_mismatch" && refusal.expectedPrice !== undefined) {
    return (
      <Alert tone="warning" title={bookingRefusal.newPrice(formatMoney(refusal.expectedPrice))}>
        <p>{hasCode ? bookingRefusal.codeApplied : bookingRefusal.priceChanged}</p>
      </Alert>
    );
  }
  return (
    <Alert tone="bad" title={refusal.detail}>
      <p>
        {refusal.isTemporary ? bookingRefusal.temporary : bookingRefusal.final}
        {refusal.requestId && <span className="block text-sm">{reference(refusal.requestId)}</span>}
      </p>
    </Alert>
  );
}
