import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { withElements } from "./withElements.tsx";

const text = (node: React.ReactNode) =>
  renderToStaticMarkup(<p>{node}</p>).replace(/<\/?(?!b\b)[^/][^>]*>|<\/(?!b>)\w+[^>]*>/g, "");

it("puts elements where the sentence has its parts", () => {
  const sentence = ({ who, what }: { who: string; what: string }) => `${what}, booked by ${who}.`;
  expect(text(withElements(sentence, { who: <b>Asha</b>, what: "CV review" }))).toBe(
    "CV review, booked by <b>Asha</b>.",
  );
});

it("repeats a part that the sentence repeats, and shows a sentence without parts", () => {
  expect(text(withElements(({ who }: { who: string }) => `${who} and ${who}`, { who: <b>A</b> }))).toBe(
    "<b>A</b> and <b>A</b>",
  );
  expect(text(withElements(() => "Nothing here.", {}))).toBe("Nothing here.");
});
