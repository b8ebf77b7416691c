import { paymentsPage } from "#words/payments.ts";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { BillingCard } from "@/features/documents/BillingCard.tsx";
import { OpenedDocument } from "@/features/documents/OpenedDocument.tsx";
import { OwnPackages } from "@/features/packages/OwnPackages.tsx";
import { OwnPayments } from "@/features/payments/OwnPayments.tsx";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { ViewerZoneNote } from "@/ui/ViewerZoneNote.tsx";

/** `/payments`: what a student has paid, and what came back. */
export default function Payments() {
  const timeZone = useViewerTimeZone();
  return (
    <RequireSignIn title={paymentsPage.title}>
      {(me) => (
        <div className="page max-w-3xl py-10 sm:py-12">
          <PageHeading title={paymentsPage.title} />
          <p className="mt-2 mb-6 text-lg text-ink-soft">{paymentsPage.lead}</p>
          <ViewerZoneNote className="mb-6" />
          <OpenedDocument userId={me.id} timeZone={timeZone} />
          <OwnPackages userId={me.id} timeZone={timeZone} />
          <OwnPayments userId={me.id} timeZone={timeZone} />
          <div className="mt-10">
            <BillingCard userId={me.id} />
          </div>
        </div>
      )}
    </RequireSignIn>
  );
}
