import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";
import { ApiProblem } from "@/lib/api";
import { useMentorAccount } from "./useMentorAccount";

type Removal<T> = {
  mentorId: string;
  remove: (item: T) => Promise<unknown>;
  /** Puts it back as it was. */
  restore: (item: T) => Promise<unknown>;
  doneWords: string;
  onRemoved: () => void;
};

/** Removes at once, without a question, and offers to take it back. */
export function useRemoval<T extends { id: string }>({
  mentorId,
  remove,
  restore,
  doneWords,
  onRemoved,
}: Removal<T>) {
  const account = useMentorAccount();
  const takeBack = useMutation({
    mutationFn: restore,
    onSuccess: () => toast.success("It is back."),
    onError: showProblem,
    onSettled: () => account.hoursChanged(mentorId),
  });
  return useMutation({
    mutationFn: remove,
    onSuccess: async (_, item) => {
      await account.hoursChanged(mentorId);
      toast.success(doneWords, { action: { label: "Undo", onClick: () => takeBack.mutate(item) } });
      onRemoved();
    },
    onError: (problem) => {
      showProblem(problem);
      void account.hoursChanged(mentorId);
    },
  });
}

function showProblem(problem: Error): void {
  toast.error("That did not work.", {
    description: problem instanceof ApiProblem ? problem.detail : "Please try again.",
  });
}
