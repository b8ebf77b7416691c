import { useEffect, useState } from "react";
import type { StudentNote } from "#contract/students.ts";
import { ApiProblem, api } from "@/lib/api.ts";
import { clearDraft, readDraft, writeDraft } from "@/lib/drafts.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { useDebounced } from "@/lib/useDebounced.ts";
import { saveNote } from "./queries.ts";

/** `stale`: another tab or device saved another version, and the mentor has to decide which to keep. */
export type NoteState = "rest" | "saving" | "saved" | "failed" | "stale";

/** How long after the last keystroke the note is saved. */
const REST_MS = 800;

/** A note that saves automatically and never loses text: see docs/decisions/0016. */
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

  async function save(text: string, over: StudentNote): Promise<void> {
    setState("saving");
    try {
      const now = await saveNote(studentId, { body: text, revision: over.revision });
      setSaved(now);
      // The server normalizes the text. Without its version, the note would count as unsaved for ever.
      setBody((typed) => (typed === text ? now.body : typed));
      setState("saved");
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      setState(problem.code === "note_changed" ? "stale" : "failed");
    }
  }

  // Text typed during a save is saved once that ends.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a pause in typing and a finished save trigger it.
  useEffect(() => {
    if (settled !== body || settled === saved.body || state === "saving" || state === "stale") return;
    void save(settled, saved);
  }, [settled, saved]);

  useEffect(() => {
    if (body === saved.body) clearDraft(key);
    else writeDraft(key, { body, revision: saved.revision });
  }, [key, body, saved]);

  /** Continues from the newest revision; the effect above then saves the text. */
  async function continueOver(join: (newer: string, typed: string) => string): Promise<void> {
    setChoice("pending");
    try {
      const newer = await readNewer(studentId);
      // The text may have changed while the newer version was loading.
      setBody((typed) => join(newer.body, typed));
      setSaved(newer);
      setState("rest");
      setChoice("open");
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      // Still stale: a plain retry would overwrite the other version without a decision.
      setChoice("failed");
    }
  }

  const isAtRest = state === "rest" || state === "saved";
  return {
    body,
    /** Text that waits for the pause counts as being saved. */
    state: isAtRest && body !== saved.body ? "saving" : state,
    /** The state of the decision about a stale note. */
    choice,
    saved_at: saved.updated_at,
    write: setBody,
    retry: () => save(body, saved),
    /** Saves both versions, with the other one first. */
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
