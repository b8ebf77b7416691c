import { payPage } from "#words/payments.ts";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { PaymentStep } from "@/features/pay/PaymentStep.tsx";
import { readReturn } from "@/features/pay/returning.ts";
import { useParams, useSearchParams } from "@/lib/router/router.tsx";

/** `/bookings/:id/pay`: the payment step of a booking, for all providers. */
export default function Pay() {
  const { id = "" } = useParams();
  const [search] = useSearchParams();
  return (
    <RequireSignIn title={payPage.title}>
      {(me) => <PaymentStep key={id} bookingId={id} userId={me.id} {...readReturn(search)} />}
    </RequireSignIn>
  );
}
