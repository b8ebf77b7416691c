import { expect, it } from "vitest";
import { wholeUrl } from "./meetingForm.ts";

it.each([
  [" meet.example.com/asha ", "https://meet.example.com/asha"],
  ["zoom.us", "https://zoom.us"],
  ["meet.example.com:8443/x?y#z", "https://meet.example.com:8443/x?y#z"],
  ["https://meet.example.com", "https://meet.example.com"],
  ["http://meet.example.com", "http://meet.example.com"],
  ["javascript:alert(1)", "javascript:alert(1)"],
  ["asha@meet.example.com", "asha@meet.example.com"],
  ["my room", "my room"],
  ["", ""],
])("%j is sent as %j", (text, url) => {
  expect(wholeUrl(text)).toBe(url);
});
