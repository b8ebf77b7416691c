import { useMutation, useQuery } from "@tanstack/react-query";
import type { SessionPackage } from "#contract/offers.ts";
import { moneyOf } from "#rules/money.ts";
import { offeredPackages } from "#words/packages.ts";
import { useMe } from "@/features/accounts/me.ts";
import { formatAmount } from "@/lib/money.ts";
import { paths } from "@/lib/paths.ts";
import { navigate } from "@/lib/router/location.ts";
import { Link } from "@/lib/router/router.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { toastProblem } from "@/ui/useAction.ts";
import { withElements } from "@/ui/withElements.tsx";
import { nameOfPackage } from "./packageText.ts";
import { beginPurchase, offeredPackagesQuery } from "./queries.ts";

type OfferedPackagesProps = {
  mentorId: string;
  username: string;
  /** The mentor's own page: nothing can be bought. */
  isOwn: boolean;
};

/** The packages on a mentor's page. Nothing while they load, and nothing if there are none. */
export function OfferedPackages({ mentorId, username, isOwn }: OfferedPackagesProps) {
  const packages = useQuery(offeredPackagesQuery(mentorId));
  if (!packages.data || packages.data.length === 0) return null;
  return (
    <section aria-labelledby="packages" className="space-y-3">
      <h2 id="packages" className="text-heading">
        {offeredPackages.title}
      </h2>
      <ul className="space-y-3">
        {packages.data.map((offered) => (
          <li key={offered.id}>
            <Offer offered={offered} username={username} isOwn={isOwn} />
          </li>
        ))}
      </ul>
    </section>
  );
}

type OfferProps = { offered: SessionPackage } & Omit<OfferedPackagesProps, "mentorId">;

function Offer({ offered, username, isOwn }: OfferProps) {
  const { price, list_price, currency, valid_days } = offered;
  const { data: me } = useMe();
  const buying = useMutation({
    mutationFn: () => beginPurchase(offered.id),
    onSuccess: ({ id }) => navigate(paths.payPackage(id)),
    onError: (problem) => toastProblem(problem),
  });
  const name = nameOfPackage(offered);
  const label = withElements(offeredPackages.buy, { name: <span className="sr-only">{name}</span> });
  const saved = list_price === null ? 0 : list_price - price;
  return (
    <Card className="space-y-3 p-4">
      <div>
        <h3 className="font-bold wrap-anywhere">{name}</h3>
        <p className="text-sm text-ink-soft">{offeredPackages.validFor(valid_days)}</p>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="leading-tight tabular-nums">
          <span className="block text-heading">{formatAmount(moneyOf(price, currency))}</span>
          {saved > 0 && (
            <span className="text-sm text-good">
              {offeredPackages.save(formatAmount(moneyOf(saved, currency)))}
            </span>
          )}
        </p>
        {!isOwn &&
          (me ? (
            <Button variant="secondary" pending={buying.isPending} onClick={() => buying.mutate()}>
              {label}
            </Button>
          ) : (
            <Link
              to={paths.signIn(paths.mentor(username))}
              className={buttonVariants({ variant: "secondary" })}
            >
              {label}
            </Link>
          ))}
      </div>
    </Card>
  );
}
