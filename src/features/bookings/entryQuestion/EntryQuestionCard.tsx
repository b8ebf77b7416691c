import { useQuery } from "@tanstack/react-query";
import { CalendarSync } from "lucide-react";
import { useState } from "react";
import type { EntryQuestion } from "#contract/sessionEntries.ts";
import type { EntryAnswer } from "#rules/entryQuestion.ts";
import {
  entryAnswers,
  entryQuestions,
  groupAnswers,
  groupQuestions,
  notRescheduled,
} from "#words/entryQuestion.ts";
import { MentorCancelDialog } from "@/features/bookings/mentor/MentorCancelDialog.tsx";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { QuestionCard } from "@/ui/QuestionCard.tsx";
import { useEntryAnswer } from "@/ui/useEntryAnswer.ts";
import { withElements } from "@/ui/withElements.tsx";
import { answerEntryQuestion, entryQuestionQuery } from "./api.ts";

type EntryQuestionCardProps = { side: SessionSide; focusAfter: () => void };

/** Asks a mentor what it means that they moved or deleted the session in their calendar; nothing if they did neither. */
export function EntryQuestionCard({ side, focusAfter }: EntryQuestionCardProps) {
  const { data: question } = useQuery(entryQuestionQuery(side.booking.id));
  if (!question) return null;
  if (question.group_session_id !== null)
    return <GroupQuestion question={question} groupId={question.group_session_id} timeZone={side.timeZone} />;
  return <OpenQuestion key={question.id} {...{ side, focusAfter, question }} />;
}

type GroupQuestionProps = { question: EntryQuestion; groupId: string; timeZone: string };

/** What is meant for everyone is answered where everyone is listed. */
function GroupQuestion({ question, groupId, timeZone }: GroupQuestionProps) {
  return (
    <QuestionCard Icon={CalendarSync} title={entryQuestions[question.kind].title}>
      <p className="break-words">
        {withElements(groupQuestions[question.kind], {
          calendar: <bdi>{question.calendar}</bdi>,
          time: question.moved_to === null ? "" : formatDayAndTime(question.moved_to, timeZone),
        })}
      </p>
      <Link to={groupPaths.roster(groupId)} className={buttonVariants()}>
        {groupAnswers.see}
      </Link>
    </QuestionCard>
  );
}

function OpenQuestion({ side, focusAfter, question }: EntryQuestionCardProps & { question: EntryQuestion }) {
  const { booking, timeZone, other } = side;
  const [isCancelling, setIsCancelling] = useState(false);
  const changes = useMentorChanges();
  const step = booking.status === "pending" ? "decline" : "cancel";

  const { give, answer } = useEntryAnswer({
    questionId: question.id,
    send: (wanted) => answerEntryQuestion(booking.id, wanted),
    refresh: () => changes.sessionsChanged(booking.expert_id),
    focusAfter,
  });
  const button = (what: EntryAnswer, label: string, variant: "primary" | "secondary" = "secondary") => (
    <Button
      variant={variant}
      pending={answer.pendingArgs?.[0] === what}
      disabled={answer.isPending}
      onClick={() => void answer.run(what)}
    >
      {label}
    </Button>
  );
  const time = question.moved_to === null ? "" : formatDayAndTime(question.moved_to, timeZone);

  return (
    <QuestionCard
      Icon={CalendarSync}
      title={entryQuestions[question.kind].title}
      dialogs={
        isCancelling && (
          <MentorCancelDialog
            step={{ booking, action: step }}
            timeZone={timeZone}
            onClose={() => setIsCancelling(false)}
            onConfirm={(reason) => give("cancel", reason)}
            focusAfter={focusAfter}
          />
        )
      }
    >
      <p className="break-words">
        {withElements(entryQuestions[question.kind].text, {
          calendar: <bdi>{question.calendar}</bdi>,
          time: <strong className="font-semibold">{time}</strong>,
          student: <bdi>{other.name}</bdi>,
        })}
      </p>
      {answer.problem && (
        <Alert tone="bad" title={answer.problem.detail}>
          {question.kind === "moved" && <p>{notRescheduled}</p>}
        </Alert>
      )}
      <div className="flex flex-wrap gap-2">
        {question.kind === "moved" ? (
          <>
            {button("reschedule", entryAnswers.reschedule(time), "primary")}
            {button("put_back", entryAnswers.put_back)}
          </>
        ) : (
          <>
            {button("put_back", entryAnswers.put_back, "primary")}
            {button("leave_out", entryAnswers.leave_out)}
            <Button variant="secondary" disabled={answer.isPending} onClick={() => setIsCancelling(true)}>
              {entryAnswers[step]}
            </Button>
          </>
        )}
      </div>
    </QuestionCard>
  );
}
