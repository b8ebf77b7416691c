import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { OwnHours } from "#contract/ownHours.ts";
import { controls } from "#words/controls.ts";
import { hoursRemoval } from "#words/hours.ts";
import type { RequestOptions } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { toastProblem } from "@/ui/useAction.ts";
import { isStale, useHoursSaver } from "./hoursRevision.ts";

type Removal<T> = {
  mentorId: string;
  hours: OwnHours;
  remove: (item: T, options: RequestOptions) => Promise<unknown>;
  /** Adds it again as it was. */
  restore: (item: T, options: RequestOptions) => Promise<unknown>;
  removedMessage: string;
  onRemoved: () => void;
};

/** Removes an item without asking first, and offers to undo it. */
export function useHoursRemoval<T extends { id: string }>({
  mentorId,
  hours,
  remove,
  restore,
  removedMessage,
  onRemoved,
}: Removal<T>) {
  const save = useHoursSaver(mentorId);
  const queryClient = useQueryClient();
  // The page shows something else than what is saved.
  const refused = (problem: Error) => {
    showProblem(problem);
    void queryClient.invalidateQueries({ queryKey: ownKeys.hours(mentorId) });
  };
  const takeBack = useMutation({
    // Based on the revision before the removal, which this tab made itself: a later change elsewhere is still noticed.
    mutationFn: ({ item, seen }: { item: T; seen: number }) =>
      save(seen, (options) => restore(item, options)),
    onSuccess: () => toast.success(hoursRemoval.restored),
    onError: refused,
  });
  return useMutation({
    mutationFn: (item: T) => save(hours.hours_revision, (options) => remove(item, options)),
    onSuccess: (_, item) => {
      const seen = hours.hours_revision;
      toast.success(removedMessage, {
        action: { label: controls.undo, onClick: () => takeBack.mutate({ item, seen }) },
      });
      onRemoved();
    },
    onError: refused,
  });
}

function showProblem(problem: Error): void {
  if (isStale(problem)) {
    toast.error(hoursRemoval.stale, { description: hoursRemoval.staleDetail });
    return;
  }
  toastProblem(problem);
}
