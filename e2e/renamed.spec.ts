import { makeMentor } from "./people.ts";
import { expect, test } from "./test.ts";

test("an old link to a renamed mentor opens the page under the new address, and keeps names apart", async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("אבי Levi", baseURL!);
  const renamed = `renamed-${Date.now()}`;
  const old = mentor.profile.username;
  await mentor.person.send("PATCH", "/mentors/me", { username: renamed });
  await page.goto(`/mentors/${old}?as=student#services`);
  await expect(page.getByRole("heading", { level: 1, name: "אבי Levi" })).toBeVisible();
  await expect(page).toHaveURL(`/mentors/${renamed}?as=student#services`);
  await expect(page.locator("h1 bdi")).toHaveText("אבי Levi");
});
