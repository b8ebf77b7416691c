import { readdir, readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { baseline } from "../schemaFiles.ts";
import { contractionsIn } from "./expansions.ts";

const folder = new URL("../migrations/", import.meta.url);

it("an older version can serve after each of our migrations", async () => {
  const names = (await readdir(folder)).filter((name) => name !== baseline);
  const found = names.map(async (name) => contractionsIn(await readFile(new URL(name, folder), "utf8")));
  expect((await Promise.all(found)).flat()).toEqual([]);
});

it.each([
  "alter table public.services drop column title",
  "drop table public.services",
  "alter table public.services rename column title to name",
  "alter table public.services rename title to name",
  "alter table public.services alter column capacity type bigint",
  "alter table public.services alter title set not null",
  "alter table public.services add column place text not null",
  "alter table public.services alter enabled drop default",
  "alter table public.services add constraint services_titled check (title <> '')",
  "alter table public.services add unique (title)",
])("twin: “%s” is found, or all processes must be stopped for it", (sql) => {
  expect(contractionsIn(`-- Adds nothing.\n${sql};`)).toHaveLength(1);
  expect(contractionsIn(`-- Stops all processes: as the CHANGELOG says.\n${sql};`)).toEqual([]);
});

it.each([
  "alter table public.services add column place text",
  "alter table public.services add column place text not null default ''",
  "alter table public.services add constraint services_titled check (title <> '') not valid",
  "create table private.things (id uuid primary key, note text not null, unique (note))",
  "create index things_idx on public.services (title)",
  "insert into private.things values ('drop column')",
])("“%s” only adds", (sql) => {
  expect(contractionsIn(sql)).toEqual([]);
});
