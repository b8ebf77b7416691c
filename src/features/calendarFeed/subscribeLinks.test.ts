import { expect, it } from "vitest";
import { subscribeLinks } from "./subscribeLinks.ts";

it("subscribes at the feed’s address", () => {
  const url = "https://matepeak.example/calendar/a-b_C.ics";
  const { webcal, google, outlook } = subscribeLinks(url);
  expect(webcal).toBe("webcal://matepeak.example/calendar/a-b_C.ics");
  expect(new URL(google).searchParams.get("cid")).toBe(webcal);
  expect(new URL(outlook).searchParams.get("url")).toBe(url);
  expect(subscribeLinks("http://localhost:3000/calendar/a.ics").webcal).toBe(
    "webcal://localhost:3000/calendar/a.ics",
  );
});
