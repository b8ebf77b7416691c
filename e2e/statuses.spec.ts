import { makeMentor } from "./people.ts";
import { expect, test } from "./test.ts";

test("missing pages have status 404, and are pages that explain it", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const known = ["/", "/sign-in", "/sessions", "/mentor/hours", `/mentors/${mentor.profile.username}`];
  for (const path of known) expect((await page.goto(path))?.status(), path).toBe(200);
  for (const path of [
    "/nothing-here",
    "/mentor-s",
    "/mentors/no-such-mentor",
    "/mentors/no-such-mentor?book=time",
  ]) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
});

test("a visitor's pages request nothing that is refused", { tag: "@long" }, async ({ page, baseURL }) => {
  const mentor = await makeMentor("Vera Visited", baseURL!);
  const refused: string[] = [];
  const complaints: string[] = [];
  page.on("response", (answer) => {
    if (answer.status() >= 400) refused.push(`${answer.status()} ${new URL(answer.url()).pathname}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  for (const path of [
    "/",
    `/mentors/${mentor.profile.username}`,
    "/sign-in",
    "/sign-up",
    "/sessions",
    "/mentor",
  ]) {
    await page.goto(path, { waitUntil: "networkidle" });
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
  expect(refused).toEqual([]);
  expect(complaints).toEqual([]);
});
