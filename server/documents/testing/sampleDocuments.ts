import type { DocumentContent } from "../content.ts";
import type { FoundDocument } from "../queries.ts";

const mentor = { name: "Asha Rao", address: null, state_code: null, gstin: null };
const student = { name: "Ravi Kumar", address: null, state_code: null, gstin: null };
const platform = { ...mentor, name: "MatePeak Learning Private Limited" };
const registered = {
  name: "Asha Rao Coaching",
  address: "12 MG Road, 3rd floor\nBengaluru 560001",
  state_code: "29",
  gstin: "29ABCDE1234F1ZW",
};

const content: DocumentContent = {
  issuer: mentor,
  recipient: student,
  platform: platform.name,
  session: {
    title: "1:1 session",
    mentor: "Asha Rao",
    starts_at: "2026-12-01T13:30:00Z",
    minutes: 60,
    timezone: "Asia/Kolkata",
  },
  package: null,
  lines: [{ kind: "session", amount_minor: 200_000 }],
  tax: null,
  payment: { method: "upi", reference: "pay_QxY7Zt2mVbN4Lk", at: "2026-11-29T09:12:00Z" },
  refund: null,
  receipt: null,
  fee: null,
};

type Changes = Partial<Omit<FoundDocument, "content">> & { content?: Partial<DocumentContent> };

function sample({ content: changed, ...changes }: Changes = {}): FoundDocument {
  return {
    id: "01930000-0000-7000-8000-000000000001",
    kind: "receipt",
    number: "R/26-27/000123",
    issued_at: new Date("2026-11-29T09:12:05Z"),
    booking_id: "01930000-0000-7000-8000-000000000002",
    currency: "INR",
    total_minor: 200_000,
    sandbox: false,
    ...changes,
    content: { ...content, ...changed },
  };
}

const longName = `${"Venkatanarasimharajuvaripeta".repeat(4)} ${"Rao ".repeat(20)}`.trim();

/** Documents of every kind, and with names that are hard to set. */
export const sampleDocuments: Readonly<Record<string, FoundDocument>> = {
  receipt: sample(),
  "receipt-sandbox": sample({
    number: "TR/26-27/000001",
    sandbox: true,
    content: {
      payment: { method: "sandbox", reference: "sandbox_01", at: "2026-11-29T09:12:00Z" },
      lines: [
        { kind: "session", amount_minor: 200_000 },
        { kind: "recording", amount_minor: 30_000 },
        { kind: "coupon", amount_minor: -30_000 },
      ],
    },
  }),
  "tax-invoice-same-state": sample({
    content: {
      issuer: registered,
      recipient: { ...student, state_code: "29" },
      tax: {
        sac: "999293",
        rate_basis_points: 1800,
        place_of_supply: "29",
        taxable_minor: 169_492,
        cgst_minor: 15_254,
        sgst_minor: 15_254,
        igst_minor: 0,
      },
    },
  }),
  "tax-invoice-other-state": sample({
    content: {
      issuer: registered,
      recipient: {
        name: "रवि कुमार श्रीवास्तव",
        address: "१२ गांधी मार्ग\nपुणे ४११००१",
        state_code: "27",
        gstin: "27ABCDE1234F1Z0",
      },
      tax: {
        sac: "999293",
        rate_basis_points: 1800,
        place_of_supply: "27",
        taxable_minor: 169_492,
        cgst_minor: 0,
        sgst_minor: 0,
        igst_minor: 30_508,
      },
    },
  }),
  "fee-invoice": sample({
    kind: "fee_invoice",
    number: "F/26-27/000045",
    total_minor: 20_000,
    content: {
      issuer: { ...platform, address: "Pune", state_code: "27", gstin: "27ABCDE1234F1Z0" },
      recipient: registered,
      lines: [{ kind: "fee", amount_minor: 20_000 }],
      payment: null,
      fee: { basis_points: 1000, of_minor: 200_000 },
      tax: {
        sac: "998599",
        rate_basis_points: 1800,
        place_of_supply: "29",
        taxable_minor: 16_949,
        cgst_minor: 0,
        sgst_minor: 0,
        igst_minor: 3_051,
      },
    },
  }),
  "credit-note": sample({
    kind: "credit_note",
    number: "C/26-27/000007",
    total_minor: 100_000,
    content: {
      lines: [{ kind: "refund", amount_minor: 100_000 }],
      refund: { why: "student_cancelled" },
      receipt: { number: "R/26-27/000123", issued_at: "2026-11-29T09:12:05Z" },
    },
  }),
  "fee-credit-note": sample({
    kind: "fee_credit_note",
    number: "N/26-27/000003",
    total_minor: 10_000,
    content: {
      issuer: platform,
      recipient: mentor,
      lines: [{ kind: "fee_returned", amount_minor: 10_000 }],
      payment: null,
      refund: { why: "administrator" },
      receipt: { number: "F/26-27/000045", issued_at: "2026-12-02T04:30:00Z" },
    },
  }),
  scripts: sample({
    content: {
      issuer: { ...mentor, name: "क्षत्रिय श्रीमती प्रकृति कर्म" },
      recipient: { ...student, name: "தமிழ்ச்செல்வி Łukasz Đặng Иван Πάρης" },
      session: { ...content.session!, title: "हिन्दी में बातचीत", mentor: "क्षत्रिय श्रीमती" },
    },
  }),
  "missing-letters": sample({
    content: { recipient: { ...student, name: "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ 李 😀 Singh" } },
  }),
  "hostile-names": sample({
    content: {
      issuer: { ...mentor, name: `<script>alert(1)</script> "O'Neil" & co` },
      recipient: { ...student, name: longName },
      session: { ...content.session!, title: `</title><img src=x onerror=alert(1)>${"x".repeat(90)}` },
    },
  }),
};
