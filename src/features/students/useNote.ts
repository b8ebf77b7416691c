import { useEffect, useState } from "react";
import type { StudentNote } from "#contract/students.ts";
import { ApiProblem, api } from "@/lib/api.ts";
import { clearDraft, readDraft, writeDraft } from "@/lib/drafts.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { useDebounced } from "@/lib/useDebounced.ts";
import { saveNote } from "./queries.ts";

/** `stale`: somebody else, another tab perhaps, has saved other words; what is typed here waits for a decision. */
export type NoteState = "rest" | "saving" | "saved" | "failed" | "stale";

/** How long the typing rests before the words are saved. */
const REST_MS = 800;

/** A page of notes that saves itself while one types, and loses no word: see docs/decisions/0016. */
export function useNote(studentId: string, loaded: StudentNote) {
  const key = `note.${studentId}`;
  const [draft] = useState(() => draftOf(readDraft(key)));
  const [saved, setSaved] = useState(loaded);
  const [body, setBody] = useState(draft?.body ?? loaded.body);
  const [state, setState] = useState<NoteState>(
    draft && draft.body !== loaded.body && draft.revision !== loaded.revision ? "stale" : "rest",
  );
  const [choice, setChoice] = useState<"open" | "pending" | "failed">("open");
  const settled = useDebounced(body, REST_MS);
  useUnsavedChanges(body !== saved.body);

  async function save(words: string, over: StudentNote): Promise<void> {
    setState("saving");
    try {
      const now = await saveNote(studentId, { body: words, revision: over.revision });
      setSaved(now);
      // What is stored is in its normal form. Taken as it is, or it would differ from what is typed for ever.
      setBody((typed) => (typed === words ? now.body : typed));
      setState("saved");
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      setState(problem.code === "note_changed" ? "stale" : "failed");
    }
  }

  // Words that were typed while a save was under way are saved when it has ended.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only rested words and a finished save are occasions.
  useEffect(() => {
    if (settled !== body || settled === saved.body || state === "saving" || state === "stale") return;
    void save(settled, saved);
  }, [settled, saved]);

  useEffect(() => {
    if (body === saved.body) clearDraft(key);
    else writeDraft(key, { body, revision: saved.revision });
  }, [key, body, saved]);

  /** From the newest revision on what is typed here counts again; the effect above saves it when it rests. */
  async function continueOver(join: (newer: string, typed: string) => string): Promise<void> {
    setChoice("pending");
    try {
      const newer = await readNewer(studentId);
      // Of the words as they are by now: somebody may have gone on typing.
      setBody((typed) => join(newer.body, typed));
      setSaved(newer);
      setState("rest");
      setChoice("open");
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      // Still stale: a plain retry would put these words over the others without a decision.
      setChoice("failed");
    }
  }

  const isAtRest = state === "rest" || state === "saved";
  return {
    body,
    /** Words that still wait for their rest are as little saved as those on their way. */
    state: isAtRest && body !== saved.body ? "saving" : state,
    /** How the decision fares that `stale` waits for. */
    choice,
    savedAt: saved.updated_at,
    write: setBody,
    retry: () => save(body, saved),
    /** Puts the words of elsewhere first and these below them, and saves both. */
    keepBoth: () =>
      continueOver((newer, typed) => (newer.trim() === "" ? typed : `${newer.trimEnd()}\n\n${typed}`)),
    overwrite: () => continueOver((_, typed) => typed),
  };
}

function readNewer(studentId: string): Promise<StudentNote> {
  return api.get(`/api/v1/mentors/me/students/${encodeURIComponent(studentId)}/note`);
}

function draftOf(draft: unknown): { body: string; revision: number } | null {
  if (typeof draft !== "object" || draft === null) return null;
  const { body, revision } = draft as { body?: unknown; revision?: unknown };
  return typeof body === "string" && typeof revision === "number" ? { body, revision } : null;
}
