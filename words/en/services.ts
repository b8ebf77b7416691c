import { count } from "./language.ts";

export const sessionTypes = {
  oneOnOneSession: "1:1 session",
  groupSession: "Group session",
  chatAdvice: "Chat advice",
};

export const capacity = (people: number) => `Up to ${count(people, { one: "person", other: "people" })}`;
