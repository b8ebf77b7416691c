import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { ApiProblem, type RequestOptions } from "@/lib/api.ts";
import { ownKeys, queryKeys } from "@/lib/queryKeys.ts";

/** What this tab's own saves made of a revision, by mentor and number. Nothing else can have come between the two. */
const ownSteps = new Map<string, number>();

/** The revision that one who has seen this one and what this tab has saved since knows of. */
function knownSince(mentorId: string, seen: number): number {
  let revision = seen;
  for (;;) {
    const next = ownSteps.get(`${mentorId} ${revision}`);
    if (next === undefined) return revision;
    revision = next;
  }
}

/** Sends changes of the hours with the revision they were made from, and tells the rest of the app. */
export function useHoursSaver(mentorId: string) {
  const queryClient = useQueryClient();
  return async function save<T>(seen: number, call: (options: RequestOptions) => Promise<T>): Promise<T> {
    const known = knownSince(mentorId, seen);
    const answer = await call({
      headers: { "if-match": `"${known}"` },
      onAnswer: (headers) => {
        // A proxy that compresses may make it weak: W/"7".
        const [, made] = /"(\d+)"/.exec(headers.get("etag") ?? "") ?? [];
        if (made !== undefined && Number(made) !== known) ownSteps.set(`${mentorId} ${known}`, Number(made));
      },
    });
    void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentorId) });
    void queryClient.invalidateQueries({ queryKey: ownKeys.setup(mentorId) });
    await queryClient.invalidateQueries({ queryKey: ownKeys.hours(mentorId) });
    return answer;
  };
}

/** The revision that what is typed in a form was typed over: while it holds something unsaved, newer ones do not count. */
export function useSeenRevision(latest: number, isDirty: boolean) {
  const seen = useRef(latest);
  if (!isDirty) seen.current = latest;
  return seen;
}

export function isStale(problem: unknown): boolean {
  return problem instanceof ApiProblem && problem.code === "hours_changed";
}
