import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { SessionPackage } from "#contract/offers.ts";
import { moneyOf } from "#rules/money.ts";
import { offeredPackages } from "#words/packages.ts";
import { useMe } from "@/features/accounts/me.ts";
import { formatAmount } from "@/lib/money.ts";
import { paths } from "@/lib/paths.ts";
import { navigate } from "@/lib/router/location.ts";
import { Link, useLocation } from "@/lib/router/router.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { toastProblem } from "@/ui/useAction.ts";
import { withElements } from "@/ui/withElements.tsx";
import { nameOfPackage } from "./packageText.ts";
import { beginPurchase, offeredPackagesQuery } from "./queries.ts";

type OfferedPackagesProps = {
  mentor: Pick<Mentor, "id" | "username">;
};

/** The packages on a mentor's page. Nothing while they load, and nothing if there are none. */
export function OfferedPackages({ mentor }: OfferedPackagesProps) {
  const packages = useQuery(offeredPackagesQuery(mentor.id));
  if (!packages.data || packages.data.length === 0) return null;
  return (
    <section aria-labelledby="packages" className="space-y-3">
      <h2 id="packages" className="text-heading">
        {offeredPackages.title}
      </h2>
      <ul className="space-y-3">
        {packages.data.map((offered) => (
          <li key={offered.id}>
            <Offer offered={offered} mentor={mentor} />
          </li>
        ))}
      </ul>
    </section>
  );
}

type OfferProps = OfferedPackagesProps & { offered: SessionPackage };

function Offer({ offered, mentor }: OfferProps) {
  const { price, list_price, currency, valid_days } = offered;
  const { data: me } = useMe();
  const buying = useMutation({
    mutationFn: () => beginPurchase(offered.id),
    onSuccess: ({ id }) => navigate(paths.pay(id, "packages")),
    onError: (problem) => toastProblem(problem),
  });
  const name = nameOfPackage(offered);
  const anchor = `package-${offered.id}`;
  const { hash } = useLocation();
  const button = useRef<HTMLButtonElement>(null);
  // Back from signing in: the package that was chosen is in view, and one press away.
  const isReturning = hash === `#${anchor}` && Boolean(me);
  useEffect(() => {
    if (isReturning) button.current?.focus();
  }, [isReturning]);
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
        {me?.id !== mentor.id &&
          (me ? (
            <Button
              ref={button}
              variant="secondary"
              pending={buying.isPending}
              onClick={() => buying.mutate()}
            >
              {label}
            </Button>
          ) : (
            <Link
              to={paths.signIn(`${paths.mentor(mentor.username)}#${anchor}`)}
              className={buttonVariants({ variant: "secondary" })}
            >
              {label}
            </Link>
          ))}
      </div>
    </Card>
  );
}
