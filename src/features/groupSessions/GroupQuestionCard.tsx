import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CalendarSync } from "lucide-react";
import { useState } from "react";
import type { OwnGroupSession } from "#contract/groupSessions.ts";
import type { EntryQuestion } from "#contract/sessionEntries.ts";
import type { EntryAnswer } from "#rules/entryQuestion.ts";
import { moneyOf } from "#rules/money.ts";
import { entryAnswers, entryQuestions, groupAnswers, groupQuestions } from "#words/entryQuestion.ts";
import { groupForms } from "#words/groupSessions.ts";
import { formatAmount } from "@/lib/money.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { QuestionCard } from "@/ui/QuestionCard.tsx";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import { useEntryAnswer } from "@/ui/useEntryAnswer.ts";
import { withElements } from "@/ui/withElements.tsx";
import { answerGroupQuestion } from "./api.ts";
import { groupQuestionQuery } from "./queries.ts";

type GroupQuestionCardProps = { session: OwnGroupSession; timeZone: string; focusAfter: () => void };

/** Asks a mentor what it means that they moved or deleted a group session in their calendar; nothing if they did neither. */
export function GroupQuestionCard(props: GroupQuestionCardProps) {
  const { data: question } = useQuery(groupQuestionQuery(props.session.id));
  return question ? <OpenQuestion key={question.id} {...props} question={question} /> : null;
}

function OpenQuestion({
  session,
  timeZone,
  focusAfter,
  question,
}: GroupQuestionCardProps & { question: EntryQuestion }) {
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<"reschedule" | "cancel" | null>(null);

  const { give, answer } = useEntryAnswer({
    questionId: question.id,
    send: (wanted) => answerGroupQuestion(session.id, wanted),
    refresh: () => queryClient.invalidateQueries({ queryKey: queryKeys.bookings }),
    focusAfter,
  });
  const button = (what: EntryAnswer, variant: "primary" | "secondary") => (
    <Button
      variant={variant}
      pending={answer.pendingArgs?.[0] === what}
      disabled={answer.isPending}
      onClick={() => void answer.run(what)}
    >
      {what === "leave_out" ? entryAnswers.leave_out : entryAnswers.put_back}
    </Button>
  );
  const time = question.moved_to === null ? "" : formatDayAndTime(question.moved_to, timeZone);
  const money = session.revenue === 0 ? null : formatAmount(moneyOf(session.revenue, session.currency));

  return (
    <QuestionCard
      Icon={CalendarSync}
      title={entryQuestions[question.kind].title}
      dialogs={
        <>
          {asked === "reschedule" && (
            <ReasonDialog
              title={groupForms.moveTitle}
              recipient={groupForms.everyone}
              keepLabel={groupForms.keep}
              confirmLabel={groupAnswers.reschedule(time)}
              confirmVariant="primary"
              onClose={() => setAsked(null)}
              onConfirm={(reason) => give("reschedule", reason)}
              focusAfter={focusAfter}
            >
              <p>{groupForms.moveLead(session.seats_taken)}</p>
            </ReasonDialog>
          )}
          {asked === "cancel" && (
            <ReasonDialog
              title={groupForms.cancelTitle}
              recipient={groupForms.everyone}
              keepLabel={groupForms.keep}
              confirmLabel={groupForms.cancel}
              onClose={() => setAsked(null)}
              onConfirm={(reason) => give("cancel", reason)}
              focusAfter={focusAfter}
            >
              <p>{groupForms.cancelLead(session.seats_taken, money)}</p>
            </ReasonDialog>
          )}
        </>
      }
    >
      <p className="break-words">
        {withElements(groupQuestions[question.kind], {
          calendar: <bdi>{question.calendar}</bdi>,
          time: <strong className="font-semibold">{time}</strong>,
        })}
      </p>
      {answer.problem && <Alert tone="bad" title={answer.problem.detail} />}
      <div className="flex flex-wrap gap-2">
        {question.kind === "moved" ? (
          <>
            <Button disabled={answer.isPending} onClick={() => setAsked("reschedule")}>
              {groupAnswers.reschedule(time)}
            </Button>
            {button("put_back", "secondary")}
          </>
        ) : (
          <>
            {button("put_back", "primary")}
            {button("leave_out", "secondary")}
            <Button variant="secondary" disabled={answer.isPending} onClick={() => setAsked("cancel")}>
              {groupAnswers.cancel}
            </Button>
          </>
        )}
      </div>
    </QuestionCard>
  );
}
