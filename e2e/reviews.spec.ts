import { expect, signInAs, test } from "./test.ts";

// A session of the demo some weeks ago, without a review.
test("a student reviews a session by keyboard, the mentor replies, and both are public", async ({
  page,
  look,
  browser,
}) => {
  await signInAs(page, demo("meera"), "/sessions");
  const past = page.getByRole("region", { name: /Past/ }).getByRole("article");
  await past
    .filter({ hasText: "Code review circle" })
    .getByRole("link", { name: /Leave a review of the session with Asha/ })
    .click();
  await expect(page.getByRole("heading", { name: "Your review" })).toBeInViewport();
  await page.getByRole("button", { name: "Publish review" }).click();
  await expect(page.getByText("Choose one to five stars.")).toBeVisible();
  await page.getByRole("radio", { name: /1 star: poor/ }).focus();
  for (let star = 1; star < 4; star++) await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: /4 stars: very good/ })).toBeChecked();
  await page.getByLabel(/What would you tell other students/).fill("My date picker survived, and so did I.");
  await look("review-form");
  await page.getByRole("button", { name: "Publish review" }).click();
  await expect(page.getByText("Posted publicly as Meera N.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();

  const mentors = await browser.newContext();
  const theirs = await mentors.newPage();
  await signInAs(theirs, demo("asha"), "/mentor/reviews");
  await theirs
    .getByRole("button", { name: /Reply to Meera N\./ })
    .first()
    .click();
  await theirs.getByLabel(/Your reply/).fill("It is a fine date picker, Meera!");
  await theirs.getByRole("button", { name: "Publish" }).click();
  await expect(theirs.getByText("It is a fine date picker, Meera!")).toBeVisible();
  await mentors.close();

  await page.goto("/mentors/asha");
  await expect(page.getByRole("heading", { name: "Reviews" })).toBeVisible();
  const review = page.getByRole("article").filter({ hasText: "My date picker survived, and so did I." });
  await expect(review).toContainText("4 out of 5 stars");
  await expect(review).toContainText("Asha replied");
  await expect(page.getByText("Rated 4.6 out of 5").first()).toBeAttached();
  await look("mentor-with-reviews");
});

function demo(handle: string) {
  return { email: `${handle}@example.com`, password: "matepeak-demo" };
}
