import { addMoney, type Money, moneyOfMinor, subtractMoney } from "#rules/money.ts";
import { priceOf } from "#rules/price.ts";
import { bookTogether } from "#words/baskets.ts";
import { sessionLength } from "#words/durations.ts";
import type { TogetherSession } from "./basketSlots.ts";

type TogetherLine = { label: string; amount: Money };
export type TogetherPrice = { lines: TogetherLine[]; total: Money };

/** How sessions are wanted. */
type Wanted = {
  addRecording: boolean;
  /** Whether sessions of a package pay for them; their recordings still cost money. */
  withCredits?: boolean;
  /** What a coupon takes off, and what it is called. */
  coupon?: { code: string; off: Money } | undefined;
};

/** Whether this session is recorded, if recordings are wanted where there are any. */
export function isRecorded({ choice }: TogetherSession, addRecording: boolean): boolean {
  return addRecording && choice.prices.recordingPrice !== null;
}

/** What sessions cost together, in lines that add up to the total: the same ones of a service in one line. */
export function togetherPrice(
  sessions: readonly TogetherSession[],
  { addRecording, withCredits = false, coupon }: Wanted,
): TogetherPrice {
  const currency = sessions[0]?.choice.price.currency ?? "INR";
  const zero = moneyOfMinor(0, currency);
  const sum = (amounts: readonly Money[]) => amounts.reduce(addMoney, zero);
  const listed = [
    ...Map.groupBy(sessions, ({ choice }) => `${choice.service.id} ${choice.minutes}`).values(),
  ];
  const lines = listed.map((same): TogetherLine => {
    const { service, minutes } = same[0]!.choice;
    return {
      label: bookTogether.line({
        times: same.length,
        service: service.title,
        length: sessionLength(minutes),
      }),
      amount: sum(same.map(({ choice }) => choice.price)),
    };
  });
  if (withCredits) {
    const covered = sum(sessions.map(({ choice }) => choice.price));
    lines.push({ label: bookTogether.credits(sessions.length), amount: subtractMoney(zero, covered) });
  }
  const recorded = sessions.filter((session) => isRecorded(session, addRecording));
  if (recorded.length > 0) {
    const extra = recorded.map(({ choice }) => {
      const both = priceOf(choice.prices, { minutes: choice.minutes, addRecording: true });
      return both.ok ? subtractMoney(both.price, choice.price) : zero;
    });
    lines.push({ label: bookTogether.recordings(recorded.length), amount: sum(extra) });
  }
  if (coupon) {
    lines.push({ label: bookTogether.coupon(coupon.code), amount: subtractMoney(zero, coupon.off) });
  }
  return { lines, total: sum(lines.map(({ amount }) => amount)) };
}
