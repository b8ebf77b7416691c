import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { moneyOf } from "#rules/money.ts";
import { runJobs } from "../../testing/jobs.ts";
import { openTestProvider } from "../../testing/paymentProvider.ts";
import { openTestApp, type TestApp } from "../../testing/testApp.ts";
import type { NewOrder } from "../provider.ts";
import { returnPathOf } from "./returnPath.ts";
import type { Sandbox } from "./sandboxProvider.ts";

let test: TestApp;
let sandbox: Sandbox;
beforeAll(async () => {
  test = await openTestApp({ payments: "sandbox" });
  if (!test.sandbox) throw new Error("There is no sandbox.");
  sandbox = test.sandbox;
});
afterAll(() => test.close());

async function createOrder(more: Partial<NewOrder> = {}): Promise<string> {
  const order = await sandbox.createOrder({
    paymentId: randomUUID(),
    amount: moneyOf(1500, "INR"),
    capture: "automatic",
    description: "Mock interview · Asha Rao",
    payer: { name: "Ravi", email: "ravi@example.com" },
    ...more,
  });
  if (order.kind !== "done") throw new Error(order.message);
  return order.value.id;
}
const open = (id: string, back = "/bookings/1") =>
  test.visitor("GET", `/sandbox-checkout/${id}?return=${encodeURIComponent(back)}`);
const act = (id: string, fields: Record<string, string | number>, headers = {}) =>
  test.visitor(
    "POST",
    `/sandbox-checkout/${id}/actions`,
    new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)])).toString(),
    { "content-type": "application/x-www-form-urlencoded", ...headers },
  );
const attemptsOf = async (id: string) => (await sandbox.payer.find(id))?.attempts ?? [];
/** The actions that a page offers. */
const offered = (html: string) =>
  [...html.matchAll(/name="action" value="(\w+)"/g)].map(([, action]) => action);

describe("the page", () => {
  it("says that no money is real, and what is paid to whom", async () => {
    const page = (await open(await createOrder())).expect(200);
    expect(page.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "same-origin",
    });
    for (const text of ["Not real money – sandbox", "₹1,500", "Mock interview · Asha Rao", "MatePeak"]) {
      expect(page.text).toContain(text);
    }
    expect(offered(page.text)).toEqual([
      "pay_upi",
      "pay_card",
      "fail",
      "pay_twice",
      "pay_told_late",
      "pay_later",
    ]);
  });

  it("allows its own style, the icon and nothing else", async () => {
    const page = await open(await createOrder());
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(page.text) ?? [];
    expect(page.headers["content-security-policy"]).toBe(
      `default-src 'none'; img-src 'self'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    expect(page.text).not.toMatch(/<script|\sstyle=|\son\w+=|https?:\/\//);
  });

  it("shows hostile text as text", async () => {
    const id = await createOrder({ description: `"><script>alert(1)</script>'&` });
    const page = (await open(id, `/bookings?x="><img>'`)).expect(200).text;
    expect(page).not.toContain("<script");
    expect(page).not.toContain("<img");
    expect(page).toContain("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;");
  });

  it("of no order is not found", async () => {
    for (const id of ["order_none", "x".repeat(500)]) {
      const page = await test.visitor("GET", `/sandbox-checkout/${id}`);
      expect([id, page.status]).toEqual([id, 404]);
    }
    expect((await test.visitor("GET", "/sandbox-checkout/%00")).status).toBe(422);
    (await act("order_none", { action: "pay_upi" })).problem("not_found");
  });

  it("offers what can follow", async () => {
    const id = await createOrder();
    await act(id, { action: "fail" });
    expect((await open(id)).text).toContain("The bank declined the payment.");
    await act(id, { action: "pay_upi" });
    expect(offered((await open(id)).text)).toEqual(["dispute", "refunds_fail"]);
    await act(id, { action: "refunds_fail" });
    await act(id, { action: "dispute" });
    expect(offered((await open(id)).text)).toEqual(["dispute_won", "dispute_lost", "refunds_succeed"]);
    const closed = await createOrder();
    await sandbox.closeOrder(closed);
    expect(offered((await open(closed)).text)).toEqual(["pay_too_late"]);
  });
});

describe("an action", () => {
  it.each([
    ["pay_upi", [{ state: "captured", method: "upi" }]],
    ["pay_card", [{ state: "captured", method: "card" }]],
    ["pay_twice", [{ state: "captured" }, { state: "captured" }]],
    ["pay_told_late", [{ state: "captured" }]],
    ["pay_later", [{ state: "created" }]],
    ["fail", [{ state: "failed", failure_message: "The bank declined the payment." }]],
  ])("%s is done and leads back", async (action, attempts) => {
    const id = await createOrder();
    const done = (await act(id, { action, return: "/bookings/1?paid=yes" })).expect(303);
    expect(done.headers.location).toBe("/bookings/1?paid=yes");
    expect(await attemptsOf(id)).toMatchObject(attempts);
  });

  it("may be sent as JSON by tests", async () => {
    const id = await createOrder();
    (await test.visitor("POST", `/sandbox-checkout/${id}/actions`, { action: "pay_upi" })).expect(303);
    expect(await attemptsOf(id)).toMatchObject([{ state: "captured" }]);
  });

  it("that is no longer possible changes nothing and says why", async () => {
    const id = await createOrder();
    await act(id, { action: "pay_upi" });
    const again = (await act(id, { action: "pay_card" })).expect(409);
    expect(again.text).toContain('role="alert">This order is paid already.');
    expect(await attemptsOf(id)).toHaveLength(1);
    const closed = await createOrder();
    await sandbox.closeOrder(closed);
    expect((await act(closed, { action: "pay_upi" })).expect(409).text).toContain(
      "This order was closed meanwhile.",
    );
    (await act(closed, { action: "pay_too_late" })).expect(303);
    expect(await attemptsOf(closed)).toMatchObject([{ state: "captured" }]);
  });

  it("pays later, after as many minutes as were chosen", async () => {
    const id = await createOrder();
    (await act(id, { action: "pay_later", minutes: 15, webhooks: "none" })).expect(303);
    const { rows } = await test.db.owner.query<{ minutes: number }>(
      `select round(extract(epoch from run_at - now()) / 60)::integer as minutes from graphile_worker._private_jobs
       where payload ->> 'attempt_id' = $1`,
      [(await attemptsOf(id))[0]?.id],
    );
    expect(rows).toEqual([{ minutes: 15 }]);
  });

  it("chooses how the app is told from now on", async () => {
    const id = await createOrder();
    await act(id, { action: "pay_upi", webhooks: "none" });
    expect((await sandbox.payer.find(id))?.webhooks).toBe("none");
    expect((await open(id)).text).toContain('<option value="none" selected>');
    const late = await createOrder();
    await act(late, { action: "pay_told_late", webhooks: "normal" });
    expect((await sandbox.payer.find(late))?.webhooks).toBe("late");
  });

  it.each([
    [{}],
    [{ action: "" }],
    [{ action: "refund" }],
    [{ action: "toString" }],
    [{ action: "pay_upi", webhooks: "loud" }],
    [{ action: "pay_later", minutes: -1 }],
    [{ action: "pay_later", minutes: 61 }],
    [{ action: "pay_later", minutes: "soon" }],
    [{ action: "pay_later", minutes: 1.5 }],
  ])("%j is rejected and changes nothing", async (fields) => {
    const id = await createOrder();
    (await act(id, fields as Record<string, string>)).problem("validation_failed");
    expect(await attemptsOf(id)).toEqual([]);
  });

  it("of another site's page is rejected if a browser adds a cookie", async () => {
    const id = await createOrder();
    const fromElsewhere = { cookie: "a=b", origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    (await act(id, { action: "pay_upi" }, fromElsewhere)).problem("forbidden");
    expect(await attemptsOf(id)).toEqual([]);
  });

  it("has a form of limited size", async () => {
    const id = await createOrder();
    expect((await act(id, { action: "pay_upi", return: `/${"x".repeat(10_000)}` })).status).toBe(413);
  });
});

describe("the way back", () => {
  it.each(["/", "/bookings", "/bookings/1?paid=yes&a=b#top", "/mentors/asha?book=1&at=2026-01-01T00:00:00Z"])(
    "may be %s",
    (path) => expect(returnPathOf(path)).toBe(path),
  );

  it.each([
    undefined,
    "",
    "bookings",
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/bookings\r\nSet-Cookie: a=b",
    "/a b",
    " /bookings",
    "/..//evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/%2e%2e//evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    `/${"x".repeat(500)}`,
  ])("is the list of sessions for %j", (path) => expect(returnPathOf(path)).toBe("/sessions"));

  it("of every path that is accepted stays on this site, as browsers read it", () => {
    const pieces = ["/", "\\", ".", "..", "%2e", "@", ":", "?", "#", "\t", "\n", "evil.example", "a"];
    let accepted = 0;
    for (const a of pieces)
      for (const b of pieces)
        for (const c of pieces)
          for (const d of pieces) {
            const path = returnPathOf(`/${a}${b}${c}${d}`);
            if (path !== "/sessions") accepted++;
            expect(new URL(path, "https://matepeak.example/sandbox-checkout/1").host).toBe(
              "matepeak.example",
            );
          }
    expect(accepted).toBeGreaterThan(1_000);
  });

  it("leads nowhere else over HTTP", async () => {
    const done = await act(await createOrder(), { action: "pay_upi", return: "//evil.example" });
    expect(done.expect(303).headers.location).toBe("/sessions");
    expect((await open(await createOrder(), "//evil.example")).text).not.toContain("evil.example");
    const encoded = await act(await createOrder(), { action: "pay_upi", return: "/bookings/é?a=ü" });
    expect(encoded.headers.location).toBe("/bookings/%C3%A9?a=%C3%BC");
  });
});

describe("the page exists with the sandbox only", () => {
  it.each([
    ["without payments", undefined],
    ["with another provider", { provider: openTestProvider(), collecting: null }],
  ])("%s there is none", async (_, payments) => {
    const other = await openTestApp({ payments });
    const page = await other.visitor("GET", "/sandbox-checkout/order_1");
    expect([page.status, page.headers["content-type"]]).toEqual([
      404,
      "application/problem+json; charset=utf-8",
    ]);
    const action = await other.visitor("POST", "/sandbox-checkout/order_1/actions", { action: "pay_upi" });
    expect(action.status).toBe(404);
    await runJobs(other.db, { provider: payments?.provider ?? null });
    await other.close();
  });
});

it("limits how often it is opened", async () => {
  const limited = await openTestApp({ payments: "sandbox", rateLimit: true });
  const statuses = new Set<number>();
  for (let count = 0; count < 245; count++) {
    statuses.add((await limited.visitor("GET", "/sandbox-checkout/order_guess")).status);
  }
  expect([...statuses]).toEqual([404, 429]);
  await limited.close();
});
