import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../platform/clock.ts";
import { openTestSender } from "../testing/mail.ts";
import type { TestSmtpServer } from "../testing/smtpServer.ts";
import { openTestApp, type TestApp, testConfig } from "../testing/testApp.ts";
import { writeAccountMail } from "./accountMail.ts";
import { localTransport } from "./transport.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp({ devMail: true });
  await writeAccountMail(
    { database: test.db.database, now: systemClock, secret: testConfig.authSecret },
    {
      kind: "code_sign_in",
      to: "asha@example.com",
      code: "730164",
      name: "</title><script>alert(1)</script>",
    },
  );
  const sender = openTestSender(test.db, {} as TestSmtpServer, {
    transport: localTransport(test.db.database.commands),
  });
  expect(await sender.drain()).toBe(1);
  await sender.stop();
});
afterAll(() => test.close());

const get = (url: string, app = test.app) => app.inject({ method: "GET", url });
const newest = async () =>
  (await get("/dev/mail.json?to=asha@example.com")).json<{ data: { id: string; text: string }[] }>().data[0]!;

describe("the local mailbox", () => {
  it("shows mails to developers: as a list, whole, and for scripts", async () => {
    expect((await get("/dev/mail")).body).toContain("asha@example.com");
    const { id, text } = await newest();
    expect(text).toContain("730164");
    const page = await get(`/dev/mail/${id}`);
    expect(page.body).toContain("730164");
    expect(page.body).toContain("Auto-Submitted: auto-generated");
    expect(page.body).not.toContain("<script>");
    expect((await get(`/dev/mail/${id}/source`)).headers["content-type"]).toBe("text/plain; charset=utf-8");
  });

  it("shows a mail's HTML as restricted as a mail program does", async () => {
    const { id } = await newest();
    const { headers, body } = await get(`/dev/mail/${id}/html`);
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'.*sandbox/);
    expect(headers["cache-control"]).toBe("no-store");
    expect(body).toContain("730164");
  });

  it.each([
    "/dev/mail/00000000-0000-4000-8000-000000000000",
    "/dev/mail/00000000-0000-4000-8000-000000000000/html",
  ])("has no %s", async (url) => {
    expect((await get(url)).statusCode).toBe(404);
  });

  it("refuses an id and an address that are none", async () => {
    expect((await get("/dev/mail/1")).statusCode).toBe(404);
    expect((await get("/dev/mail.json?to=nothing")).statusCode).toBe(422);
  });

  it("keeps no mail of an app with a mail server, and does not exist there", async () => {
    const other = await openTestApp();
    const { id } = await newest();
    for (const url of [
      "/dev/mail",
      "/dev/mail.json",
      `/dev/mail/${id}`,
      `/dev/mail/${id}/html`,
      `/dev/mail/${id}/source`,
    ])
      expect((await get(url, other.app)).statusCode).toBe(404);
    await other.close();
  });
});
