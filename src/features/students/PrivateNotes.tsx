import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { useId } from "react";
import type { StudentNote } from "#contract/students.ts";
import { textLimits } from "#rules/limits.ts";
import { formatTime } from "@/lib/time.ts";
import { countWords } from "@/lib/words.ts";
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
  /** Of the mentor who writes. */
  timeZone: string;
};

const { studentNote: longest } = textLimits;

/** What a mentor writes down about a student, for himself alone. */
export function PrivateNotes({ mentorId, studentId, studentName, timeZone }: PrivateNotesProps) {
  const id = useId();
  const { data, error, refetch } = useQuery(noteQuery(mentorId, studentId));
  return (
    <Card className="p-4 sm:p-5">
      <section aria-labelledby={id}>
        <h2 id={id} className="text-heading">
          Private notes
        </h2>
        <p className="mb-3 flex items-center gap-1.5 text-sm text-ink-soft">
          <Lock aria-hidden className="size-4 shrink-0" />
          Only you see what you write about {studentName}.
        </p>
        {data ? (
          <Editor key={studentId} loaded={data} labelledBy={id} studentId={studentId} timeZone={timeZone} />
        ) : error ? (
          <p role="alert" className="flex flex-wrap items-center gap-3">
            Your notes could not be loaded.
            <Button variant="secondary" size="sm" onClick={() => refetch()}>
              Try again
            </Button>
          </p>
        ) : (
          <div role="status">
            <span className="sr-only">Loading your notes…</span>
            <Skeleton className="h-28 w-full" />
          </div>
        )}
      </section>
    </Card>
  );
}

type EditorProps = { loaded: StudentNote; labelledBy: string; studentId: string; timeZone: string };

function Editor({ loaded, labelledBy, studentId, timeZone }: EditorProps) {
  const { body, state, choice, savedAt, write, retry, keepBoth, overwrite } = useNote(studentId, loaded);
  // Typing stops at the limit; two pages put together may lie beyond it.
  const excess = body.length - longest;
  return (
    <>
      <Textarea
        aria-labelledby={labelledBy}
        value={body}
        maxLength={longest}
        onChange={(event) => write(event.target.value)}
        placeholder="Goals, what you agreed on, what to ask next time…"
      />
      {state === "stale" ? (
        <Alert tone="warning" title="These notes were changed elsewhere" className="mt-3">
          <p>Another tab or device has saved other words. Nothing that you typed here is lost.</p>
          {choice === "failed" && (
            <p role="alert" className="mt-2 font-semibold">
              The other words could not be loaded. Check your connection and choose again.
            </p>
          )}
          <div className="mt-3 flex flex-wrap gap-2">
            <Button size="sm" pending={choice === "pending"} onClick={keepBoth}>
              Keep both
            </Button>
            <Button size="sm" variant="secondary" disabled={choice === "pending"} onClick={overwrite}>
              Save mine over them
            </Button>
          </div>
        </Alert>
      ) : (
        <p role="status" className="mt-1.5 flex min-h-9 flex-wrap items-center gap-3 text-sm text-ink-soft">
          {excess > 0
            ? `Too long by ${countWords(excess, "character")}: shorten it, then it is saved.`
            : wordsOf(state, savedAt, timeZone)}
          {state === "failed" && excess <= 0 && (
            <Button size="sm" variant="secondary" onClick={retry}>
              Try again
            </Button>
          )}
        </p>
      )}
    </>
  );
}

function wordsOf(state: Exclude<NoteState, "stale">, savedAt: string | null, timeZone: string): string {
  switch (state) {
    case "rest":
      return savedAt ? "Saved." : "Saved by itself while you type.";
    case "saving":
      return "Saving…";
    case "saved":
      return savedAt ? `Saved at ${formatTime(savedAt, timeZone)} (your time).` : "Saved.";
    case "failed":
      return "Not saved yet. What you typed is kept on this device.";
    default:
      return state satisfies never;
  }
}
