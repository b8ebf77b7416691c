import type { Answer } from "../server/testing/answer.ts";
import { countDeadlocks } from "./deadlocks.ts";
import type { Finding } from "./proof.ts";
import type { Stage } from "./stage.ts";

/** The result of one round: how often each code was returned, and the faults. */
export interface Round {
  codes: Readonly<Record<string, number>>;
  faults: readonly string[];
}

export interface Repeated {
  rounds: number;
  /** How many people send a request at the same moment. */
  people: number;
}

/** Returns the problem's code; "created" or "ok" for a success. */
export function codeOf(answer: Answer): string {
  if (answer.status >= 400) return answer.problem().code;
  return answer.status === 201 ? "created" : "ok";
}

export function tally(outcomes: readonly { code: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of outcomes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

export function codesOf(answers: readonly Answer[]): Record<string, number> {
  return tally(answers.map((answer) => ({ code: codeOf(answer) })));
}

/** Plays rounds and adds up their results. A server error, a line in the error log or a deadlock breaks every promise. */
export async function proveRounds(
  stage: Stage,
  promise: string,
  { rounds, people }: Repeated,
  play: (round: number) => Promise<Round>,
): Promise<Finding> {
  const startedAt = performance.now();
  const [deadlocksBefore, logBefore] = [await countDeadlocks(stage.test), stage.errors().length];
  const codes = new Map<string, number>();
  const faults: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const seen = await play(round);
    for (const [code, count] of Object.entries(seen.codes)) codes.set(code, (codes.get(code) ?? 0) + count);
    faults.push(...seen.faults);
  }
  for (const code of ["internal", "overloaded", "database_unavailable"]) {
    if (codes.has(code)) faults.push(`${codes.get(code)} answers ${code}`);
  }
  const deadlocks = (await countDeadlocks(stage.test)) - deadlocksBefore;
  const logged = stage.errors().slice(logBefore);
  if (logged) faults.push(`logged: ${logged.slice(0, 200)}`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return {
    promise,
    figure: [
      `${rounds} rounds of ${people}`,
      [...codes].map(([code, count]) => `${count} ${code}`).join(", "),
      faults.length > 0
        ? `${faults.length} faults (${[...new Set(faults)].slice(0, 3).join("; ")})`
        : "no fault",
      `${deadlocks} deadlocks`,
      `${seconds} s`,
    ].join(" · "),
    holds: faults.length === 0 && deadlocks === 0,
  };
}

/** Turns a proof without one of its guards into a twin: it holds if the proof fails. */
export function asTwin(promise: string, { figure, holds }: Finding): Finding {
  return { promise, figure, holds: !holds, twin: true };
}
