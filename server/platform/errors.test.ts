import { DatabaseError } from "pg";
import { expect, it } from "vitest";
import { constraintOf, refusalFromDatabase } from "./errors.ts";

function errorOf(message: string, fields: Partial<DatabaseError>): DatabaseError {
  return Object.assign(new DatabaseError(message, 0, "error"), { code: "23505", ...fields });
}

it("a constraint is known by its name, on many machines also by a shard's, the message or the hint", () => {
  const known = [
    errorOf("duplicate key", { constraint: "users_email_key" }),
    errorOf("duplicate key", { constraint: "users_email_key_102008" }),
    errorOf('duplicate key value violates unique constraint "users_email_key_102008"', {}),
    errorOf("the address is taken", { hint: "users_email_key" }),
  ];
  expect(known.map(constraintOf)).toEqual(known.map(() => "users_email_key"));
  expect(constraintOf(errorOf("something else", {}))).toBe("");
});

it("taken time is a refusal on one machine and on many; an unknown constraint is a defect", () => {
  const message = 'conflicting key value violates exclusion constraint "occupancies_no_overlap_102544"';
  expect(refusalFromDatabase(errorOf(message, { code: "23P01" }))?.code).toBe("slot_taken");
  expect(refusalFromDatabase(errorOf("no such rule", { code: "23514", hint: "Try it again." }))).toBe(
    undefined,
  );
});
