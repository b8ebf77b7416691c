import type { ApiProblem } from "@/lib/api.ts";
import { formatMoney } from "@/lib/money.ts";
import { Alert } from "@/ui/Alert.tsx";

/** Why the last try was no booking. Field errors are shown at their fields. */
export function RefusalAlert({ refusal, currency }: { refusal: ApiProblem | null; currency: string }) {
  if (!refusal) return null;
  if (refusal.code === "price_mismatch" && refusal.expectedAmount !== undefined) {
    return (
      <Alert tone="warning" title={`The price is now ${formatMoney(refusal.expectedAmount, currency)}`}>
        <p>The mentor has changed it since you opened this page. Confirm again to book at this price.</p>
      </Alert>
    );
  }
  return (
    <Alert tone="bad" title={refusal.detail}>
      <p>
        {refusal.isTemporary
          ? "Nothing you have typed is lost, and trying again never books twice."
          : "Nothing has been booked yet."}
        {refusal.requestId && <span className="block text-sm">Reference: {refusal.requestId}</span>}
      </p>
    </Alert>
  );
}
