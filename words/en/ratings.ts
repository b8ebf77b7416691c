/** A mentor's rating, wherever the mentor is shown. */
import { count } from "./language.ts";

export const rating = {
  /** @param stars "4.6" */
  label: (stars: string, reviews: number) =>
    `Rated ${stars} out of 5 (${count(reviews, { one: "review", other: "reviews" })})`,
  reviews: (reviews: number) => `(${count(reviews, { one: "review", other: "reviews" })})`,
};
