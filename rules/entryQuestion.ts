/** What a mentor who has moved or deleted a session in a calendar of their own can mean by it. */
export const entryQuestions = ["moved", "deleted"] as const;
export type EntryQuestionKind = (typeof entryQuestions)[number];

export const entryAnswers = ["reschedule", "put_back", "cancel", "leave_out"] as const;
export type EntryAnswer = (typeof entryAnswers)[number];

const answersTo: Readonly<Record<EntryQuestionKind, readonly EntryAnswer[]>> = {
  moved: ["reschedule", "put_back"],
  deleted: ["put_back", "leave_out", "cancel"],
};

export function isAnswerTo(question: EntryQuestionKind, answer: EntryAnswer): boolean {
  return answersTo[question].includes(answer);
}
