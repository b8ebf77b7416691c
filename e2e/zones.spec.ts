import { at, BookingSteps } from "./bookingSteps.ts";
import { book, dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("the zone of My sessions is chosen there, and the device's is one click away", async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const date = dateAhead(3);
  await book(student, mentor, { scheduled_date: date, scheduled_time: "10:00" });
  const shown = (timeZone: string, city: string) => {
    const time = at(date, "10:00").toLocaleTimeString("en-IN", {
      timeZone,
      hour: "numeric",
      minute: "2-digit",
    });
    return new RegExp(`${time.split(/\s/)[0]} –.*Your time \\(${city}`);
  };

  await signIn(page, student, "/sessions");
  const main = page.getByRole("main");
  await expect(main).toContainText(shown("Asia/Kathmandu", "Kathmandu"));
  await expect(page.getByText(/Your device is set to/)).toHaveCount(0);
  await page.getByLabel("Times shown in").selectOption("Europe/London");
  await expect(main).toContainText(shown("Europe/London", "London"));
  await page.reload();
  await expect(page.getByText("Your device is set to Kathmandu time.")).toBeVisible();
  await look("sessions-another-zone");
  await page.getByRole("button", { name: "Use Kathmandu time" }).click();
  await expect(main).toContainText(shown("Asia/Kathmandu", "Kathmandu"));
  await expect(page.getByText(/Your device is set to/)).toHaveCount(0);
});

test("a device that does not say where it is, with languages that are none, books in UTC", async ({
  page,
  baseURL,
}) => {
  await page.addInitScript(() => {
    const { resolvedOptions } = Intl.DateTimeFormat.prototype;
    Intl.DateTimeFormat.prototype.resolvedOptions = function () {
      return { ...resolvedOptions.call(this), timeZone: "Etc/Unknown" };
    };
    Object.defineProperty(navigator, "languages", { get: () => ["en-", "en_US", "*"] });
  });
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  await signIn(page, student, `/mentors/${mentor.profile.username}`);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await expect(steps.dialog.getByLabel("Times shown in")).toHaveValue("UTC");
  const date = dateAhead(2);
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, "10:00"), "UTC");
  await steps.confirm();
  await expect(page).toHaveURL(/\/booking-success\?id=/);
});
