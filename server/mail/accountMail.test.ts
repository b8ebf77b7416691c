import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../platform/clock.ts";
import { openTestDatabase, type TestDatabase } from "../testing/testDatabase.ts";
import { codeSealer, writeAccountMail } from "./accountMail.ts";

const secret = "a secret for tests that is long enough";
let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

describe("a mail about an account", () => {
  it("holds its code sealed, and expires with it", async () => {
    const mail = { kind: "code_sign_in", to: "asha@example.com", code: "123456" } as const;
    await writeAccountMail({ database: db.database, now: systemClock, secret }, mail);
    const { rows } = await db.owner.query(
      "select *, expires_at - created_at as life from private.deliveries where address = 'asha@example.com'",
    );
    expect(rows).toHaveLength(1);
    const [{ sealed_code, content, life, is_urgent, state }] = rows;
    expect(codeSealer(secret).open(sealed_code)).toBe("123456");
    expect(JSON.stringify(content)).not.toContain("123456");
    expect(life.minutes === 10 || life.minutes === 9).toBe(true);
    expect([is_urgent, state]).toEqual([true, "waiting"]);
  });

  it("is written each time: every call is an occasion", async () => {
    const mail = { kind: "password_changed", to: "ravi@example.com" } as const;
    for (let times = 0; times < 2; times++)
      await writeAccountMail({ database: db.database, now: systemClock, secret }, mail);
    const { rows } = await db.owner.query(
      "select from private.deliveries where address = 'ravi@example.com'",
    );
    expect(rows).toHaveLength(2);
  });
});
