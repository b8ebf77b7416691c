import { type APIRequestContext, expect, type Locator, type Page } from "@playwright/test";
import { codeTo } from "./mailbox.ts";
import type { TestMentor } from "./people.ts";

/** The steps of the booking dialog, by role and label. */
export class BookingSteps {
  readonly page: Page;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole("dialog");
  }

  async open(mentor: TestMentor): Promise<void> {
    await this.page.goto(`/mentors/${mentor.profile.username}`);
    await this.page.getByRole("button", { name: "Book Session" }).click();
    await expect(this.dialog.getByRole("heading", { name: "What would you like to book?" })).toBeVisible();
  }

  async chooseLength(length: string | RegExp): Promise<void> {
    await this.dialog.getByRole("radio", { name: length }).check();
    await this.dialog.getByRole("button", { name: "Continue" }).click();
    await expect(this.dialog.getByRole("grid")).toBeVisible();
  }

  /** The cell of a date, whose name includes the number of free times. */
  day(date: string): Locator {
    const name = Temporal.PlainDate.from(date).toLocaleString("en-IN", {
      weekday: "long",
      day: "numeric",
      month: "long",
    });
    return this.dialog.getByRole("gridcell").getByRole("button", { name: name });
  }

  /** Turns the calendar to the month of a date, which at the end of a month is not the first one shown. */
  async turnTo(date: string): Promise<void> {
    const wanted = Temporal.PlainDate.from(date).toLocaleString("en-IN", { month: "long", year: "numeric" });
    const month = this.dialog.getByRole("grid", { name: wanted });
    for (let turns = 0; turns < 3 && (await month.count()) === 0; turns++) {
      await this.dialog.getByRole("button", { name: "Next month" }).click();
    }
  }

  async chooseDay(date: string): Promise<void> {
    await this.turnTo(date);
    await expect(this.day(date)).not.toHaveAccessibleName(/loading/);
    await this.day(date).click();
  }

  /** A time button of the chosen day, by the clock of `timeZone`. */
  time(start: string | Date, timeZone: string): Locator {
    const time = new Date(start).toLocaleTimeString("en-IN", {
      timeZone,
      hour: "numeric",
      minute: "2-digit",
    });
    return this.dialog.getByRole("button", { name: new RegExp(`^${time.replace(/\s/g, "\\s")}`) });
  }

  async chooseTime(start: string | Date, timeZone = "Asia/Kathmandu"): Promise<void> {
    await this.time(start, timeZone).click();
    await this.dialog.getByRole("button", { name: "Continue" }).click();
    await expect(this.dialog.getByRole("heading", { name: "Almost there" })).toBeVisible();
  }

  /** The button of the last step, whose name depends on whether the mentor approves requests. */
  get submit(): Locator {
    return this.dialog.getByRole("button", { name: /^(Confirm booking|Send request)$/ });
  }

  async confirm(): Promise<void> {
    await this.submit.click();
  }

  /** Enters the code of the mail that confirms the address of a new account. */
  async enterCode(request: APIRequestContext, email: string): Promise<void> {
    await expect(this.dialog.getByRole("heading", { name: "Confirm your e-mail" })).toBeVisible();
    await this.dialog
      .getByLabel("Six-digit code")
      .fill(await codeTo(request, email, /^Confirm your e-mail address$/));
    await this.confirm();
  }
}

/** Returns the instant of a mentor's wall-clock time. */
export function at(date: string, time: string, timeZone = "Asia/Kolkata"): Date {
  return new Date(Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).epochMilliseconds);
}
