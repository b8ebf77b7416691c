import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { useId } from "react";
import type { StudentNote } from "#contract/students.ts";
import { textLimits } from "#rules/limits.ts";
import { controls } from "#words/controls.ts";
import { noteConflict, noteStates, notes } from "#words/students.ts";
import { formatTime } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { noteQuery } from "./queries.ts";
import { type NoteState, useNote } from "./useNote.ts";

type PrivateNotesProps = {
  mentorId: string;
  studentId: string;
  studentName: string;
  /** The mentor's zone. */
  timeZone: string;
};

const { studentNote: longest } = textLimits;

/** A mentor's notes about a student, which only the mentor can see. */
export function PrivateNotes({ mentorId, studentId, studentName, timeZone }: PrivateNotesProps) {
  const id = useId();
  const { data, error, refetch } = useQuery(noteQuery(mentorId, studentId));
  return (
    <Card className="p-4 sm:p-5">
      <section aria-labelledby={id}>
        <h2 id={id} className="text-heading">
          {notes.title}
        </h2>
        <p className="mb-3 flex items-center gap-1.5 text-sm text-ink-soft">
          <Lock aria-hidden className="size-4 shrink-0" />
          {notes.private(studentName)}
        </p>
        {data ? (
          <Editor key={studentId} loaded={data} labelledBy={id} studentId={studentId} timeZone={timeZone} />
        ) : error ? (
          <p role="alert" className="flex flex-wrap items-center gap-3">
            {notes.failed}
            <Button variant="secondary" size="sm" onClick={() => refetch()}>
              {controls.tryAgain}
            </Button>
          </p>
        ) : (
          <div role="status">
            <span className="sr-only">{notes.loading}</span>
            <Skeleton className="h-28 w-full" />
          </div>
        )}
      </section>
    </Card>
  );
}

type EditorProps = { loaded: StudentNote; labelledBy: string; studentId: string; timeZone: string };

function Editor({ loaded, labelledBy, studentId, timeZone }: EditorProps) {
  const { body, state, choice, saved_at, write, retry, keepBoth, overwrite } = useNote(studentId, loaded);
  // Typing stops at the limit; two versions kept together may exceed it.
  const excess = body.length - longest;
  return (
    <>
      <Textarea
        aria-labelledby={labelledBy}
        value={body}
        maxLength={longest}
        onChange={(event) => write(event.target.value)}
        placeholder={notes.placeholder}
      />
      {state === "stale" ? (
        <Alert tone="warning" title={noteConflict.title} className="mt-3">
          <p>{noteConflict.text}</p>
          {choice === "failed" && (
            <p role="alert" className="mt-2 font-semibold">
              {noteConflict.failed}
            </p>
          )}
          <div className="mt-3 flex flex-wrap gap-2">
            <Button size="sm" pending={choice === "pending"} onClick={keepBoth}>
              {noteConflict.keepBoth}
            </Button>
            <Button size="sm" variant="secondary" disabled={choice === "pending"} onClick={overwrite}>
              {noteConflict.keepMine}
            </Button>
          </div>
        </Alert>
      ) : (
        <p role="status" className="mt-1.5 flex min-h-9 flex-wrap items-center gap-3 text-sm text-ink-soft">
          {excess > 0 ? notes.tooLong(excess) : stateText(state, saved_at, timeZone)}
          {state === "failed" && excess <= 0 && (
            <Button size="sm" variant="secondary" onClick={retry}>
              {controls.tryAgain}
            </Button>
          )}
        </p>
      )}
    </>
  );
}

function stateText(state: Exclude<NoteState, "stale">, saved_at: string | null, timeZone: string): string {
  switch (state) {
    case "rest":
      return saved_at ? noteStates.saved : noteStates.unsaved;
    case "saving":
      return noteStates.saving;
    case "saved":
      return saved_at ? noteStates.savedAt(formatTime(saved_at, timeZone)) : noteStates.saved;
    case "failed":
      return noteStates.failed;
    default:
      return state satisfies never;
  }
}
