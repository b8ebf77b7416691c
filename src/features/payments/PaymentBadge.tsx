import { CircleCheck, CircleX, Hourglass, Undo2 } from "lucide-react";
import type { OwnPayment, Payment } from "#contract/payments.ts";
import { paymentStates } from "#words/payments.ts";
import { Badge } from "@/ui/Badge.tsx";

/** What has become of a payment. */
export function PaymentBadge({ payment }: { payment: Payment | OwnPayment }) {
  const { Icon, tone, text } = lookOf(payment);
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {text}
    </Badge>
  );
}

function lookOf(payment: Payment | OwnPayment) {
  const { state, payment_status, held_until, closed_because, awaits_payment } = payment;
  const isPackage = payment.booking_id === null;
  if (state === "open" && (held_until !== null || (isPackage && awaits_payment)))
    return { Icon: Hourglass, tone: "accent", text: paymentStates.toPay } as const;
  if (state === "authorized" && closed_because === null)
    return { Icon: Hourglass, tone: "accent", text: paymentStates.reserved } as const;
  if (state === "released" || state === "authorized")
    return { Icon: Undo2, tone: "neutral", text: paymentStates.released } as const;
  switch (payment_status) {
    case "completed":
      return { Icon: CircleCheck, tone: "good", text: paymentStates.completed } as const;
    case "refunded":
    case "partially_refunded":
    case "refund_pending":
      return { Icon: Undo2, tone: "neutral", text: paymentStates[payment_status] } as const;
    default:
      return { Icon: CircleX, tone: "neutral", text: paymentStates.notPaid } as const;
  }
}
