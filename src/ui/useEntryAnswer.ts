import type { AnswerEntryQuestion } from "#contract/sessionEntries.ts";
import type { EntryAnswer } from "#rules/entryQuestion.ts";
import { entryAnswered } from "#words/entryQuestion.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { toast } from "@/lib/toast.ts";
import { useAction } from "./useAction.ts";

interface EntryAnswering {
  questionId: string;
  /** @throws ApiProblem */
  send: (answer: AnswerEntryQuestion) => Promise<unknown>;
  refresh: () => Promise<unknown>;
  focusAfter: () => void;
}

/** Answers what a change in the mentor's calendar is to mean: at once by `answer`, or by `give` from a dialog with a reason. */
export function useEntryAnswer({ questionId, send, refresh, focusAfter }: EntryAnswering) {
  /** @throws ApiProblem */
  const give = async (answer: EntryAnswer, reason?: string): Promise<void> => {
    const wanted = { question_id: questionId, answer, ...(reason && { reason }) };
    await refreshIfRefused(send(wanted), refresh);
    await refresh();
    toast.success(entryAnswered[answer]);
  };
  const answer = useAction(
    async (what: EntryAnswer) => {
      await give(what);
      focusAfter();
    },
    { inPlace: true },
  );
  return { give, answer };
}
