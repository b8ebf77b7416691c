import { makeMentor } from "./people.ts";
import { expect, test } from "./test.ts";

test("a link into the booking asks for everything at once, and for nothing twice", async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const { username } = mentor.profile;
  const query = new URLSearchParams({ book: "time", service: mentor.service.id, minutes: "60" });
  const response = await page.goto(`/mentors/${username}?${query}`);
  const document = await response!.text();
  expect(document).toContain("MentorProfileFirst");
  expect(document).toContain("BookingDialog");
  await expect(page.getByRole("dialog").getByRole("button", { pressed: false }).first()).toBeVisible();

  const asked = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname + new URL(name).search),
  );
  const mentorAsked = asked.filter((address) => address === `/api/v1/mentors/${username}`);
  const timesAsked = asked.filter((address) => address.startsWith(`/api/v1/mentors/${username}/slots?`));
  expect(mentorAsked).toHaveLength(1);
  expect(timesAsked).toHaveLength(1);
  // The month is asked for by the mentor's name and not by the id as well: the app took what was already there.
  const month = new URL(timesAsked[0]!, baseURL).searchParams;
  const again = asked.filter((address) => address.includes(`/slots?from=${month.get("from")}`));
  expect(again).toEqual(timesAsked);
});

test("each page has a document that names its code", async ({ page }) => {
  for (const [path, code] of [
    ["/", "/assets/Home-"],
    ["/mentor/hours", "/assets/MentorWorkspace-"],
    ["/mentor", "/assets/MentorWorkspace-"],
    ["/no/such/page", "/assets/NotFound-"],
  ] as const) {
    const response = await page.request.get(path);
    expect(response.status()).toBe(200);
    expect(await response.text()).toContain(`href="${code}`);
  }
});
