import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownServiceList, service } from "#contract/services.ts";
import { openTestProvider } from "../testing/paymentProvider.ts";
import { type Mentor, openTestApp, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let asha: Mentor;
const usual = { session_type: "oneOnOneSession", title: "Review", durations: [{ minutes: 60, price: 2000 }] };
beforeAll(async () => {
  test = await openTestApp({
    payments: { provider: openTestProvider(), collecting: { feeBasisPoints: 1_234 } },
  });
  asha = await test.makeMentor();
});
afterAll(() => test.close());

const add = (policy: object) => asha.call("POST", "/mentors/me/services", { ...usual, ...policy });
const strict = { refund_full_cutoff: 4320, refund_partial_cutoff: 1440, refund_partial_percent: 25 };

describe("the refund policy of a service", () => {
  it("is full until 24 hours and half until 2 hours before, unless the mentor says otherwise", async () => {
    expect((await add({})).expect(201).read(service)).toMatchObject({
      refund_full_cutoff: 1440,
      refund_partial_cutoff: 120,
      refund_partial_percent: 50,
    });
    expect((await add(strict)).expect(201).read(service)).toMatchObject(strict);
  });

  it.each([
    ["refund_full_cutoff", { refund_full_cutoff: 43_201 }],
    ["refund_partial_cutoff", { refund_partial_cutoff: -1 }],
    ["refund_partial_percent", { refund_partial_percent: 101 }],
    ["refund_partial_percent", { refund_partial_percent: 12.5 }],
    ["refund_partial_cutoff", { refund_full_cutoff: 60, refund_partial_cutoff: 61 }],
    // Together with what the other field is by default.
    ["refund_partial_cutoff", { refund_full_cutoff: 60 }],
  ])("refuses at %s: %o", async (field, policy) => {
    expect((await add(policy)).problem("validation_failed").errors?.[0]?.field).toBe(field);
  });

  it("is judged as it would be after a change of one of its fields", async () => {
    const { id } = (await add(strict)).read(service);
    const change = (policy: object) => asha.call("PATCH", `/mentors/me/services/${id}`, policy);
    const refused = (await change({ refund_full_cutoff: 1439 })).problem("validation_failed");
    expect(refused.errors?.[0]?.field).toBe("refund_partial_cutoff");
    expect((await change({ refund_full_cutoff: 1440 })).read(service).refund_full_cutoff).toBe(1440);
    expect((await change({ refund_partial_percent: 0 })).read(service)).toMatchObject({
      ...strict,
      refund_full_cutoff: 1440,
      refund_partial_percent: 0,
    });
  });

  it("is public", async () => {
    const page = (await test.visitor("GET", `/mentors/${asha.id}`)).json as { services: unknown[] };
    expect(page.services).toContainEqual(expect.objectContaining({ refund_partial_percent: 25 }));
  });
});

describe("the platform's fee", () => {
  it("is with the mentor's own services", async () => {
    const own = (await asha.call("GET", "/mentors/me/services")).read(ownServiceList);
    expect(own.fee_percent).toBe(12.34);
  });
});
