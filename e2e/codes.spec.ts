import { at, BookingSteps } from "./bookingSteps.ts";
import { codeTo, mailTo } from "./mailbox.ts";
import { dateAhead, makeMentor, Person, password } from "./people.ts";
import { expect, signIn, signInAs, test } from "./test.ts";

const confirmMail = /^Confirm your e-mail address$/;
const signInMail = /^Your code to sign in/;
const resetMail = /^Reset your .* password$/;
const newAddressMail = /^Confirm your new e-mail address$/;
const wrong = (code: string) => (code === "000000" ? "000001" : "000000");

test("codes: signing up, and the address confirmed with the code of the mail", async ({
  page,
  request,
  look,
}) => {
  const email = `codes.${Date.now()}@example.com`;
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Asha Devi");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  const notice = page.getByRole("complementary", { name: "Confirm your e-mail" });
  await expect(notice).toContainText(email);
  await look("codes-notice");
  await notice.getByRole("button", { name: "Enter the code" }).click();
  const dialog = page.getByRole("dialog", { name: "Confirm your e-mail" });
  const field = dialog.getByLabel("Six-digit code");
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute("autocomplete", "one-time-code");
  await expect(field).toHaveAttribute("inputmode", "numeric");
  await expect(dialog.getByRole("button", { name: /^Send a new code \(in \d+ s\)$/ })).toBeDisabled();
  await look("codes-confirm");

  const code = await codeTo(request, email, confirmMail);
  await page.keyboard.type("12 34");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("The code has six digits.")).toBeVisible();
  await field.fill(wrong(code));
  await page.keyboard.press("Enter");
  await expect(dialog.getByText(/This code isn’t right, or it no longer works/)).toBeVisible();
  await expect(field).toBeFocused();
  await look("codes-confirm-wrong");

  // As it is copied out of a mail.
  await field.fill("");
  await field.pressSequentially(`${code.slice(0, 3)} ${code.slice(3)}`);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Your e-mail address is confirmed.")).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(notice).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("button", { name: /Account of Asha/ })).toBeVisible();
  await expect(notice).toHaveCount(0);
});

test("codes: a forgotten password, by keyboard alone; other devices are signed out", {
  tag: "@long",
}, async ({ page, browser, request, baseURL, look }) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  const elsewhere = await (await browser.newContext()).newPage();
  await signInAs(elsewhere, { email: asha.email, password }, "/account");
  await page.goto("/sign-in?next=/sessions");
  await page.getByLabel("E-mail").fill(asha.email);
  await page.getByRole("button", { name: "Forgot your password?" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Choose a new password" })).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue(asha.email);
  await look("codes-forgot-password");
  await page.getByLabel("E-mail").focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Six-digit code")).toBeFocused();
  await look("codes-new-password");

  const code = await codeTo(request, asha.email, resetMail);
  await page.keyboard.type(code);
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("New password")).toBeFocused();
  await page.keyboard.type("qwerty123");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/easy to guess/)).toBeVisible();
  await page.getByLabel("New password").fill("harbour lamp violet");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/sessions$/);
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await elsewhere.reload();
  await expect(elsewhere.getByRole("heading", { name: "Sign in to see this" })).toBeVisible();
  await elsewhere.context().close();
  await mailTo(request, asha.email, /password was changed/);
});

test("codes: signing in with one, and nothing for an unknown address", async ({
  page,
  request,
  baseURL,
  look,
}) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  await page.goto("/sign-in?next=/sessions");
  await page.getByRole("button", { name: "E-mail me a code" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in with a code" })).toBeVisible();
  await page.getByRole("button", { name: "E-mail me a code" }).click();
  await expect(page.getByText("Enter your e-mail address.")).toBeVisible();
  await look("codes-sign-in");

  await page.getByLabel("E-mail").fill("no-one@example.com");
  await page.getByRole("button", { name: "E-mail me a code" }).click();
  await expect(page.getByText("If no-one@example.com has an account, a code is on its way.")).toBeVisible();
  await page.getByLabel("Six-digit code").fill("123456");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText(/This code isn’t right/)).toBeVisible();
  await look("codes-sign-in-code");

  await page.getByRole("button", { name: "Use another address" }).click();
  await page.getByLabel("E-mail").fill(asha.email);
  await page.getByRole("button", { name: "E-mail me a code" }).click();
  await page.getByLabel("Six-digit code").fill(await codeTo(request, asha.email, signInMail));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/sessions$/);
  await expect(page.getByRole("button", { name: /Account of Asha/ })).toBeVisible();
});

test("codes: another address, which both addresses are told of", { tag: "@long" }, async ({
  page,
  request,
  baseURL,
  look,
}) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  const to = `new.${Date.now()}@example.com`;
  await signIn(page, asha, "/account");
  const section = page.getByRole("region", { name: "E-mail" });
  await expect(section).toContainText(asha.email);
  await section.getByRole("button", { name: "Change e-mail" }).click();
  await section.getByLabel("New e-mail address").fill(to);
  await section.getByLabel("Current password").fill("not this one");
  await section.getByRole("button", { name: "Change e-mail" }).click();
  await expect(section.getByText("Wrong password.")).toBeVisible();
  await look("codes-change-address");
  await section.getByLabel("Current password").fill(password);
  await section.getByRole("button", { name: "Change e-mail" }).click();
  await expect(section).toContainText(`We’ve sent a code to ${to}.`);
  await look("codes-change-address-code");
  await section.getByLabel("Six-digit code").fill(await codeTo(request, to, newAddressMail));
  await section.getByRole("button", { name: "Confirm new address" }).click();
  await expect(page.getByText("Your e-mail address is changed.")).toBeVisible();
  await expect(section).toContainText(to);
  await expect(section).not.toContainText(asha.email);
  for (const address of [asha.email, to]) await mailTo(request, address, /e-mail address was changed/);
});

test("codes: a request with an unconfirmed address, and the code entered in the dialog", {
  tag: "@long",
}, async ({ page, request, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!, "unconfirmed");
  await signIn(page, student);
  const steps = new BookingSteps(page);
  const date = dateAhead(2);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, "11:00"));
  await steps.dialog.getByLabel(/What is this session for/).fill("My first interview");
  await steps.confirm();
  await expect(steps.dialog.getByRole("heading", { name: "Confirm your e-mail" })).toBeVisible();
  await expect(steps.dialog).toContainText(student.email);
  await look("codes-booking");

  // Back to the details, where nothing typed is lost.
  await steps.dialog.getByRole("button", { name: "Back" }).click();
  await expect(steps.dialog.getByLabel(/What is this session for/)).toHaveValue("My first interview");
  await steps.confirm();
  const code = await codeTo(request, student.email, confirmMail);
  await steps.dialog.getByLabel("Six-digit code").fill(wrong(code));
  await steps.confirm();
  await expect(steps.dialog.getByText(/This code isn’t right/)).toBeVisible();
  await steps.dialog.getByLabel("Six-digit code").fill(code);
  await steps.confirm();
  await expect(page).toHaveURL(/\/booking-success\?id=/);
  await expect(page.getByRole("main")).toContainText("My first interview");
  await expect(page.getByRole("main")).toContainText("Awaiting Asha’s reply");
});
