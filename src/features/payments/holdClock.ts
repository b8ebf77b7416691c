/** The countdown of a hold, computed from its end and never counted down. Instants are epoch ms. */
import { holdMinutes } from "#words/payments.ts";

/** When a screen reader is told how much time is left, in seconds before the end; the latest first. */
const spokenSeconds = [30, 60, 120, 300, 600] as const;

const leftOf = (until: number, now: number) => Math.max(0, Math.ceil((until - now) / 1000));

/** '9:05'; '10 min' for readers who prefer that nothing moves. */
export function clockText(until: number, now: number, step: "second" | "minute"): string {
  const left = leftOf(until, now);
  if (step === "minute") return holdMinutes(Math.ceil(left / 60));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** Milliseconds until the text changes, or something is said. */
export function untilNextStep(until: number, now: number, step: "second" | "minute"): number {
  const left = leftOf(until, now);
  if (left === 0) return Number.POSITIVE_INFINITY;
  const next =
    step === "second" ? left - 1 : Math.max(...[0, 30, ...minutesBelow(left)].filter((at) => at < left));
  return Math.max(1, until - now - next * 1000);
}

function minutesBelow(left: number): number[] {
  return [Math.ceil(left / 60 - 1) * 60];
}

/** The moment between two readings of the clock at which the time left is said, in seconds; null for none. */
export function spokenBetween(until: number, before: number, now: number): number | null {
  const [was, is] = [leftOf(until, before), leftOf(until, now)];
  return spokenSeconds.find((moment) => was > moment && is <= moment && is > moment - 20) ?? null;
}
