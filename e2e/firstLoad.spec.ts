import { gzipSync } from "node:zlib";
import { budgets } from "../bench/page/budgets.ts";
import { expect, test } from "./test.ts";

test("a link into the booking requests everything in parallel, and nothing twice", async ({
  page,
  baseURL,
}) => {
  // A mentor of the demo: the times of one whose hours have just changed are requested again as soon as the page listens.
  const username = "tebora";
  const { services } = await (await page.request.get(`/api/v1/mentors/${username}`)).json();
  const query = new URLSearchParams({
    book: "time",
    service: services[0].id,
    minutes: String(services[0].durations[0].minutes),
  });
  const response = await page.goto(`/mentors/${username}?${query}`);
  const document = await response!.text();
  expect(document).toContain("data-starts-at");
  expect(document).toContain("BookingDialog");
  await expect(page.getByRole("dialog").getByRole("button", { pressed: false }).first()).toBeVisible();

  const asked = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname + new URL(name).search),
  );
  const mentorAsked = asked.filter((address) => address === `/api/v1/mentors/${username}`);
  const timesAsked = asked.filter((address) => address.startsWith(`/api/v1/mentors/${username}/slots?`));
  expect(mentorAsked).toHaveLength(1);
  expect(timesAsked).toHaveLength(1);
  // The month is requested by the mentor's username and not again by the id: the app used the first response.
  const month = new URL(timesAsked[0]!, baseURL).searchParams;
  const again = asked.filter((address) => address.includes(`/slots?from=${month.get("from")}`));
  expect(again).toEqual(timesAsked);
});

test("each page has a document that names its code", async ({ page }) => {
  for (const [path, code, status] of [
    ["/", "/assets/Home-", 200],
    ["/mentor/hours", "/assets/MentorWorkspace-", 200],
    ["/mentor", "/assets/MentorWorkspace-", 200],
    ["/no/such/page", "/assets/NotFound-", 404],
  ] as const) {
    const response = await page.request.get(path);
    expect(response.status()).toBe(status);
    expect(await response.text()).toContain(`href="${code}`);
  }
});

// A mentor of the demo, who has reviews: that is more code.
test("the booking route stays within its budget of JavaScript", async ({ page }) => {
  const bodies: Promise<number>[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith(".js")) bodies.push(response.body().then((body) => gzipSync(body).length));
  });
  const kilobytes = async () => (await Promise.all(bodies)).reduce((sum, bytes) => sum + bytes, 0) / 1000;
  const mentor = await (await page.request.get("/api/v1/mentors/asha")).json();
  const [service] = mentor.services;
  const query = new URLSearchParams({
    book: "time",
    service: service.id,
    minutes: String(service.durations[0].minutes),
  });
  await page.goto(`/mentors/asha?${query}`, { waitUntil: "networkidle" });
  const times = page.getByRole("dialog").getByRole("button", { pressed: false }).filter({ hasText: ":" });
  await expect(times.first()).toBeVisible();
  await expect(page.getByText("out of 5 stars").first()).toBeAttached();
  expect(await kilobytes()).toBeLessThan(budgets.scriptKilobytes);

  // The twin: the form of the last step comes with the choice of a time, and what comes is counted.
  const before = await kilobytes();
  await times.first().click();
  await expect.poll(kilobytes).toBeGreaterThan(before + 10);
  // Bodies that still arrive are read before the page closes.
  page.removeAllListeners("response");
  await kilobytes();
});
