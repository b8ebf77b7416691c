import { type Money, moneyOf } from "#rules/money.ts";
import type { ApiProblem } from "@/lib/api.ts";

/** The right price, with `price_mismatch`. */
export function expectedPrice(problem: ApiProblem | null | undefined): Money | undefined {
  const { expected_amount, currency = "INR" } = problem?.said ?? {};
  return expected_amount === undefined ? undefined : moneyOf(expected_amount, currency);
}
