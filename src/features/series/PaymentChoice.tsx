import type { PackagePurchase } from "#contract/offers.ts";
import type { Money } from "#rules/money.ts";
import { seriesPayment } from "#words/series.ts";
import { formatAmount } from "@/lib/money.ts";
import type { SeriesPayment } from "./seriesPicks.ts";

type PaymentChoiceProps = {
  ways: readonly SeriesPayment[];
  value: SeriesPayment;
  pack: PackagePurchase | undefined;
  /** Whether the package has a session for each date. */
  hasCredits: boolean;
  sessions: number;
  total: Money;
  /** Of one session. */
  each: Money;
  onChange: (payment: SeriesPayment) => void;
};

/** How the sessions of a series are paid: all at once, one by one, or with a package. */
export function PaymentChoice({ ways, value, pack, hasCredits, sessions, ...props }: PaymentChoiceProps) {
  const detailOf = (way: SeriesPayment) => {
    if (way === "at_once") return seriesPayment.at_once.detail(formatAmount(props.total));
    if (way === "per_session") return seriesPayment.per_session.detail(formatAmount(props.each));
    return seriesPayment.credits.detail({ used: sessions, left: pack?.sessions_left ?? 0 });
  };
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold">{seriesPayment.title}</legend>
      <div className="space-y-2">
        {ways.map((way) => (
          <label
            key={way}
            className="tap flex items-start gap-3 rounded-control border border-line-strong bg-surface px-4 py-3 transition-colors hover:border-primary has-checked:border-primary has-checked:bg-primary-soft"
          >
            <input
              type="radio"
              name="payment"
              checked={way === value}
              onChange={() => props.onChange(way)}
              className="radio mt-px"
            />
            <span className="min-w-0">
              <span className="block font-semibold">{seriesPayment[way].label}</span>
              <span className="block text-sm text-ink-soft">{detailOf(way)}</span>
            </span>
          </label>
        ))}
      </div>
      {pack && !hasCredits && (
        <p className="mt-2 text-sm text-ink-soft">
          {seriesPayment.credits.tooFew({ left: pack.sessions_left, dates: sessions })}
        </p>
      )}
    </fieldset>
  );
}
