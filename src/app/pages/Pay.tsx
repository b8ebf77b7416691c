import { payPage } from "#words/payments.ts";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { PaymentStep } from "@/features/pay/PaymentStep.tsx";
import { PurchaseStep } from "@/features/pay/PurchaseStep.tsx";
import { readReturn } from "@/features/pay/returning.ts";
import { useParams, useSearchParams } from "@/lib/router/router.tsx";
import NotFound from "./NotFound.tsx";

/**
 * `/bookings/:id/pay` and `/packages/:id/pay`: the payment step of a booking or of a package (the id is the purchase's), for all
 * providers.
 */
export default function Pay() {
  const { kind, id = "" } = useParams();
  const [search] = useSearchParams();
  if (kind !== "packages" && kind !== "bookings") return <NotFound />;
  return (
    <RequireSignIn title={payPage.title}>
      {(me) =>
        kind === "packages" ? (
          <PurchaseStep key={id} purchaseId={id} me={me} {...readReturn(search)} />
        ) : (
          <PaymentStep key={id} bookingId={id} userId={me.id} {...readReturn(search)} />
        )
      }
    </RequireSignIn>
  );
}
