/** A mentor's coupons: the list, the form and what each one is called. Amounts and days come formatted. */

export const offersPage = {
  lead: "Give students a reason to book: a code that takes something off, or several sessions for less.",
};

export const couponList = {
  title: "Coupons",
  loading: "Loading your coupons…",
  failed: "Couldn’t load your coupons",
  none: "No coupons yet",
  whatFor: "A coupon is a code that takes something off your price. You choose who gets it.",
  add: "Add a coupon",
  addFirst: "Add your first coupon",
  percentOff: (percent: string) => `${percent} off`,
  amountOff: (amount: string) => `${amount} off`,
  uses: (uses: number) => `${uses.toLocaleString("en")} used`,
  usesOf: ({ uses, max }: { uses: number; max: number }) =>
    `${uses.toLocaleString("en")} of ${max.toLocaleString("en")} used`,
  perStudent: (times: number) =>
    times === 1 ? "Once per student" : `Up to ${times.toLocaleString("en")} times per student`,
  perStudentUnlimited: "Any number per student",
  from: (day: string) => `From ${day}`,
  until: (day: string) => `Until ${day}`,
  noEnd: "No end date",
  allServices: "All services",
  firstOnly: "First sessions only",
  /** A service that was deleted since. */
  goneService: "A deleted service",
  accept: (code: string) => `Accept ${code}`,
  stopped: (code: string) => `${code} isn’t accepted any more`,
  started: (code: string) => `${code} is accepted`,
  copied: (code: string) => `${code} copied`,
  notCopied: (code: string) => `Couldn’t copy. The code is ${code}.`,
};

export const couponActions = {
  copy: ({ code }: { code: string }) => `Copy ${code}`,
  edit: ({ code }: { code: string }) => `Edit ${code}`,
  delete: ({ code }: { code: string }) => `Delete ${code}`,
};

/** Whether students can use a coupon now. */
export const couponStates = {
  active: "Active",
  scheduled: "Not yet valid",
  ended: "Expired",
  usedUp: "Used up",
  stopped: "Stopped",
};

export const couponForm = {
  addTitle: "Add a coupon",
  editTitle: (code: string) => `Edit ${code}`,
  code: "Code",
  codeHint: "Letters, digits and hyphens, such as WELCOME-20.",
  discount: "What it takes off",
  percent: "A percentage",
  amount: "An amount",
  percentLabel: "Percent off",
  amountLabel: "Rupees off",
  fixed: "The code and what it takes off can’t change: students may have been told of them.",
  from: "First day",
  until: "Last day",
  zone: (zone: string) => `Days in ${zone}`,
  maxUses: "Uses in all",
  maxPerStudent: "Uses per student",
  noLimit: "Empty: no limit",
  services: "Services",
  all: "All services",
  some: "Only some",
  firstOnly: "First sessions only",
  firstOnlyDetail: "For students who haven’t booked with you before.",
  add: "Add coupon",
  save: "Save coupon",
  added: (code: string) => `${code} added`,
  saved: (code: string) => `${code} saved`,
};

export const couponErrors = {
  noCode: "Enter a code.",
  percent: "Enter a percentage from 1 to 100.",
  amount: "Enter an amount, such as 500.",
  uses: (most: number) => `Enter a whole number from 1 to ${most.toLocaleString("en")}, or nothing.`,
  untilBeforeFrom: "The last day is before the first.",
  noService: "Choose at least one service.",
};

export const deleteCoupon = {
  title: "Delete this coupon?",
  lead: ({ code }: { code: string }) =>
    `Students can’t use ${code} any more. Sessions that were booked with it keep their price.`,
  keep: "Keep it",
  confirm: "Delete coupon",
  done: (code: string) => `${code} deleted`,
};
