import { at, BookingSteps } from "./bookingSteps.ts";
import { book, dateAhead, makeMentor, Person, type TestMentor } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

const takenByAnother = /just taken/i;
const reasons: {
  name: string;
  change: (mentor: TestMentor, date: string) => Promise<unknown>;
  words: string;
}[] = [
  {
    name: "the hours changed",
    change: ({ person }) => person.send("PUT", "/availability-slots", { recurringSlots: [] }),
    words: "The mentor no longer offers this time.",
  },
  {
    name: "the mentor needs more notice",
    change: ({ person }) => person.send("PATCH", "/mentors/me", { minimum_notice: 20_160 }),
    words: "That’s too short notice for this mentor.",
  },
  {
    name: "the day is a day off",
    change: ({ person }, date) => person.send("POST", "/blocked-dates", { date }),
    words: "The mentor is away on that day.",
  },
  {
    name: "the day is full by the mentor's own limit",
    change: async (mentor, date) => {
      await mentor.person.send("PATCH", "/mentors/me", { max_per_day: 1 });
      const rival = await Person.signUp(
        "Rival",
        new URL((await mentor.person.api.get("/healthz")).url()).origin,
      );
      await book(rival, mentor, { scheduled_date: date, scheduled_time: "09:00" });
    },
    words: "The mentor is fully booked that day.",
  },
];

for (const [number, { name, change, words }] of reasons.entries()) {
  test(`${name}: the time step shows it, and not that the time was taken`, {
    tag: number > 0 ? ["@long"] : [],
  }, async ({ page, baseURL }) => {
    const mentor = await makeMentor("Asha Rao", baseURL!);
    const date = dateAhead(3);
    const steps = new BookingSteps(page);
    await steps.open(mentor);
    await steps.chooseLength(/^60 min/);
    await steps.chooseDay(date);
    await steps.time(at(date, "14:00"), "Asia/Kathmandu").click();
    await change(mentor, date);
    await expect(steps.dialog.getByRole("alert")).toContainText(words);
    await expect(steps.dialog).not.toContainText(takenByAnother);
  });
}

test("a time that becomes unavailable while the details are typed is reported immediately, with others to choose, and nothing is lost", async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const [student, rival] = [
    await Person.signUp("Bikram Thapa", baseURL!),
    await Person.signUp("Rival", baseURL!),
  ];
  await signIn(page, student);
  const date = dateAhead(3);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, "14:00"));
  await steps.dialog.getByLabel(/What is this session for/).fill("A long and careful text");
  await book(rival, mentor, { scheduled_date: date, scheduled_time: "14:00" });
  const alert = steps.dialog.getByRole("alert");
  await expect(alert).toContainText("That time was just taken.");
  await look("booking-3-lost");
  await alert.getByRole("button").first().click();
  await expect(alert).toHaveCount(0);
  await expect(steps.dialog.getByLabel(/What is this session for/)).toHaveValue("A long and careful text");
  await steps.confirm();
  await expect(page).toHaveURL(/\/booking-success\?id=/);
});

test("a service that is no longer offered is reported at the choice of services", async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  await mentor.person.send("POST", "/mentors/me/services", {
    session_type: "chatAdvice",
    title: "Chat",
    durations: [{ minutes: 15, price: 0 }],
  });
  await signIn(page, await Person.signUp("Bikram Thapa", baseURL!));
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(dateAhead(3));
  await steps.chooseTime(at(dateAhead(3), "14:00"));
  await mentor.person.send("PATCH", `/mentors/me/services/${mentor.service.id}`, { enabled: false });
  await steps.confirm();
  await expect(steps.dialog.getByRole("alert")).toContainText("Asha no longer offers this session");
  await expect(steps.dialog).not.toContainText(takenByAnother);
});
