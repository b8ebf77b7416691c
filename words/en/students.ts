/** A mentor's students, and the private notes about them. */
import { count } from "./language.ts";

export const studentList = {
  title: "Students",
  failed: "Couldn’t load your students",
  loading: "Loading your students…",
  search: "Find a student",
  searchHint: "Name or e-mail",
  /** Announced after a search. */
  found: (students: number) => `${count(students, { one: "student", other: "students" })} found`,
  noMatch: (text: string) => `No students match “${text}”.`,
  none: "No students yet",
  noneText: "Students who book with you will appear here.",
  /** @param day such as "Fri, 27 Nov" */
  next: (day: string) => `Next session ${day}`,
  last: (day: string) => `Last session ${day}`,
  noSession: "No sessions yet",
  held: (sessions: number) => `${count(sessions, { one: "session", other: "sessions" })} held`,
  notes: "Notes",
};

export const studentPage = {
  failed: "Couldn’t load this student",
  all: "All students",
  sessions: "Sessions",
  sessionsFailed: "Couldn’t load the sessions",
  missing: "We can’t find this student",
  missingText: "The link may be incomplete, or this student hasn’t booked with you.",
};

export const notes = {
  title: "Private notes",
  /** @param student first name */
  private: (student: string) => `Only you can see your notes about ${student}.`,
  loading: "Loading your notes…",
  failed: "Couldn’t load your notes.",
  placeholder: "Goals, what you agreed on, what to ask next time…",
  tooLong: (characters: number) =>
    `Too long by ${count(characters, { one: "character", other: "characters" })}. Shorten your notes to save them.`,
};

export const noteStates = {
  unsaved: "Saves automatically",
  saving: "Saving…",
  saved: "Saved",
  savedAt: (time: string) => `Saved at ${time}`,
  failed: "Not saved yet. Your text is kept on this device.",
};

/** The notes were changed in another tab or on another device. */
export const noteConflict = {
  title: "These notes changed in another tab",
  text: "Another tab or device saved a different version. Nothing you have typed is lost.",
  failed: "Couldn’t load the other version. Check your connection and choose again.",
  keepBoth: "Keep both",
  keepMine: "Keep mine",
};
