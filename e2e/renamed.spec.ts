import type { Programme } from "#contract/programmes.ts";
import { dateAhead, makeMentor } from "./people.ts";
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

test("old links to a programme and a group session of a renamed mentor do, too", async ({
  page,
  baseURL,
}) => {
  const service = { session_type: "groupSession" as const, title: "Circle", capacity: 6 };
  const mentor = await makeMentor("Asha Rao", baseURL!, { service });
  const { id, sessions } = await mentor.person.send<Programme>("POST", "/mentors/me/programmes", {
    service_id: mentor.service.id,
    title: "Two weeks of practice",
    duration: 60,
    scheduled_date: dateAhead(5),
    scheduled_time: "19:00",
    weeks: 2,
    price: 0,
  });
  const renamed = `renamed-group-${Date.now()}`;
  const old = mentor.profile.username;
  await mentor.person.send("PATCH", "/mentors/me", { username: renamed });
  await page.goto(`/mentors/${old}/programmes/${id}?from=mail`);
  await expect(page).toHaveURL(`/mentors/${renamed}/programmes/${id}?from=mail`);
  await expect(page.getByRole("heading", { level: 1, name: "Two weeks of practice" })).toBeVisible();
  const session = sessions[0]?.group_session_id;
  await page.goto(`/mentors/${old}/groups/${session}`);
  await expect(page).toHaveURL(`/mentors/${renamed}/groups/${session}`);
  await expect(page.getByRole("heading", { level: 1, name: "Circle" })).toBeVisible();
});
