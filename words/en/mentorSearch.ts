/** The home page: searching mentors and the list of results. */
import { count } from "./language.ts";

export const mentorSearch = {
  page: "Find a mentor",
  hero: ({ promise }: { promise: string }) => `Book a mentor at a time that ${promise}.`,
  promise: "actually works",
  lead: "Every time shown is open, in your time zone.",
  label: "Search mentors",
  placeholder: "React, system design, Asha…",
  clear: "Clear search",
  expertise: "Expertise",
};

export const mentorList = {
  all: "Mentors you can book",
  matching: "Matching mentors",
  loading: "Loading mentors…",
  failed: "Couldn’t load mentors",
  moreFailed: "Couldn’t load more mentors.",
  noMatch: "No mentors found",
  tryAgain: "Try another word, or look at all mentors.",
  showAll: "Show all mentors",
  none: "No mentors yet",
  /** Announced when a search has results. */
  found: (mentors: number) => `${count(mentors, { one: "mentor", other: "mentors" })} found`,
};
