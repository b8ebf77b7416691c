import type { Booking } from "#contract/bookings.ts";
import type { WaitlistEntry } from "#contract/waitlist.ts";
import { BookingSteps } from "./bookingSteps.ts";
import { paidApp } from "./paidApp.ts";
import { asOwner } from "./past.ts";
import { book, dateAhead, makeMentor, Person } from "./people.ts";
import { expect, test } from "./test.ts";

/** The countdown of a person's offer is over, and the job that follows runs. */
function letOfferLapse(userId: string, mentorId: string): Promise<void> {
  return asOwner(async (owner) => {
    await owner.query(`
      set session_replication_role = replica;
      update occupancies set expires_at = now() - interval '1 second'
        where id in (select occupancy_id from waitlist_offers where user_id = '${userId}' and state = 'open');
      update waitlist_offers set expires_at = now() - interval '1 second'
        where user_id = '${userId}' and state = 'open';
      reset session_replication_role;
      select private.enqueue_waitlist('${mentorId}')`);
  }, paidApp.dataDir);
}

test("a freed paid slot goes to the second in the queue after the first lets it lapse", async ({
  page,
  look,
}) => {
  const [mentor, holder, first, second] = await Promise.all([
    makeMentor("Asha Rao", paidApp.address, {
      hours: [["10:00", "11:00"]],
      settings: { instant_confirm: true },
    }),
    Person.signUp("Cara Diaz", paidApp.address),
    Person.signUp("Dev Nair", paidApp.address),
    Person.signUp("Ben Carter", paidApp.address),
  ]);
  // In another month than the first one that is shown.
  const date = dateAhead(35);
  const taken = await book(holder, mentor, { scheduled_date: date, scheduled_time: "10:00" });
  const mentorId = mentor.person.id;
  await first.send("POST", `/mentors/${mentorId}/waitlist`, {
    kind: "slot",
    service_id: mentor.service.id,
    duration: 60,
    timezone: "Asia/Kolkata",
    starts_at: taken.starts_at,
  });

  // The second waits for any time of the full day.
  await page.context().addCookies([...second.cookies]);
  const search = new URLSearchParams({
    book: "time",
    service: mentor.service.id,
    minutes: "60",
    at: taken.starts_at,
  });
  await page.goto(`${paidApp.address}/mentors/${mentor.profile.username}?${search}`);
  const steps = new BookingSteps(page);
  // One tap waits for the time of the link, another for any time of its day.
  await expect(
    steps.dialog.getByRole("alert").getByRole("button", { name: "Join the waitlist" }),
  ).toBeVisible();
  await look("taken-time");
  await steps.dialog.getByRole("region").getByRole("button", { name: "Join the waitlist" }).click();
  await expect(steps.dialog.getByLabel("From")).toHaveValue(date);
  await look("wait-for-a-time");
  await steps.dialog.getByRole("button", { name: "Join the waitlist" }).click();
  await expect(steps.dialog.getByText("You’re number 2 in line.")).toBeVisible();
  await look("waitlist-joined");
  await page.goto(`${paidApp.address}/sessions`);
  const waiting = page.getByRole("region", { name: "Waiting" });
  await expect(waiting).toContainText("You’re number 2 in line.");
  await look("waiting-in-line");

  await holder.send("POST", `/bookings/${taken.id}/cancel`);
  const offerOf = async (who: Person) =>
    (await who.send<{ data: WaitlistEntry[] }>("GET", "/waitlist")).data[0]?.offer?.state;
  await expect.poll(() => offerOf(first)).toBe("open");
  await letOfferLapse(first.id, mentorId);

  // Live: the page was not opened again.
  await expect(waiting).toContainText("It’s your turn");
  expect(await offerOf(first)).toBe("lapsed");
  await expect(waiting).toContainText(/Kept for you until .* your time/);
  await look("waiting-offer");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("waiting-offer-narrow");
  await waiting.getByRole("button", { name: /^Accept: Asha Rao/ }).press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading", { name: "Accept this time" })).toBeFocused();
  await look("waiting-accept-narrow");
  await dialog.getByRole("button", { name: "Continue to pay ₹2,000" }).click();
  await expect(page).toHaveURL(/\/bookings\/[\w-]+\/pay/);
  const [, id = ""] = /bookings\/([\w-]+)\/pay/.exec(page.url()) ?? [];
  const { url } = await second.send<{ url: string }>("POST", `/bookings/${id}/payment/checkout`);
  await page.goto(`${paidApp.address}${url}?return=/sessions`);
  await page.getByRole("button", { name: "Pay by UPI" }).click();
  await expect
    .poll(async () => (await second.send<Booking>("GET", `/bookings/${id}`)).status)
    .toBe("confirmed");
  expect(await offerOf(second)).toBe("accepted");
});

test("the link of a mail passes with one button, and says when there is nothing left to do", async ({
  page,
  look,
}) => {
  const person = "0c6d2f0e-8f0a-4a54-9d3c-0d8f4f3f1a11";
  await page.goto(`/waitlist#v1.pass.${person}.${person}.${"A".repeat(43)}`);
  await expect(page.getByRole("heading", { level: 1, name: "Pass on this time?" })).toBeVisible();
  await look("waitlist-link");
  await page.getByRole("button", { name: "Pass" }).click();
  // The signature is not ours.
  await expect(page.getByRole("heading", { level: 1, name: "This link isn’t valid" })).toBeFocused();
  await look("waitlist-link-invalid");
});
