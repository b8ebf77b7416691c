import { useQuery } from "@tanstack/react-query";
import type { PackagePurchase } from "#contract/offers.ts";
import { ownPackages } from "#words/packages.ts";
import { purchasesQuery } from "@/features/prices/queries.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { Badge } from "@/ui/Badge.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { formatExpiry, nameOfPackage } from "./packageText.ts";

type OwnPackagesProps = { userId: string; timeZone: string };

/** What a student has left of bought packages, those that can be used first. Nothing for a student without any. */
export function OwnPackages({ userId, timeZone }: OwnPackagesProps) {
  const purchases = useQuery(purchasesQuery(userId));
  if (purchases.isError && !purchases.data)
    return <ProblemState title={ownPackages.failed} error={purchases.error} onRetry={purchases.refetch} />;
  const paid = (purchases.data ?? []).filter(({ expires_at }) => expires_at !== null);
  if (paid.length === 0) return null;
  const sorted = paid.toSorted((one, other) => Number(isUsable(other)) - Number(isUsable(one)));
  return (
    <section aria-labelledby="packages" className="mb-10">
      <SectionHeading id="packages" title={ownPackages.title} />
      <ul className="mt-3 grid gap-4 sm:grid-cols-2">
        {sorted.map((purchase) => (
          <li key={purchase.id} className="grid min-w-0">
            <PackageItem purchase={purchase} timeZone={timeZone} />
          </li>
        ))}
      </ul>
      {sorted.some(isUsable) && <p className="mt-3 text-sm text-ink-soft">{ownPackages.howTo}</p>}
    </section>
  );
}

function isUsable({ state, sessions_left, disputed }: PackagePurchase): boolean {
  return state === "active" && sessions_left > 0 && !disputed;
}

function PackageItem({ purchase, timeZone }: { purchase: PackagePurchase; timeZone: string }) {
  const { sessions, sessions_left: left, sessions_reserved: reserved, mentor_name, disputed } = purchase;
  const name = nameOfPackage(purchase);
  const state = stateOf(purchase);
  const day = formatExpiry(purchase.expires_at ?? "", timeZone);
  return (
    <Card className="flex flex-col gap-3 p-4 sm:p-5">
      <div className="flex items-start justify-between gap-3">
        <h3 className="min-w-0 font-bold wrap-anywhere">
          {withElements((parts) => ownPackages.with({ name, ...parts }), {
            mentor: <bdi>{mentor_name}</bdi>,
          })}
        </h3>
        <Badge tone={state === "active" ? "good" : "neutral"} className="shrink-0">
          {ownPackages.states[state]}
        </Badge>
      </div>
      <ul className="text-ink-soft tabular-nums">
        <li>{ownPackages.left({ left, of: sessions })}</li>
        {reserved > 0 && <li>{ownPackages.reserved(reserved)}</li>}
        {purchase.state === "active" && left > 0 && <li>{ownPackages.until(day)}</li>}
        {purchase.state === "expired" && <li>{ownPackages.expired(day)}</li>}
        {disputed && <li>{ownPackages.disputed}</li>}
      </ul>
      {isUsable(purchase) && (
        <Link
          to={paths.bookTime(purchase.mentor_username, {
            serviceId: purchase.service_id,
            minutes: purchase.minutes,
          })}
          className={buttonVariants({ variant: "secondary", className: "mt-auto self-start" })}
        >
          {withElements(ownPackages.book, { name: <span className="sr-only">{name}</span> })}
        </Link>
      )}
    </Card>
  );
}

function stateOf({ state, sessions_left, disputed }: PackagePurchase) {
  if (disputed) return "disputed";
  if (state === "expired" || state === "refunded") return state;
  return sessions_left > 0 ? "active" : "usedUp";
}
