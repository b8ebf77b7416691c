import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { ApiProblem, type RequestOptions } from "@/lib/api.ts";
import { ownKeys, queryKeys } from "@/lib/queryKeys.ts";

/**
 * The latest unbroken run of this tab's own saves. Saves before a change made elsewhere need not be remembered: a form
 * based on one of those is out of date either way.
 */
export function createSaveRun() {
  let run: { mentorId: string; from: number; to: number } | null = null;
  return {
    /** The newest revision that differs from `base` only by saves of this tab. */
    newestSince: (mentorId: string, base: number): number =>
      run?.mentorId === mentorId && run.from <= base && base <= run.to ? run.to : base,
    add(mentorId: string, before: number, after: number): void {
      run =
        run?.mentorId === mentorId && run.to === before
          ? { ...run, to: after }
          : { mentorId, from: before, to: after };
    },
  };
}

const ownSaves = createSaveRun();

/** Saves changes of the hours together with the revision they are based on, and invalidates what depends on the hours. */
export function useHoursSaver(mentorId: string) {
  const queryClient = useQueryClient();
  return async function save<T>(base: number, call: (options: RequestOptions) => Promise<T>): Promise<T> {
    const known = ownSaves.newestSince(mentorId, base);
    const answer = await call({
      headers: { "if-match": `"${known}"` },
      onAnswer: (headers) => {
        // A compressing proxy may turn it into a weak tag: W/"7".
        const [, made] = /"(\d+)"/.exec(headers.get("etag") ?? "") ?? [];
        if (made !== undefined && Number(made) !== known) ownSaves.add(mentorId, known, Number(made));
      },
    });
    void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentorId) });
    void queryClient.invalidateQueries({ queryKey: ownKeys.setup(mentorId) });
    await queryClient.invalidateQueries({ queryKey: ownKeys.hours(mentorId) });
    return answer;
  };
}

/** The revision that a form's unsaved changes are based on; the latest one while there are none. */
export function useBaseRevision(latest: number, isDirty: boolean) {
  const base = useRef(latest);
  if (!isDirty) base.current = latest;
  return base;
}

export function isStale(problem: unknown): boolean {
  return problem instanceof ApiProblem && problem.code === "hours_changed";
}
