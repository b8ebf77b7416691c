import { buyPage } from "#words/packages.ts";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { PurchaseStep } from "@/features/pay/PurchaseStep.tsx";
import { readReturn } from "@/features/pay/returning.ts";
import { useParams, useSearchParams } from "@/lib/router/router.tsx";

/** `/packages/:id/pay`: pays for a package that was begun to be bought; the id is the purchase's. */
export default function PayPackage() {
  const { id = "" } = useParams();
  const [search] = useSearchParams();
  return (
    <RequireSignIn title={buyPage.title}>
      {(me) => <PurchaseStep key={id} purchaseId={id} me={me} {...readReturn(search)} />}
    </RequireSignIn>
  );
}
