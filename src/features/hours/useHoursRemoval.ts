import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { OwnHours } from "#contract/hours.ts";
import { controls } from "#words/controls.ts";
import type { RequestOptions } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { toastProblem } from "@/ui/useAction.ts";
import { isStale, useHoursSaver } from "./hoursRevision.ts";

type Removal<T> = {
  mentorId: string;
  hours: OwnHours;
  remove: (item: T, options: RequestOptions) => Promise<unknown>;
  /** Puts it back as it was. */
  restore: (item: T, options: RequestOptions) => Promise<unknown>;
  doneWords: string;
  onRemoved: () => void;
};

/** Removes at once, without a question, and offers to take it back. */
export function useHoursRemoval<T extends { id: string }>({
  mentorId,
  hours,
  remove,
  restore,
  doneWords,
  onRemoved,
}: Removal<T>) {
  const save = useHoursSaver(mentorId);
  const queryClient = useQueryClient();
  // What is shown is not what is there.
  const refused = (problem: Error) => {
    showProblem(problem);
    void queryClient.invalidateQueries({ queryKey: ownKeys.hours(mentorId) });
  };
  const takeBack = useMutation({
    // The offer is made over what this removal has left, so the revision before it is the one that was seen.
    mutationFn: ({ item, seen }: { item: T; seen: number }) =>
      save(seen, (options) => restore(item, options)),
    onSuccess: () => toast.success("It is back."),
    onError: refused,
  });
  return useMutation({
    mutationFn: (item: T) => save(hours.hours_revision, (options) => remove(item, options)),
    onSuccess: (_, item) => {
      const seen = hours.hours_revision;
      toast.success(doneWords, {
        action: { label: controls.undo, onClick: () => takeBack.mutate({ item, seen }) },
      });
      onRemoved();
    },
    onError: refused,
  });
}

function showProblem(problem: Error): void {
  if (isStale(problem)) {
    toast.error("Your hours were changed elsewhere.", {
      description: "Nothing was changed from here. Please look again.",
    });
    return;
  }
  toastProblem(problem);
}
