import { expect, it } from "vitest";
import { type PlaceForm, placeFormOf, placeOfForm } from "./placeForm.ts";

const filled: PlaceForm = {
  kind: "link",
  calls: "student",
  phone: " +91 98450 12345 ",
  address: " 12 MG Road ",
  map_url: "maps.example.com/12",
  shows_details: true,
};

it.each([
  [{ kind: "default" }, null],
  [{ kind: "zoom" }, { kind: "zoom" }],
  [{ kind: "phone" }, { kind: "phone", caller: "student", phone: "+91 98450 12345", shows_details: true }],
  [
    { kind: "phone", calls: "mentor" },
    { kind: "phone", caller: "mentor" },
  ],
  [
    { kind: "in_person" },
    { kind: "in_person", address: "12 MG Road", map_url: "https://maps.example.com/12", shows_details: true },
  ],
  [
    { kind: "in_person", map_url: " " },
    { kind: "in_person", address: "12 MG Road", map_url: null, shows_details: true },
  ],
] as const)("of a form with %j only what belongs to the kind is sent", (change, sent) => {
  expect(placeOfForm({ ...filled, ...change })).toEqual(sent);
});

it("shows a service without a choice as the others", () => {
  expect(placeFormOf(null).kind).toBe("default");
});
