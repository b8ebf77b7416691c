import { startCalDavServer } from "../server/calendarConnections/testing/calDavServers.ts";
import { plainEvent } from "../server/calendarConnections/testing/plainEvents.ts";
import { at } from "./bookingSteps.ts";
import { book, dateAhead, freeTimes, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("calendars: connect Radicale, a busy event hides a time and is named, a refused password is said and mended", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  test.slow();
  const radicale = await startCalDavServer("radicale");
  try {
    const [mentor, other] = [
      await makeMentor("Asha Rao", baseURL!),
      await makeMentor("Rohan Iyer", baseURL!),
    ];
    const { person } = mentor;
    const date = dateAhead(3);
    const start = at(date, "10:00").toISOString();
    const calendar = await radicale.makeCalendar("Work");
    await radicale.put(calendar, "a.ics", plainEvent("a", start));

    await signIn(page, person, "/account#calendars");
    const section = page.getByRole("region", { name: "Calendars" });
    await section.getByRole("button", { name: "Connect a calendar" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Apple iCloud" }).click();
    await expect(dialog.getByText("account.apple.com")).toBeVisible();
    await expect(dialog.getByLabel("Server address")).toHaveValue("https://caldav.icloud.com");
    await look("calendars-guide");
    await dialog.getByRole("button", { name: "Choose another calendar" }).click();
    await dialog.getByRole("button", { name: "Another CalDAV server" }).click();
    await dialog.getByLabel("Server address").fill(radicale.url);
    await dialog.getByLabel("User name or e-mail").fill(radicale.username);
    await dialog.getByLabel("Password", { exact: true }).fill("wrong");
    await dialog.getByRole("button", { name: "Test" }).click();
    await expect(dialog.getByRole("alert")).toContainText("doesn’t accept this user name and password");
    await expect(dialog.getByLabel("Password", { exact: true })).toHaveValue("wrong");
    await dialog.getByLabel("Password", { exact: true }).fill(radicale.password);
    await dialog.getByRole("button", { name: "Test" }).click();
    await expect(dialog.getByText("It works. Found: Work.")).toBeVisible();
    await dialog.getByRole("button", { name: "Connect", exact: true }).click();
    const item = section.getByRole("listitem", { name: "127.0.0.1" });
    await expect(item.getByRole("switch", { name: "Work counts as busy" })).toBeChecked();

    // One round.
    const { data } = await person.send<{ data: { id: string }[] }>("GET", "/me/calendar-connections");
    const sync = () => person.send("POST", `/me/calendar-connections/${data[0]!.id}/sync`);
    await sync();
    expect(await freeTimes(other, date)).toContain("10:00");
    expect(await freeTimes(mentor, date)).not.toContain("10:00");
    await page.reload();
    await expect(item.getByText("Up to date")).toBeVisible();
    await look("calendars-fine");
    await page.goto(`/mentor/sessions?view=week&date=${date}`);
    await expect(page.getByRole("list", { name: "Busy in your calendars" })).toContainText(
      "Work calendar, 10:00 – 11:00 am",
    );
    await look("calendars-week");
    await page.goto("/account#calendars");
    await page.setViewportSize({ width: 360, height: 740 });
    await look("calendars-fine-narrow");

    await page.goto("/mentor/hours");
    await expect(page.getByRole("heading", { level: 1, name: "Hours" })).toBeVisible();
    const notice = page.getByRole("complementary", { name: "Calendar connections" });
    await expect(notice).toBeHidden();
    radicale.setPassword("another one");
    await sync();
    // The open page hears of it.
    await expect(notice).toContainText("127.0.0.1 can’t be read. Your times are still offered");
    await look("calendars-notice-narrow");
    await notice.getByRole("link", { name: "Fix it" }).click();
    await expect(item.getByText(/^Broken since .+, your time$/)).toBeVisible();
    await look("calendars-broken-narrow");
    await item.getByRole("button", { name: "Enter new password" }).click();
    await item.getByLabel("New password").fill("another one");
    await item.getByRole("button", { name: "Test and save" }).click();
    await expect(item.getByText("Up to date")).toBeVisible();
    await page.goto("/mentor/hours");
    await expect(page.getByRole("heading", { level: 1, name: "Hours" })).toBeVisible();
    await expect(notice).toBeHidden();

    // Booking with another mentor, the same person sees the clash, and may choose the time all the same.
    await page.goto(
      `/mentors/${other.profile.username}?book=time&service=${other.service.id}&minutes=60&at=${start}`,
    );
    const time = page.locator(`[data-starts-at="${Date.parse(start)}"]`).first();
    await expect(time).toContainText("You’re busy: Work calendar");
    await expect(time).toBeEnabled();
    await look("calendars-clash-narrow");
  } finally {
    await radicale.stop();
  }
});

test("calendars: connect Google and Microsoft by signing in there, and come back with a sentence", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const { person } = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Meera Nair", baseURL!);
  await signIn(page, student, "/account#calendars");
  const section = page.getByRole("region", { name: "Calendars" });
  const dialog = page.getByRole("dialog");
  const writes = dialog.getByRole("checkbox", { name: "Also write my sessions into it" });
  await section.getByRole("button", { name: "Connect a calendar" }).click();
  await dialog.getByRole("button", { name: "Google" }).click();
  await expect(dialog.getByText("It reads when you’re busy, and can’t change anything")).toBeVisible();
  await expect(writes).toBeHidden();
  await dialog.getByRole("link", { name: "Continue with Google" }).click();
  await expect(section.getByText("Google is connected.")).toBeVisible();
  const item = section.getByRole("listitem", { name: "Google" });
  const readsOnly = item.getByText("MatePeak can read these calendars. It can’t change anything in them.");
  const allow = item.getByRole("link", { name: "Also write my sessions here" });
  await expect(readsOnly).toBeVisible();
  await expect(allow).toBeHidden();
  await look("calendars-google-student");

  // A mentor is offered both, and can allow more later.
  await page.context().clearCookies();
  // Another person's page is another document.
  await page.goto("about:blank");
  await signIn(page, person, "/account#calendars");
  await section.getByRole("button", { name: "Connect a calendar" }).click();
  await dialog.getByRole("button", { name: "Google" }).click();
  await expect(dialog.getByText("Tick every box")).toBeVisible();
  await look("calendars-google-guide");
  await writes.uncheck();
  await expect(dialog.getByText("Tick every box")).toBeHidden();
  await dialog.getByRole("link", { name: "Continue with Google" }).click();
  await expect(section.getByText("Google is connected.")).toBeVisible();
  await expect(page).toHaveURL(/\/account#calendars$/);
  await expect(item.getByRole("switch", { name: "asha@gmail.example counts as busy" })).toBeChecked();
  await expect(readsOnly).toBeVisible();
  const receives = item.getByRole("radio", { name: "My sessions are written to asha@gmail.example" });
  await expect(receives).toBeHidden();
  await look("calendars-google-read-only");
  await allow.click();
  await expect(section.getByText("MatePeak can now write your sessions into Google.")).toBeVisible();
  await expect(receives).toBeChecked();
  await expect(allow).toBeHidden();
  await look("calendars-google-connected");

  await page.setViewportSize({ width: 360, height: 740 });
  await section.getByRole("button", { name: "Connect a calendar" }).click();
  await dialog.getByRole("button", { name: "Microsoft 365" }).click();
  await expect(writes).toBeChecked();
  await look("calendars-microsoft-guide-narrow");
  await dialog.getByRole("link", { name: "Continue with Microsoft" }).click();
  await expect(section.getByText("Microsoft 365 is connected.")).toBeVisible();
  const outlook = section.getByRole("listitem", { name: "Microsoft 365" });
  await expect(
    outlook.getByText("MatePeak can read these calendars and write sessions into them."),
  ).toBeVisible();
  await expect(outlook.getByRole("switch", { name: "Calendar counts as busy" })).toBeChecked();
  await expect(outlook.getByRole("switch", { name: "India holidays counts as busy" })).not.toBeChecked();
  // One calendar has them already.
  await expect(receives).toBeChecked();
  await page.goto("/account?calendars=permissions&vendor=google&missing=read#calendars");
  await expect(section.getByRole("alert")).toContainText(
    "because you didn’t allow “See and download any calendar",
  );
  await page.goto("/account?calendars=read_only&vendor=google&missing=write#calendars");
  await expect(section.getByRole("alert")).toContainText(
    "didn’t allow “View and edit events on all your calendars”",
  );
  await look("calendars-google-permissions-narrow");
});

test("calendars: sessions are written to Radicale, move and go with the session; what their owner does there is asked about", async ({
  page,
  baseURL,
  look,
}) => {
  const radicale = await startCalDavServer("radicale");
  try {
    const mentor = await makeMentor("Asha Rao", baseURL!);
    const { person } = mentor;
    const student = await Person.signUp("Meera Nair", baseURL!);
    const calendar = await radicale.makeCalendar("Work");
    const { id: connection } = await person.send<{ id: string }>("POST", "/me/calendar-connections", {
      kind: "caldav",
      server_url: calendar,
      username: radicale.username,
      password: radicale.password,
      name: "Radicale",
    });
    const sync = () => person.send("POST", `/me/calendar-connections/${connection}/sync`);
    const session = await book(student, mentor, { scheduled_date: dateAhead(3), scheduled_time: "10:00" });
    await person.send("POST", `/bookings/${session.id}/confirm`);

    await signIn(page, person, "/account#calendars");
    const section = page.getByRole("region", { name: "Calendars" });
    await section.getByRole("radio", { name: "My sessions are written to Work" }).check();
    const file = `${calendar}${session.id}.ics`;
    const entry = () => radicale.read(file);
    await expect.poll(entry).toContain("STATUS:CONFIRMED");
    const move = (scheduled_time: string) =>
      student.send("POST", `/bookings/${session.id}/reschedule`, {
        scheduled_date: dateAhead(3),
        scheduled_time,
      });
    await move("12:00");
    await expect.poll(entry).toContain("T120000");
    await sync();

    // Moved there by its owner, to a time that can be booked.
    const to = at(dateAhead(3), "14:00");
    await radicale.put(calendar, `${session.id}.ics`, plainEvent(`${session.id}@matepeak`, to.toISOString()));
    await sync();
    await page.goto(`/sessions/${session.id}`);
    const moved = page.getByRole("region", { name: "You moved this session in your calendar" });
    await expect(moved).toContainText("In “Work”, it’s now on");
    await look("entry-moved");
    await page.setViewportSize({ width: 360, height: 740 });
    await look("entry-moved-narrow");
    await moved.getByRole("button", { name: /^Reschedule to .*2:00/ }).click();
    await expect(moved).toBeHidden();
    await expect.poll(entry).toContain("T140000");
    await sync();

    await radicale.remove(file);
    await sync();
    const deleted = page.getByRole("region", { name: "You deleted this session from your calendar" });
    // The open page learns of it.
    await expect(deleted).toBeVisible();
    await look("entry-deleted-narrow");
    await deleted.getByRole("button", { name: "Put it back" }).click();
    await expect(deleted).toBeHidden();
    await expect.poll(entry).toContain("T140000");

    await student.send("POST", `/bookings/${session.id}/cancel`);
    await expect.poll(entry).toBeNull();

    // A group session is one entry, and moves for everyone.
    const circle = await person.send<{ id: string }>("POST", "/mentors/me/services", {
      session_type: "groupSession",
      title: "Circle",
      capacity: 6,
      instant_confirm: true,
      durations: [{ minutes: 60, price: 0 }],
    });
    const { data } = await person.send<{ data: [{ id: string }] }>("POST", "/mentors/me/group-sessions", {
      service_id: circle.id,
      duration: 60,
      scheduled_date: dateAhead(3),
      scheduled_time: "19:00",
    });
    const [group] = data;
    const groupEntry = () => radicale.read(`${calendar}${group.id}.ics`);
    await expect.poll(groupEntry).toContain("SUMMARY:Circle: 0 of 6 seats");
    await sync();
    const later = at(dateAhead(3), "20:00").toISOString();
    await radicale.put(calendar, `${group.id}.ics`, plainEvent(`${group.id}@matepeak`, later));
    await sync();
    await page.goto(`/mentor/groups/${group.id}`);
    await expect(moved).toContainText("We haven’t changed the session.");
    await look("group-entry-moved-narrow");
    await moved.getByRole("button", { name: /^Move everyone to .*8:00/ }).click();
    const dialog = page.getByRole("dialog", { name: "Move the session for everyone" });
    await look("group-entry-dialog-narrow");
    await dialog.getByRole("button", { name: /^Move everyone to/ }).click();
    await expect(moved).toBeHidden();
    await expect.poll(groupEntry).toContain("T200000");

    radicale.setPassword("another one");
    await book(student, mentor, { scheduled_date: dateAhead(4), scheduled_time: "10:00" });
    await page.goto("/account#calendars");
    await expect(section.getByText("can’t be written here until the login works again")).toBeVisible();
    await look("entries-problem-narrow");
  } finally {
    await radicale.stop();
  }
});
