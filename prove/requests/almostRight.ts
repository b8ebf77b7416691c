import fc from "fast-check";
import type { JsonSchema, Operation } from "../../server/testing/openApi.ts";

/** Values that programs stumble over. */
const nasty: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  -(2 ** 31) - 1,
  1e308,
  "",
  " ",
  "\u0000",
  "\ud800",
  "\u202e\u200b",
  "' or 1=1 --",
  "<img src=x onerror=alert(1)>",
  "../../etc/passwd",
  "%s%n%x",
  "x".repeat(5000),
  "0000-01-01",
  "0001-01-01",
  "9999-12-31",
  "2027-02-30",
  "24:00",
  "25:61",
  "2027-01-01T00:00:00+23:59",
  "0000-01-01T00:00:00Z",
  "2027-01-01T00:00:00.123456789123456789Z",
  "Asia/Kolkata",
  "GMT+5",
  "NaN",
  "Infinity",
  "[object Object]",
  "00000000-0000-0000-0000-000000000000",
  "ABCDEFAB-CDEF-4BCD-8FAB-CDEFABCDEFAB",
  [],
  [[]],
  {},
  { toString: 1 },
  Array.from({ length: 200 }, () => "x"),
];

const anything = fc.oneof(
  fc.constantFrom(...nasty),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: "binary" }),
);

/** Ids, usernames, lengths and prices that exist, under the names of the fields and parameters that take them. */
export type Known = ReadonlyMap<string, string | number>;

/** Mostly what the schema requires; sometimes, anywhere in it, something else. */
function almost(schema: JsonSchema, known: Known, name = ""): fc.Arbitrary<unknown> {
  const honest = honestly(schema, known, name);
  return fc.oneof({ weight: 12, arbitrary: honest }, { weight: 1, arbitrary: anything });
}

/** One that exists, of the right kind for the most part. */
function existing(known: Known, name: string): fc.Arbitrary<string | number> {
  const some = fc.constantFrom(...known.values());
  const right = known.get(name);
  return right === undefined
    ? some
    : fc.oneof({ weight: 6, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: some });
}

function honestly(schema: JsonSchema, known: Known, name: string): fc.Arbitrary<unknown> {
  const choices = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (choices) return fc.oneof(...choices.map((choice) => almost(choice, known, name)));
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.type === "string") return text(schema, known, name);
  if (Array.isArray(schema.examples)) return fc.constantFrom(...schema.examples);
  switch (schema.type) {
    case "object": {
      const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
      const fields = Object.entries(properties).map(
        ([field, inner]) => [field, almost(inner, known, field)] as const,
      );
      const required = (schema.required ?? []) as string[];
      const whole = fc.record(Object.fromEntries(fields), { requiredKeys: required });
      const extra = fc.dictionary(
        fc.constantFrom("id", "role", "price", "__proto_", "constructor"),
        anything,
      );
      return fc.oneof(
        { weight: 8, arbitrary: whole },
        { weight: 1, arbitrary: fc.tuple(whole, extra).map(([value, more]) => ({ ...value, ...more })) },
        { weight: 1, arbitrary: fc.record(Object.fromEntries(fields), { requiredKeys: [] }) },
      );
    }
    case "array":
      return fc.array(almost((schema.items ?? {}) as JsonSchema, known, name), { maxLength: 4 });
    case "integer":
    case "number": {
      if (known.has(name)) return existing(known, name);
      const min = Number(schema.minimum ?? 0);
      return fc.integer({ min, max: Math.min(Number(schema.maximum ?? 500), min + 500) });
    }
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return anything;
  }
}

/** Days around today, as most dates are. */
const dates = fc
  .integer({ min: -3, max: 40 })
  .map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));

function text(schema: JsonSchema, known: Known, name: string): fc.Arbitrary<unknown> {
  switch (schema.format) {
    case "uuid":
      return existing(known, name);
    case "date":
      return dates;
    case "date-time":
      return fc
        .tuple(dates, fc.integer({ min: 10, max: 23 }))
        .map(([date, hour]) => `${date}T${hour}:30:00Z`);
    case "email":
      return fc.constant("somebody@example.com");
  }
  if (Array.isArray(schema.examples)) return fc.constantFrom(...schema.examples);
  if (typeof schema.pattern === "string") return fc.stringMatching(new RegExp(schema.pattern));
  const most = Math.min(Number(schema.maxLength ?? 40), 40);
  return fc.string({ minLength: Math.min(Number(schema.minLength ?? 0), most), maxLength: most });
}

export interface AlmostRight {
  path: string;
  /** A value to be sent as JSON, or a text to be sent unchanged. */
  body: unknown;
  mediaType: string;
}

/** A request to one operation: path and query parameters and a body that are almost right. */
export function requestTo(
  path: string,
  { parameters, requestBody }: Operation,
  known: Known,
): fc.Arbitrary<AlmostRight> {
  const schema = requestBody?.content["application/json"]?.schema;
  const values = parameters
    .filter(({ in: place }) => place !== "header")
    .map(({ name, in: place, required = false, schema: inner }) => {
      const value =
        place === "path"
          ? fc.oneof({ weight: 5, arbitrary: existing(known, name) }, { weight: 1, arbitrary: anything })
          : almost(inner, known, name);
      return fc.tuple(fc.constant(name), fc.constant(place), required ? value : fc.option(value));
    });
  const good = schema ? almost(schema, known) : fc.constant(undefined);
  const body = fc.oneof({ weight: 15, arbitrary: good }, { weight: 1, arbitrary: good.chain(brokenJson) });
  return fc
    .record({
      chosen: fc.tuple(...values),
      body,
      mediaType: fc.oneof(
        { weight: 20, arbitrary: fc.constant("application/json") },
        { weight: 1, arbitrary: fc.constantFrom(...mediaTypes) },
      ),
    })
    .map(({ chosen, ...rest }) => {
      let address = path;
      const query = new URLSearchParams();
      for (const [name, place, value] of chosen) {
        if (place === "path") address = address.replace(`{${name}}`, encode(value));
        else if (value !== null) query.append(name, spell(value));
      }
      return { path: query.size > 0 ? `${address}?${query}` : address, ...rest };
    });
}

const mediaTypes = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "json",
  "application/json; charset=utf-7",
];

/** The text of a body that breaks off, or goes on. */
function brokenJson(body: unknown): fc.Arbitrary<string> {
  const text = JSON.stringify(body) ?? "{}";
  return fc.oneof(
    fc.nat({ max: Math.max(text.length - 1, 0) }).map((end) => text.slice(0, end)),
    fc.constantFrom("}", ",", "\u0000", "[1").map((more) => text + more),
  );
}

function spell(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function encode(value: unknown): string {
  return encodeURIComponent(spell(value).toWellFormed()) || "%20";
}
