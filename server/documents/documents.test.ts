import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { documentPage, type MoneyDocument, moneyDocument } from "#contract/documents.ts";
import { payment } from "#contract/payments.ts";
import { billingDetails, taxSettings } from "#contract/tax.ts";
import { bookAny, letEnd } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { whileRewritten } from "../testing/rewriteFunction.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { storePlatformDetails } from "./platformDetails.ts";

let test: TestApp;
let provider: TestProvider;
let mentor: Mentor;
let student: Person;
let stranger: Person;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  [student, stranger] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(() => test.close());
beforeEach(async () => {
  provider.refundsAtOnce = true;
  mentor = await test.makeMentor({ settings: { instant_confirm: true } });
});

const rows = async (text: string, ...values: unknown[]) => (await test.db.owner.query(text, values)).rows;

async function pay(): Promise<Booking> {
  const held = await bookAny(student, mentor);
  (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
  const { id } = (await student.call("GET", `/bookings/${held.id}/payment`)).read(payment);
  provider.pay(provider.orderOf(id).id);
  (await student.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200);
  return held;
}

async function list(who: Person, query = "") {
  return (await who.call("GET", `/documents${query}`)).expect(200).read(documentPage);
}

/** The documents of a booking as a person sees them, oldest first. */
async function documentsOf({ id }: Booking, who: Person = student): Promise<MoneyDocument[]> {
  const { data } = await list(who, `?booking_id=${id}`);
  const found = data.toReversed().map(async (one) => {
    const whole = (await who.call("GET", `/documents/${one.id}`)).expect(200).read(moneyDocument);
    expect(whole).toMatchObject(one);
    return whole;
  });
  return Promise.all(found);
}

const taxes = {
  enabled: true,
  legal_name: "Asha Rao Coaching",
  address: "12 MG Road\nBengaluru 560001",
  state_code: "29",
  gstin: "29ABCDE1234F1ZW",
};

async function cancel({ id }: Booking): Promise<void> {
  (await student.call("POST", `/bookings/${id}/cancel`)).expect(200).read(booking);
  await runJobs(test.db, { provider });
}

describe("a captured payment", () => {
  it("has one receipt, for its student and in the mentor's name", async () => {
    const paid = await pay();
    (await student.call("POST", `/bookings/${paid.id}/payment/refresh`)).expect(200);
    const [receipt, ...others] = await documentsOf(paid);
    expect(others).toEqual([]);
    expect(receipt).toMatchObject({
      kind: "receipt",
      number: expect.stringMatching(/^TR\/\d\d-\d\d\/000001$/),
      sandbox: true,
      booking_id: paid.id,
      total: 2000,
      issuer: { name: "Asha Rao", gstin: null },
      recipient: { name: paid.user_name },
      session: { title: "1:1 session", starts_at: expect.any(String), minutes: 60 },
      lines: [{ kind: "session", amount: 2000 }],
      tax: null,
      payment: { method: "upi", reference: expect.stringMatching(/^pay_/) },
    });
    expect(await documentsOf(paid, mentor)).toEqual([receipt]);
  });

  it("has none before it is captured", async () => {
    const held = await bookAny(student, mentor);
    (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
    expect(await documentsOf(held)).toEqual([]);
  });

  it("has a receipt that does not change with what it was made of", async () => {
    const paid = await pay();
    const [before] = await documentsOf(paid);
    (await mentor.call("PATCH", "/mentors/me", { full_name: "Another Name" })).expect(200);
    (await mentor.call("PUT", "/mentors/me/tax", taxes)).expect(200);
    expect(await documentsOf(paid)).toEqual([before]);
  });

  it("with GST has a tax invoice that contains CGST and SGST within the State", async () => {
    (await mentor.call("PUT", "/mentors/me/tax", taxes)).expect(200);
    (await student.call("PUT", "/me/billing", { name: "Ravi Kumar", state_code: "29" })).expect(200);
    const [invoice] = await documentsOf(await pay());
    expect(invoice).toMatchObject({
      issuer: { name: taxes.legal_name, address: taxes.address, state_code: "29", gstin: taxes.gstin },
      recipient: { name: "Ravi Kumar", state_code: "29" },
      tax: {
        sac: "999293",
        rate: 18,
        place_of_supply: "29",
        taxable: 1694.92,
        cgst: 152.54,
        sgst: 152.54,
        igst: 0,
      },
    });
  });

  it("with GST for another State has IGST; without a State, the place of supply is the mentor's", async () => {
    (await mentor.call("PUT", "/mentors/me/tax", { ...taxes, rate: 5 })).expect(200);
    const billing = { state_code: "27", gstin: " 27abcde1234f1z0 ", address: "Pune" };
    (await student.call("PUT", "/me/billing", billing)).expect(200);
    const [invoice] = await documentsOf(await pay());
    expect(invoice?.recipient).toMatchObject({ gstin: "27ABCDE1234F1Z0", address: "Pune" });
    expect(invoice?.tax).toMatchObject({ rate: 5, taxable: 1904.76, cgst: 0, sgst: 0, igst: 95.24 });
    (await student.call("PUT", "/me/billing", {})).expect(200);
    const [other] = await documentsOf(await pay());
    expect(other?.tax).toMatchObject({ place_of_supply: "29", cgst: 47.62, sgst: 47.62, igst: 0 });
  });
});

describe("a refund", () => {
  it("has a credit note that names the receipt, once it is done", async () => {
    (await mentor.call("PUT", "/mentors/me/tax", taxes)).expect(200);
    const paid = await pay();
    provider.refundsAtOnce = false;
    await cancel(paid);
    expect(await documentsOf(paid)).toHaveLength(1);
    provider.settleRefunds("done");
    (await student.call("POST", `/bookings/${paid.id}/payment/refresh`)).expect(200);
    (await student.call("POST", `/bookings/${paid.id}/payment/refresh`)).expect(200);
    const [receipt, note, ...others] = await documentsOf(paid);
    expect(others).toEqual([]);
    expect(note).toMatchObject({
      kind: "credit_note",
      number: expect.stringMatching(/^TC\/\d\d-\d\d\/000001$/),
      total: 2000,
      issuer: { gstin: taxes.gstin },
      lines: [{ kind: "refund", amount: 2000 }],
      refund: { why: "student_cancelled" },
      tax: { taxable: 1694.92, cgst: 152.54, sgst: 152.54 },
    });
    expect(note?.receipt?.number).toBe(receipt?.number);
  });

  it("that failed and is repeated has one credit note, when it is done at last", async () => {
    const paid = await pay();
    provider.refundsAtOnce = false;
    await cancel(paid);
    provider.settleRefunds("failed");
    (await student.call("POST", `/bookings/${paid.id}/payment/refresh`)).expect(200);
    expect(await documentsOf(paid)).toHaveLength(1);
    const [again] = await rows(
      `select private.request_refund(r.expert_id, r.payment_id, r.attempt_id, r.amount_minor, r.why, r.id) as id
       from refunds r join payments p on p.id = r.payment_id and p.expert_id = r.expert_id
       where p.booking_id = $1 and p.expert_id = $2`,
      paid.id,
      mentor.id,
    );
    await rows("select private.note_refund($1, $2, 'done', 'rfnd_2')", mentor.id, again.id);
    await rows("select private.issue_credit_note($1, r.id) from refunds r where r.expert_id = $1", mentor.id);
    expect((await documentsOf(paid)).map(({ kind }) => kind)).toEqual(["receipt", "credit_note"]);
  });

  it("of a part has the tax of that part", async () => {
    (await mentor.call("PUT", "/mentors/me/tax", taxes)).expect(200);
    const paid = await pay();
    await rows("set session_replication_role = replica");
    await rows(
      "update bookings set starts_at = now() + interval '5 hours', ends_at = now() + interval '6 hours' where id = $1",
      paid.id,
    );
    await rows("reset session_replication_role");
    await cancel(paid);
    const [, note] = await documentsOf(paid);
    expect(note).toMatchObject({ total: 1000, tax: { taxable: 847.46, cgst: 76.27, sgst: 76.27, igst: 0 } });
  });

  it("of a second payment has none: it had no receipt", async () => {
    const paid = await pay();
    const { id } = (await student.call("GET", `/bookings/${paid.id}/payment`)).read(payment);
    provider.pay(provider.orderOf(id).id);
    (await student.call("POST", `/bookings/${paid.id}/payment/refresh`)).expect(200);
    await runJobs(test.db, { provider });
    expect(await documentsOf(paid)).toHaveLength(1);
  });
});

describe("the platform's fee", () => {
  async function earn(): Promise<Booking> {
    const paid = await pay();
    await letEnd(test.db, paid.id, 80);
    await rows("update bookings set status = 'completed' where id = $1", paid.id);
    await rows("update payments set due_at = now() - interval '1 second' where booking_id = $1", paid.id);
    await rows("select private.earn_payments($1, 10)", mentor.id);
    return paid;
  }

  /** Sends 500 back, which the payer's bank returns and which is sent again. */
  async function refundTwice(earned: Booking): Promise<void> {
    const [found] = await rows(
      "select p.id, p.accepted_attempt_id as attempt from payments p where p.booking_id = $1 and p.expert_id = $2",
      earned.id,
      mentor.id,
    );
    const request = async (retries: string | null) => {
      const [refund] = await rows(
        "select private.request_refund($1, $2, $3, 50000, 'administrator', $4) as id",
        mentor.id,
        found.id,
        found.attempt,
        retries,
      );
      return refund.id as string;
    };
    const note = (refund: string, state: string) =>
      rows("select private.note_refund($1, $2, $3, $4)", mentor.id, refund, state, `rfnd_${refund}`);
    const first = await request(null);
    await note(first, "done");
    await note(first, "failed");
    await note(await request(first), "done");
  }

  it("has an invoice for the mentor alone", async () => {
    const earned = await earn();
    const [receipt, invoice, ...others] = await documentsOf(earned, mentor);
    expect(others).toEqual([]);
    expect(receipt?.kind).toBe("receipt");
    expect(invoice).toMatchObject({
      kind: "fee_invoice",
      number: expect.stringMatching(/^TF\/\d\d-\d\d\/\d{6}$/),
      total: 200,
      issuer: { name: "MatePeak" },
      recipient: { name: "Asha Rao" },
      fee: { percent: 10, of: 2000 },
      tax: null,
    });
    expect((await documentsOf(earned)).map(({ kind }) => kind)).toEqual(["receipt"]);
    (await student.call("GET", `/documents/${invoice?.id}`)).problem("document_not_found");
  });

  it("has a credit note for the mentor alone, once a refund gave part of it back, and a message", async () => {
    const earned = await earn();
    await refundTwice(earned);
    const all = await documentsOf(earned, mentor);
    expect(all.map(({ kind }) => kind)).toEqual(["receipt", "fee_invoice", "credit_note", "fee_credit_note"]);
    const [, invoice, , credit] = all;
    expect(credit).toMatchObject({
      number: expect.stringMatching(/^TN\/\d\d-\d\d\/\d{6}$/),
      total: 50,
      issuer: { name: "MatePeak" },
      recipient: { name: "Asha Rao" },
      lines: [{ kind: "fee_returned", amount: 50 }],
      refund: { why: "administrator" },
      receipt: { number: invoice?.number },
      tax: null,
      fee: null,
    });
    expect((await documentsOf(earned)).map(({ kind }) => kind)).toEqual(["receipt", "credit_note"]);
    (await student.call("GET", `/documents/${credit?.id}`)).problem("document_not_found");
    const page = (await mentor.call("GET", `/documents/${credit?.id}.html`)).expect(200).text;
    expect(page).toContain("For invoice");
    const events = await rows(
      "select kind, amount_minor from money_events where booking_id = $1 and expert_id = $2 and kind = 'fee_returned'",
      earned.id,
      mentor.id,
    );
    expect(events).toEqual([{ kind: "fee_returned", amount_minor: 5000 }]);
  });

  it("twin: without the look at what was issued, the mentor hears of it twice", async () => {
    const earned = await earn();
    await whileRewritten(
      test.db,
      ["private.return_fee", "d.kind = 'fee_credit_note'"],
      "d.kind = 'nothing'",
      () => refundTwice(earned),
    );
    const events = await rows(
      "select from money_events where booking_id = $1 and expert_id = $2 and kind = 'fee_returned'",
      earned.id,
      mentor.id,
    );
    expect(events).toHaveLength(2);
  });

  it("that was not taken has no credit note when it is refunded", async () => {
    const paid = await pay();
    await cancel(paid);
    expect((await documentsOf(paid, mentor)).map(({ kind }) => kind)).toEqual(["receipt", "credit_note"]);
  });

  it("has GST once the platform has a GSTIN", async () => {
    await storePlatformDetails(test.db.database, {
      legalName: "MatePeak Private Limited",
      address: "Pune",
      stateCode: "27",
      gstin: "27ABCDE1234F1Z0",
      sac: "998599",
      taxBasisPoints: 1800,
    });
    const [, invoice] = await documentsOf(await earn(), mentor);
    expect(invoice).toMatchObject({
      issuer: { name: "MatePeak Private Limited", gstin: "27ABCDE1234F1Z0" },
      tax: { sac: "998599", place_of_supply: "27", taxable: 169.49, cgst: 15.26, sgst: 15.25 },
    });
  });
});

describe("reading", () => {
  it("is for the parties: a stranger is told that there is nothing", async () => {
    const paid = await pay();
    const [receipt] = await documentsOf(paid);
    for (const form of ["", ".html", ".pdf"]) {
      const path = `/documents/${receipt?.id}${form}`;
      (await stranger.call("GET", path)).problem("document_not_found");
      expect((await test.visitor("GET", path)).status).toBe(401);
      expect((await mentor.call("GET", path)).status).toBe(200);
    }
    (await stranger.call("GET", `/documents?booking_id=${paid.id}`)).problem("booking_not_found");
    expect((await list(stranger)).data).toEqual([]);
    (await student.call("GET", "/documents/01930000-0000-7000-8000-000000000001")).problem(
      "document_not_found",
    );
    expect((await student.call("GET", "/documents/nonsense.pdf")).status).toBe(404);
  });

  it("as a page and as a PDF, with headers of their own", async () => {
    const [receipt] = await documentsOf(await pay());
    const page = (await student.call("GET", `/documents/${receipt?.id}.html`)).expect(200);
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.headers["cache-control"]).toBe("no-store");
    expect(page.text).toContain(receipt?.number);
    expect(page.text).toContain("Rupees two thousand only");
    const pdf = (await student.call("GET", `/documents/${receipt?.id}.pdf`)).expect(200);
    expect(pdf.headers["content-type"]).toBe("application/pdf");
    expect(pdf.headers["content-disposition"]).toMatch(
      /^inline; filename="receipt-tr-\d\d-\d\d-000001\.pdf"$/,
    );
    expect(pdf.text.startsWith("%PDF-")).toBe(true);
  });

  it("comes in pages, newest first, and by kind", async () => {
    const [reader] = (await test.signUpCrowd(1)) as [Person];
    const before = student;
    student = reader;
    try {
      for (let count = 0; count < 3; count++) await pay();
    } finally {
      student = before;
    }
    const first = await list(reader, "?limit=2");
    const second = await list(reader, `?limit=2&cursor=${encodeURIComponent(first.next_cursor ?? "")}`);
    expect([...first.data, ...second.data].map(({ number }) => number.slice(-1))).toEqual(["3", "2", "1"]);
    expect(second.next_cursor).toBeNull();
    expect((await list(reader, "?kind=credit_note")).data).toEqual([]);
    expect((await reader.call("GET", "/documents?kind=bill")).status).toBe(422);
    const cursor = Buffer.from(JSON.stringify(["yesterday", reader.id])).toString("base64url");
    expect((await reader.call("GET", `/documents?cursor=${cursor}`)).status).toBe(422);
  });
});

describe("tax settings", () => {
  const put = (body: unknown) => mentor.call("PUT", "/mentors/me/tax", body);

  it("are off until a mentor switches them on", async () => {
    const usual = { enabled: false, legal_name: null, address: null, state_code: null, gstin: null };
    expect((await mentor.call("GET", "/mentors/me/tax")).read(taxSettings)).toEqual({
      ...usual,
      sac: "999293",
      rate: 18,
    });
    const saved = { ...taxes, sac: "999299", rate: 12.5 };
    expect((await put(saved)).expect(200).read(taxSettings)).toEqual(saved);
    expect((await mentor.call("GET", "/mentors/me/tax")).read(taxSettings)).toEqual(saved);
    expect((await put({ enabled: false, gstin: "", legal_name: " " })).expect(200).read(taxSettings)).toEqual(
      {
        ...usual,
        sac: "999293",
        rate: 18,
      },
    );
  });

  it.each<[Record<string, unknown>, string]>([
    [{ gstin: "29ABCDE1234F1ZX" }, "gstin"],
    [{ gstin: "short" }, "gstin"],
    [{ state_code: "27" }, "state_code"],
    [{ state_code: "99" }, "state_code"],
    [{ address: null }, "address"],
    [{ legal_name: "\u200b" }, "legal_name"],
    [{ address: "x".repeat(301) }, "address"],
    [{ sac: "12" }, "sac"],
    [{ rate: 18.001 }, "rate"],
    [{ rate: -1 }, "rate"],
    [{ rate: 101 }, "rate"],
  ])("refuse %j", async (change, field) => {
    const { errors } = (await put({ ...taxes, ...change })).problem("validation_failed");
    expect(errors?.map((error) => error.field)).toContain(field);
  });

  it("are a mentor's, and billing details anyone's", async () => {
    (await student.call("GET", "/mentors/me/tax")).problem("not_a_mentor");
    (await student.call("PUT", "/mentors/me/tax", taxes)).problem("not_a_mentor");
    const details = { name: "Ravi", address: "Pune", state_code: "27", gstin: null };
    expect((await stranger.call("PUT", "/me/billing", details)).read(billingDetails)).toEqual(details);
    expect((await stranger.call("GET", "/me/billing")).read(billingDetails)).toEqual(details);
    const { errors } = (await stranger.call("PUT", "/me/billing", { gstin: taxes.gstin })).problem(
      "validation_failed",
    );
    expect(errors?.[0]?.field).toBe("state_code");
  });
});
