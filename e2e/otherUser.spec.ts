import type { Page } from "@playwright/test";
import type { BookingPage } from "#contract/bookings.ts";
import { BookingSteps } from "./bookingSteps.ts";
import { dateAhead, makeMentor, Person, type TestMentor } from "./people.ts";
import { expect, signInByForm, test } from "./test.ts";

const text = "Anil's private text";

/** Up to the last step, with something typed. */
async function typeDetails(page: Page, mentor: TestMentor): Promise<BookingSteps> {
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/60 min/);
  await steps.chooseDay(dateAhead(7));
  await steps.chooseTime(`${dateAhead(7)}T05:30:00Z`);
  await steps.dialog.getByLabel("What is this session for?").fill(text);
  return steps;
}

const bookingsOf = (person: Person) => person.send<BookingPage>("GET", "/bookings");

/** Anil, signed in, is about to book; Bina has an account too. */
async function typeAsAnil(page: Page, baseURL: string) {
  const [anil, bina, mentor] = await Promise.all([
    Person.signUp("Anil Kumar", baseURL),
    Person.signUp("Bina Rai", baseURL),
    makeMentor("Asha Rao", baseURL),
  ]);
  await signInByForm(page, anil);
  return { anil, bina, steps: await typeDetails(page, mentor) };
}

test("another person signs in in another tab: nothing is written for them, nothing is shown to them, nothing is lost", {
  tag: "@long",
}, async ({ page, context, baseURL, look }) => {
  const { anil, bina, steps } = await typeAsAnil(page, baseURL!);

  const second = await context.newPage();
  await second.goto("/");
  await second.getByRole("button", { name: /Account of/ }).click();
  await second.getByRole("button", { name: "Sign out" }).click();
  const cover = page.getByRole("dialog", { name: /signed out in another tab|is signed in now/ });
  await expect(cover).toBeVisible();
  await signInByForm(second, bina);
  await expect(cover.getByRole("heading")).toHaveText("Bina Rai is signed in now");
  await expect(page.getByLabel("What is this session for?")).toBeHidden();
  await look("another-user");

  // Behind the cover the page asks for Anil, and the server does nothing for Bina.
  const answer = page.waitForResponse((response) => response.url().endsWith("/api/v1/bookings"));
  await page.evaluate(() => {
    for (const form of document.querySelectorAll("form"))
      if (form.querySelector("textarea")) form.requestSubmit();
  });
  expect((await answer).status()).toBe(409);
  expect(await (await answer).json()).toMatchObject({ code: "another_user" });
  for (const person of [anil, bina]) expect((await bookingsOf(person)).data).toEqual([]);

  await cover.getByLabel(/Password for/).fill("not this one");
  await cover.getByRole("button", { name: "Sign in as Anil" }).click();
  await expect(cover).toContainText("Wrong e-mail or password.");
  await cover.getByLabel(/Password for/).fill("correct horse battery");
  await cover.getByRole("button", { name: "Sign in as Anil" }).click();
  await expect(cover).toBeHidden();
  await expect(steps.dialog.getByLabel("What is this session for?")).toHaveValue(text);
  await expect(second.getByRole("dialog", { name: "Anil Kumar is signed in now" })).toBeVisible();
  await steps.confirm();
  await expect(page).toHaveURL(/booking-success/);
  const [booked] = (await bookingsOf(anil)).data;
  expect(booked?.message).toBe(text);
  expect((await bookingsOf(bina)).data).toEqual([]);
});

test("the person who continues sees nothing of what was typed, and its author finds it again", {
  tag: "@long",
}, async ({ page, context, baseURL }) => {
  const { anil, bina, steps } = await typeAsAnil(page, baseURL!);

  // As when the form of another tab was open since before: Bina signs in over Anil.
  const signedIn = await context.request.post("/api/auth/sign-in/email", {
    data: { email: bina.email, password: "correct horse battery" },
  });
  expect(signedIn.ok()).toBe(true);
  await steps.confirm();
  const cover = page.getByRole("dialog", { name: "Bina Rai is signed in now" });
  await expect(cover).toBeVisible();
  await cover.getByRole("button", { name: "Continue as Bina" }).click();
  await expect(cover).toBeHidden();
  const message = steps.dialog.getByLabel("What is this session for?");
  await expect(message).toHaveValue("");
  await expect(steps.dialog.getByLabel("Name")).toHaveValue("Bina Rai");
  await page.reload();
  await expect(message).toHaveValue("");

  await context.request.post("/api/auth/sign-in/email", {
    data: { email: anil.email, password: "correct horse battery" },
  });
  await page.reload();
  await expect(message).toHaveValue(text);
});
