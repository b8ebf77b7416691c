/** Writing reviews and mentors' replies. */
import { windowDays } from "#rules/windows.ts";
import { count } from "./language.ts";

export const starsInput = {
  /** What one to five stars mean. */
  meanings: ["poor", "fair", "good", "very good", "excellent"],
  option: (stars: number, meaning: string) => `${count(stars, { one: "star", other: "stars" })}: ${meaning}`,
};

/** `mentor` is a first name. */
export const review = {
  own: "Your review",
  ofStudent: "Student’s review",
  opensLater: ({ mentor, opensAt }: { mentor: string; opensAt: string }) =>
    `You can review your session with ${mentor} from ${opensAt}. Until your e-mail address is confirmed, reviews open a day after the session.`,
  rating: "How was it?",
  noRating: "Choose one to five stars.",
  comment: "What would you tell other students?",
  commentHint: (mentor: string) => `Public, with your first name and last initial. ${mentor} may reply.`,
  publish: "Publish review",
  published: "Thanks! Your review is now public.",
  author: ({ author }: { author: string }) => `Posted publicly as ${author}`,
  delete: "Delete",
};

export const deleteReview = {
  title: "Delete your review?",
  lead: ({ mentor }: { mentor: string }) =>
    `This also removes ${mentor}’s reply. You can post a new review until ${count(windowDays("reviewChange"), { one: "day", other: "days" })} after your first one.`,
  keep: "Keep it",
  confirm: "Delete review",
  done: "Review deleted",
};

/** The mentor's public reply. */
export const reviewReply = {
  write: "Reply",
  /** The full name of the button. */
  writeTo: (author: string) => `Reply to ${author}`,
  edit: "Edit reply",
  editTo: (author: string) => `Edit reply to ${author}`,
  label: (author: string) => `Your reply to ${author}`,
  hint: "Everyone can read it.",
  missing: "Write a reply.",
  publish: "Publish",
  published: "Reply published",
  deleted: "Reply deleted",
};
