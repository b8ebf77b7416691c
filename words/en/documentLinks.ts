/** Links to receipts, fee invoices and credit notes, and the forms for what they say. Amounts and dates come formatted. */

export const documentLinks = {
  title: "Documents",
  show: "Documents",
  loading: "Loading documents…",
  failed: "Couldn’t load the documents.",
  none: "There are no documents for this payment.",
  noneForMentor: "No documents yet. The invoice for our fee appears when the money is yours.",
  kinds: {
    receipt: "Receipt",
    fee_invoice: "Fee invoice",
    credit_note: "Credit note",
    fee_credit_note: "Credit note for our fee",
  },
  open: "Open",
  pdf: "PDF",
  /** Spoken instead of "Open" and "PDF". */
  openNamed: (name: string) => `Open ${name}`,
  pdfNamed: (name: string) => `${name} as PDF`,
  named: (kind: string, number: string) => `${kind} ${number}`,
  sandbox: "Not real money",
};

/** The document that a mail links to. */
export const openedDocument = {
  missing: "This document isn’t here",
  missingText: "It may belong to another account. Check which one you’re signed in with.",
  failed: "Couldn’t load this document",
  close: "Show everything",
};

const parties = {
  address: "Address",
  state: "State",
  noState: "Not given",
  gstin: "GSTIN",
  gstinHint: "15 characters. Leave blank if you’re not registered for GST.",
  saved: "Saved for documents from now on",
  failed: "Couldn’t load these details",
  save: "Save",
};

export const billingForm = {
  ...parties,
  title: "Billing details",
  lead: "For your receipts from now on. All of it is optional.",
  name: "Name or company",
  nameHint: "Leave blank to use the name you book with.",
};

export const taxForm = {
  ...parties,
  title: "Tax",
  lead: "What the documents for your students say. It counts for new documents only.",
  askTitle: "Ask an accountant",
  ask: "Whether you have to register for GST, and which code and rate apply, depends on your case. What’s filled in here is no advice.",
  enabled: "Charge GST",
  enabledDetail: "Receipts become tax invoices. Your prices stay the same and include the tax.",
  legalName: "Legal name",
  stateHint: "The first two digits of your GSTIN.",
  placeOfSupply:
    "Students in your State are charged CGST and SGST, others IGST. Students who give no State count as in yours.",
  sac: "SAC code",
  sacHint: "Six digits that begin with 99.",
  missing: "Please fill this in.",
  rate: "Rate in percent",
  rateMissing: "Enter a rate, such as 18.",
};
