import { at, BookingSteps } from "./bookingSteps.ts";
import { dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("codes on a phone: every place for one", { tag: "@long" }, async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!, "unconfirmed");
  await page.goto("/sign-in/code");
  await page.getByLabel("E-mail").fill(student.email);
  await look("codes-sign-in-phone");
  await page.getByRole("button", { name: "E-mail me a code" }).click();
  await expect(page.getByLabel("Six-digit code")).toBeVisible();
  await look("codes-sign-in-code-phone");
  await page.goto("/forgot-password");
  await page.getByLabel("E-mail").fill(student.email);
  await page.getByRole("button", { name: "E-mail me a code" }).click();
  await expect(page.getByLabel("New password")).toBeVisible();
  await look("codes-new-password-phone");

  await signIn(page, student);
  const notice = page.getByRole("complementary", { name: "Confirm your e-mail" });
  await expect(notice).toBeVisible();
  await look("codes-notice-phone");
  await notice.getByRole("button", { name: "Enter the code" }).click();
  await expect(page.getByLabel("Six-digit code")).toBeFocused();
  await look("codes-confirm-phone");
  await page.keyboard.press("Escape");

  const steps = new BookingSteps(page);
  const date = dateAhead(2);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, "11:00"));
  await steps.confirm();
  await expect(steps.dialog.getByRole("heading", { name: "Confirm your e-mail" })).toBeVisible();
  await look("codes-booking-phone");
});
