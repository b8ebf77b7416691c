import { useMutation } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { useId } from "react";
import type { OwnPackage } from "#contract/offers.ts";
import { moneyOf } from "#rules/money.ts";
import { packageActions, packageList } from "#words/packages.ts";
import { nameOfPackage } from "@/features/packages/packageText.ts";
import { receivedHint } from "@/features/services/receivedHint.ts";
import { formatAmount } from "@/lib/money.ts";
import { toast } from "@/lib/toast.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Switch } from "@/ui/Switch.tsx";
import { toastProblem } from "@/ui/useAction.ts";
import { withElements } from "@/ui/withElements.tsx";
import { changePackage } from "./api.ts";

type PackageCardProps = {
  offered: OwnPackage;
  /** null while it loads. */
  feePercent: number | null;
  onChanged: () => Promise<void>;
  onEdit: () => void;
  onDelete: () => void;
};

/** A package with its terms, what its mentor earns with it, and what has become of those that were sold. */
export function PackageCard({ offered, feePercent, onChanged, onEdit, onDelete }: PackageCardProps) {
  const id = useId();
  const { price, list_price, currency, sold, sessions_sold, sessions_booked } = offered;
  const name = nameOfPackage(offered);
  const switching = useMutation({
    mutationFn: (enabled: boolean) => changePackage(offered.id, { enabled }),
    onSuccess: async ({ enabled }) => {
      await onChanged();
      toast.success(enabled ? packageList.nowOffered : packageList.nowStopped);
    },
    onError: (problem) => toastProblem(problem),
  });
  const spoken = { name: <span className="sr-only">{name}</span> };
  const isOnOffer = offered.enabled && list_price !== null;
  return (
    <Card className="flex flex-col p-4 sm:p-5">
      <article aria-labelledby={id} className="flex flex-1 flex-col gap-3">
        <div className="flex items-start justify-between gap-2">
          <h3 id={id} className="min-w-0 font-bold wrap-anywhere">
            {name}
          </h3>
          <Badge tone={isOnOffer ? "good" : "neutral"} className="shrink-0">
            {isOnOffer ? packageList.onOffer : packageList.stopped}
          </Badge>
        </div>
        <p className="tabular-nums">
          <span className="text-heading">{formatAmount(moneyOf(price, currency))}</span>
          {list_price !== null && list_price > price && (
            <span className="ml-2 text-ink-soft">
              {packageList.instead(formatAmount(moneyOf(list_price, currency)))}
            </span>
          )}
        </p>
        <ul className="space-y-1 text-ink-soft tabular-nums">
          <li>{receivedHint(String(price), feePercent)}</li>
          <li>{packageList.validFor(offered.valid_days)}</li>
          <li>
            {packageList.sold(sold)}
            {sold > 0 && <> · {packageList.booked({ booked: sessions_booked, sold: sessions_sold })}</>}
          </li>
        </ul>
        {list_price === null && <p>{packageList.notOffered}</p>}
        <div className="mt-auto space-y-3 border-t border-line pt-3">
          <Switch
            label={packageList.offer(name)}
            checked={switching.isPending ? switching.variables : offered.enabled}
            onChange={(event) => !switching.isPending && switching.mutate(event.target.checked)}
          />
          <div className="flex flex-wrap gap-2">
            <Button variant="secondary" size="sm" onClick={onEdit}>
              <Pencil aria-hidden className="size-4" />
              {withElements(packageActions.edit, spoken)}
            </Button>
            <Button variant="ghost" size="sm" onClick={onDelete}>
              <Trash2 aria-hidden className="size-4" />
              {withElements(packageActions.delete, spoken)}
            </Button>
          </div>
        </div>
      </article>
    </Card>
  );
}
