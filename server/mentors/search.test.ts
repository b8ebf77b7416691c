import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mentorPage } from "#contract/mentors.ts";
import { studentPage } from "#contract/students.ts";
import { bookAny } from "../testing/booking.ts";
import { openTestApp, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const find = async (q: string, more = "") =>
  (await test.visitor("GET", `/mentors?q=${encodeURIComponent(q)}${more}`)).read(mentorPage);
const names = async (q: string) => (await find(q)).data.map(({ full_name }) => full_name);

describe("the search folds both sides alike", () => {
  const cases: [stored: string, asked: string[]][] = [
    ["Orhan İstanbul", ["istanbul", "İstanbul", "ISTANBUL", "İSTANBUL"]],
    ["Anna Straße", ["straße", "STRASSE", "strasse", "STRAẞE"]],
    ["Conan O’Brien", ["o'brien", "O’Brien", "obrien", "OʼBRIEN"]],
    ["José Ángel Núñez", ["jose", "jose\u0301", "JOSÉ", "angel nunez"]],
    ["Łukasz Øresund", ["lukasz", "øresund", "ORESUND"]],
    ["प्रकाश शर्मा", ["प्रकाश", "शर्मा", "प्रका"]],
    ["क़ासिम", ["क़ासिम", "क\u093Cासिम"]],
    ["Ёлка Йорк", ["ёлка", "ЙОРК"]],
    ["ＦＵＬＬ Width", ["full", "ｗｉｄｔｈ"]],
  ];
  it.each(cases)("%s", async (stored, asked) => {
    await test.makeMentor({ name: stored });
    for (const q of asked) expect(await names(q), q).toContain(stored.normalize("NFC"));
  });

  it("but a mark that makes another letter stays one", async () => {
    await test.makeMentor({ name: "Ивай Один" });
    expect(await names("иваи")).toEqual([]);
  });

  it("also over a mentor's students", async () => {
    const mentor = await test.makeMentor();
    const student = await test.signUp("Zoë O’Hara");
    await bookAny(student, mentor);
    for (const q of ["zoe", "O'HARA", "ohara"]) {
      const path = `/mentors/me/students?q=${encodeURIComponent(q)}`;
      expect((await mentor.call("GET", path)).read(studentPage).data, q).toHaveLength(1);
    }
    const none = await mentor.call("GET", `/mentors/me/students?q=${encodeURIComponent("z%")}`);
    expect(none.read(studentPage).data).toEqual([]);
  });
});

describe("what is found", () => {
  it("is ranked by whole words, then beginnings, then what is inside of a word", async () => {
    const inside = await test.makeMentor({ name: "S. Venkataraghavan" });
    const bio = await test.makeMentor({ name: "Ben Bio", settings: { bio: "Worked with Tara." } });
    const prefix = await test.makeMentor({ name: "Tarang Rao" });
    const first = await test.makeMentor({ name: "Tara Iyer" });
    const second = await test.makeMentor({ name: "Tara Iyer", settings: { headline: "Tara, in short" } });
    await test.db.owner.query(
      "update expert_profiles set rating = 5, review_count = 90, review_weight = 90 where id = $1",
      [inside.id],
    );
    await test.db.owner.query("update expert_profiles set rating = 5, review_weight = 3 where id = $1", [
      second.id,
    ]);
    const order = [second, first, prefix, bio, inside].map(({ id }) => id);
    expect((await find("tara")).data.map(({ id }) => id)).toEqual(order);

    const turned: string[] = [];
    let cursor = "";
    do {
      const page = await find("tara", `&limit=1${cursor}`);
      turned.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor ? `&cursor=${page.next_cursor}` : "";
    } while (cursor && turned.length < 9);
    expect(turned).toEqual(order);
  });

  it("is found by its languages", async () => {
    const { id } = await test.makeMentor({
      name: "Polly Glot",
      settings: { languages: ["Malayalam", "हिन्दी"] },
    });
    for (const q of ["malayalam", "हिन्दी", "polly malay"]) {
      expect(
        (await find(q)).data.map((one) => one.id),
        q,
      ).toEqual([id]);
    }
  });

  it("uses the index", async () => {
    await test.db.owner.query("set enable_seqscan = off");
    const { rows } = await test.db.owner.query<{ "QUERY PLAN": string }>(
      "explain select id from expert_profiles where search_text like '%' || fold_for_search('Pràkash') || '%'",
    );
    await test.db.owner.query("reset enable_seqscan");
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("expert_profiles_search_idx");
  });
});
