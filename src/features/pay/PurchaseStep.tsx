import { PackageCheck, Wallet } from "lucide-react";
import { useId, useState } from "react";
import type { Me } from "#contract/accounts.ts";
import type { PackagePurchase, PurchasePayment } from "#contract/offers.ts";
import { moneyOf } from "#rules/money.ts";
import { links } from "#words/links.ts";
import { boughtPage, buyPage, purchaseOver } from "#words/packages.ts";
import { formatExpiry, nameOfPackage } from "@/features/packages/packageText.ts";
import { ApiProblem } from "@/lib/api.ts";
import { formatAmount, formatMoney } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { Outcome, Processing } from "./PayOutcome.tsx";
import { PurchaseForm } from "./PurchaseForm.tsx";
import { usePaymentDocument } from "./usePaymentDocument.ts";
import { usePurchase } from "./usePurchase.ts";

type PurchaseStepProps = { purchaseId: string; me: Me; hasReturned: boolean; expectsPayment: boolean };

/** Pays for a package, or says what has become of it. Everything is read from the server, so it survives the tab. */
export function PurchaseStep({ purchaseId, me, hasReturned, expectsPayment }: PurchaseStepProps) {
  const [hasPaidHere, setHasPaidHere] = useState(expectsPayment);
  const { purchases, purchase, payment, view, isChecking, refresh } = usePurchase(me.id, purchaseId, {
    hasReturned,
    expectsPayment: hasPaidHere,
  });
  const needsDocument = usePaymentDocument({
    page: paths.pay(purchaseId, "packages"),
    hasReturned,
    needsScript: view === "pay" && payment.data?.provider !== "sandbox",
  });
  const tried = async (isPaid: boolean) => {
    setHasPaidHere(isPaid);
    await refresh();
  };
  const error = purchases.error ?? payment.error;
  const isUnknown = purchases.data !== undefined && !purchase;
  if (isUnknown || (error instanceof ApiProblem && (error.status === 404 || error.status === 422)))
    return <Over />;
  if (error && !(purchase && payment.data)) {
    return (
      <div className="page max-w-2xl space-y-8 py-12">
        <PageHeading title={buyPage.title} />
        <ProblemState
          title={buyPage.failed}
          error={error}
          onRetry={() => void Promise.all([purchases.refetch(), payment.refetch()])}
        />
      </div>
    );
  }
  if (!purchase || !payment.data || !view || needsDocument) return <PageLoading />;
  if (view === "processing" || (view === "pay" && isChecking)) return <Processing />;
  if (view === "bought") return <Bought purchase={purchase} />;
  if (view === "over") return <Over purchase={purchase} payment={payment.data} />;
  return <Buying purchase={purchase} payment={payment.data} me={me} onDoubt={refresh} onTried={tried} />;
}

type BuyingProps = {
  purchase: PackagePurchase;
  payment: PurchasePayment;
  me: Me;
  onDoubt: () => Promise<void>;
  onTried: (isPaid: boolean) => Promise<void>;
};

function Buying({ purchase, payment, me, onDoubt, onTried }: BuyingProps) {
  const id = useId();
  const mentor = firstName(purchase.mentor_name);
  const price = formatAmount(moneyOf(payment.amount, payment.currency));
  return (
    <div className="page max-w-4xl py-10 sm:py-12">
      <PageHeading title={buyPage.title} />
      <p className="mt-2 max-w-prose text-lg text-ink-soft">
        {withElements(buyPage.lead, { mentor: <bdi>{mentor}</bdi> })}
      </p>
      <div className="mt-8 grid gap-6 lg:grid-cols-[1fr_22rem] lg:items-start">
        <Card className="space-y-5 p-5">
          <section aria-labelledby={`${id}-what`}>
            <h2 id={`${id}-what`} className="text-heading">
              {buyPage.summary}
            </h2>
            <p className="mt-2 font-semibold wrap-anywhere">{nameOfPackage(purchase)}</p>
            <p className="text-ink-soft">
              <bdi>{purchase.mentor_name}</bdi>
            </p>
            <p className="mt-3 flex justify-between gap-4 border-t border-line pt-3 font-bold tabular-nums">
              <span>{buyPage.price}</span>
              <span>{price}</span>
            </p>
          </section>
          <section aria-labelledby={`${id}-terms`} className="border-t border-line pt-4">
            <h2 id={`${id}-terms`} className="mb-2 font-bold">
              {buyPage.terms}
            </h2>
            <ul className="list-disc space-y-1 pl-5 text-ink-soft">
              <li>{buyPage.validFor(purchase.valid_days)}</li>
              <li>{buyPage.comesBack}</li>
              <li>{withElements(buyPage.mentorCancels, { mentor: <bdi>{mentor}</bdi> })}</li>
              <li>{buyPage.noRecording}</li>
            </ul>
          </section>
        </Card>
        <PurchaseForm
          purchase={purchase}
          payment={payment}
          me={me}
          label={formatMoney(moneyOf(payment.amount, payment.currency))}
          onDoubt={onDoubt}
          onTried={onTried}
        />
      </div>
    </div>
  );
}

function Bought({ purchase }: { purchase: PackagePurchase }) {
  const timeZone = useViewerTimeZone();
  const { sessions_left, mentor_username, service_id: serviceId, minutes } = purchase;
  return (
    <Outcome icon={<PackageCheck aria-hidden className="size-7" />} title={boughtPage.title}>
      <p>{nameOfPackage(purchase)}</p>
      {sessions_left > 0 && (
        <p>
          {boughtPage.text({
            number: boughtPage.left(sessions_left),
            until: formatExpiry(purchase.expires_at ?? "", timeZone),
          })}
        </p>
      )}
      <p className="mt-8 flex flex-wrap gap-3">
        {sessions_left > 0 && (
          <Link to={paths.bookTime(mentor_username, { serviceId, minutes })} className={buttonVariants()}>
            {boughtPage.book}
          </Link>
        )}
        <Link to={paths.payments()} className={buttonVariants({ variant: "secondary" })}>
          {boughtPage.payments}
        </Link>
      </p>
    </Outcome>
  );
}

function Over({ purchase, payment }: { purchase?: PackagePurchase; payment?: PurchasePayment }) {
  return (
    <Outcome icon={<Wallet aria-hidden className="size-7" />} title={purchaseOver.title}>
      <p>{payment && payment.refunded > 0 ? purchaseOver.refunded : purchaseOver.text}</p>
      <p className="mt-8 flex flex-wrap gap-3">
        <Link
          to={purchase ? paths.mentor(purchase.mentor_username) : paths.home()}
          className={buttonVariants()}
        >
          {purchase ? purchaseOver.again : links.findMentor}
        </Link>
        <Link to={paths.payments()} className={buttonVariants({ variant: "secondary" })}>
          {boughtPage.payments}
        </Link>
      </p>
    </Outcome>
  );
}
