import { useMutation } from "@tanstack/react-query";
import { Copy, Pencil, Trash2 } from "lucide-react";
import { useId } from "react";
import type { Coupon } from "#contract/offers.ts";
import { moneyOf } from "#rules/money.ts";
import { couponActions, couponList, couponStates } from "#words/coupons.ts";
import { defaultLocale } from "#words/language.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { copyText } from "@/lib/copyText.ts";
import { formatAmount } from "@/lib/money.ts";
import { formatInstant } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Switch } from "@/ui/Switch.tsx";
import { toastProblem } from "@/ui/useAction.ts";
import { withElements } from "@/ui/withElements.tsx";
import { changeCoupon } from "./api.ts";
import { lastDayOf } from "./couponForm.ts";
import { couponStateOf } from "./couponState.ts";

type CouponCardProps = {
  coupon: Coupon;
  timeZone: string;
  /** Titles of the mentor's services by their ids; undefined while they load. */
  titles: ReadonlyMap<string, string> | undefined;
  onChanged: () => Promise<void>;
  onEdit: () => void;
  onDelete: () => void;
};

/** A coupon with its terms, how often it was used, and what can be done with it. */
export function CouponCard({ coupon, timeZone, titles, onChanged, onEdit, onDelete }: CouponCardProps) {
  const id = useId();
  const { code } = coupon;
  const state = couponStateOf(coupon, useNow().getTime());
  const switching = useMutation({
    mutationFn: (enabled: boolean) => changeCoupon(coupon.id, { enabled }),
    onSuccess: async ({ enabled }) => {
      await onChanged();
      toast.success(enabled ? couponList.started(code) : couponList.stopped(code));
    },
    onError: (problem) => toastProblem(problem),
  });
  const copy = async () => {
    if (await copyText(code)) toast.success(couponList.copied(code));
    else toast.error(couponList.notCopied(code));
  };
  const spoken = { code: <span className="sr-only">{code}</span> };
  return (
    <Card className="flex flex-col p-4 sm:p-5">
      <article aria-labelledby={id} className="flex flex-1 flex-col gap-3">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h3 id={id} className="min-w-0 font-mono text-lg font-bold wrap-anywhere">
            {code}
          </h3>
          <Badge tone={state === "active" ? "good" : "neutral"}>{couponStates[state]}</Badge>
        </div>
        <p className="text-heading">{discountOf(coupon)}</p>
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-ink-soft tabular-nums">
          {factsOf(coupon, timeZone, titles).map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
        <div className="mt-auto space-y-3 border-t border-line pt-3">
          <Switch
            label={couponList.accept(code)}
            checked={switching.isPending ? switching.variables : coupon.enabled}
            onChange={(event) => !switching.isPending && switching.mutate(event.target.checked)}
          />
          <div className="flex flex-wrap gap-2">
            <Button variant="secondary" size="sm" onClick={copy}>
              <Copy aria-hidden className="size-4" />
              {withElements(couponActions.copy, spoken)}
            </Button>
            <Button variant="secondary" size="sm" onClick={onEdit}>
              <Pencil aria-hidden className="size-4" />
              {withElements(couponActions.edit, spoken)}
            </Button>
            <Button variant="ghost" size="sm" onClick={onDelete}>
              <Trash2 aria-hidden className="size-4" />
              {withElements(couponActions.delete, spoken)}
            </Button>
          </div>
        </div>
      </article>
    </Card>
  );
}

function discountOf({ percent, amount, currency }: Coupon): string {
  if (percent === null) return couponList.amountOff(formatAmount(moneyOf(amount ?? 0, currency)));
  return couponList.percentOff(
    new Intl.NumberFormat(defaultLocale, { style: "percent", maximumFractionDigits: 2 }).format(
      percent / 100,
    ),
  );
}

/** With its year: a coupon may be for two. */
function formatDay(instant: string, timeZone: string): string {
  return formatInstant(instant, timeZone, { day: "numeric", month: "short", year: "numeric" });
}

function factsOf(coupon: Coupon, timeZone: string, titles: CouponCardProps["titles"]): string[] {
  const { uses, max_uses, max_uses_per_student, active_from, service_ids } = coupon;
  const lastDay = lastDayOf(coupon, timeZone);
  return [
    max_uses === null ? couponList.uses(uses) : couponList.usesOf({ uses, max: max_uses }),
    max_uses_per_student === null
      ? couponList.perStudentUnlimited
      : couponList.perStudent(max_uses_per_student),
    ...(active_from === null ? [] : [couponList.from(formatDay(active_from, timeZone))]),
    lastDay === null ? couponList.noEnd : couponList.until(formatDay(`${lastDay}T12:00:00Z`, "UTC")),
    service_ids === null
      ? couponList.allServices
      : [...new Set(service_ids.map((id) => titles?.get(id) ?? couponList.goneService))].join(", "),
    ...(coupon.first_session_only ? [couponList.firstOnly] : []),
  ];
}
