/** The frame of the mentor’s workspace. */
import { count } from "./language.ts";

export const workspace = {
  title: "Mentor workspace",
  pageTitle: (page: string) => `${page} · Mentor workspace`,
  publicPage: "Your public page",
  requests: (requests: number) => count(requests, { one: "request to answer", other: "requests to answer" }),
};

export const workspaceSections = {
  sessions: "Sessions",
  students: "Students",
  hours: "Hours",
  services: "Services",
  groups: "Groups",
  offers: "Offers",
  earnings: "Earnings",
  reviews: "Reviews",
  profile: "Profile",
};
