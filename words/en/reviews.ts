/** Reviews as everyone reads them. */
import { count } from "./language.ts";

export const reviewList = {
  title: "Reviews",
  lead: "What your students say. Your replies are public too.",
  none: "No reviews yet",
  whenReviewed: "Students can review a session once it’s completed.",
  loading: "Loading reviews…",
  failed: "Couldn’t load reviews.",
  more: "Show more reviews",
  repliedBy: ({ mentor }: { mentor: string }) => `${mentor} replied`,
  count: (reviews: number) => count(reviews, { one: "review", other: "reviews" }),
};

export const stars = {
  count: (stars: number) => count(stars, { one: "star", other: "stars" }),
  /** @param rating "4" or "4.5" */
  outOfFive: (rating: string) => `${rating} out of 5 stars`,
};
