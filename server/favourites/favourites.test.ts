import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { favouriteMentors, mentorPage } from "#contract/mentors.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let asha: Mentor;
let rohan: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
  asha = await test.makeMentor({ name: "Asha Rao" });
  rohan = await test.makeMentor({ name: "Rohan Iyer", services: [] });
});
beforeEach(async () => {
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(() => test.close());

const favourites = async (who = student) =>
  (await who.call("GET", "/me/favourites")).expect(200).read(favouriteMentors).data;
const names = async () => (await favourites()).map(({ full_name }) => full_name);

it("are listed as on the home page, the latest choice first", async () => {
  expect(await favourites()).toEqual([]);
  (await student.call("PUT", `/me/favourites/${asha.id}`)).expect(204);
  (await student.call("PUT", `/me/favourites/${rohan.profile.username.toUpperCase()}`)).expect(204);
  expect(await names()).toEqual(["Rohan Iyer", "Asha Rao"]);
  const { data } = (await test.visitor("GET", "/mentors?q=asha")).read(mentorPage);
  expect((await favourites())[1]).toEqual(data.find(({ id }) => id === asha.id));
  expect((await favourites())[0]).toMatchObject({ from_price: null, currency: null });
});

it("may be chosen and dropped again and again, each with the same end", async () => {
  await student.call("PUT", `/me/favourites/${asha.id}`);
  await student.call("PUT", `/me/favourites/${rohan.id}`);
  for (let again = 0; again < 2; again++)
    (await student.call("PUT", `/me/favourites/${asha.id}`)).expect(204);
  expect(await names()).toEqual(["Rohan Iyer", "Asha Rao"]);
  for (let again = 0; again < 2; again++) {
    (await student.call("DELETE", `/me/favourites/${rohan.profile.username}`)).expect(204);
  }
  (await student.call("DELETE", `/me/favourites/${randomUUID()}`)).expect(204);
  expect(await names()).toEqual(["Asha Rao"]);
  expect(await favourites(rohan)).toEqual([]);
});

it("added by many concurrent requests is added once", async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => student.call("PUT", `/me/favourites/${asha.id}`)),
  );
  for (const answer of answers) answer.expect(204);
  expect(await names()).toEqual(["Asha Rao"]);
});

it("follow a mentor who is renamed, and let go of one who leaves", async () => {
  const mentor = await test.makeMentor({ name: "Before" });
  await student.call("PUT", `/me/favourites/${mentor.id}`);
  await student.call("PUT", `/me/favourites/${asha.id}`);
  await mentor.call("PATCH", "/mentors/me", { full_name: "After", username: `new-${mentor.id.slice(-8)}` });
  expect(await names()).toEqual(["Asha Rao", "After"]);
  await test.db.owner.query("delete from availability_slots where expert_id = $1", [mentor.id]);
  await test.db.owner.query(
    "delete from service_durations where service_id in (select id from services where expert_id = $1)",
    [mentor.id],
  );
  await test.db.owner.query("delete from services where expert_id = $1", [mentor.id]);
  await test.db.owner.query("delete from auth.users where id = $1", [mentor.id]);
  expect(await names()).toEqual(["Asha Rao"]);
});

it("are mentors that there are", async () => {
  for (const unknown of [randomUUID(), "nobody-here", "a%00b"]) {
    (await student.call("PUT", `/me/favourites/${unknown}`)).problem("mentor_not_found");
  }
});
