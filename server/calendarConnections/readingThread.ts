import { calendarLimits } from "#rules/limits.ts";
import { ThreadTooSlow, type WorkThread } from "../platform/workThread.ts";
import { CalendarProblem } from "./provider.ts";

/** What is left of the time in which a connection's data may be read, ms. */
export interface Effort {
  leftMs: number;
}

export const wholeEffort = (): Effort => ({ leftMs: calendarLimits.readingMs });

/** @throws CalendarProblem `too_large` if it takes more time than is left, or too much memory */
export async function askInTime<Question, Reply>(
  thread: WorkThread<Question, Reply>,
  question: Question,
  effort: Effort = wholeEffort(),
): Promise<Reply> {
  if (effort.leftMs <= 0) throw tooSlow();
  const { reply, ms } = await thread.ask(question, effort.leftMs).catch(explain);
  effort.leftMs -= ms;
  return reply;
}

function explain(error: unknown): never {
  const isOutOfMemory =
    error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  if (error instanceof ThreadTooSlow || isOutOfMemory) throw tooSlow();
  throw error;
}

function tooSlow(): CalendarProblem {
  return new CalendarProblem("too_large", { detail: "reading it takes too long" });
}
