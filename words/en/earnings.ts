/** What mentors earn and how it reaches them: the workspace's page, and the files that are made of it. Amounts and dates come formatted. */

/** The statement as CSV. */
export const earningsCsv = {
  columns: {
    starts_at: "Session (UTC)",
    title: "Service",
    student: "Student",
    paid: "Paid",
    refunded: "Refunded",
    fee: "Platform fee",
    net: "Yours",
    currency: "Currency",
    state: "State",
    due_at: "Due (UTC)",
    booking_id: "Booking",
  },
  states: { held: "Held", paused: "On hold", earned: "Earned", refunded: "Refunded" },
};

/** In the bank's file, beside each payout: letters only, as banks want it. */
export const bankFileRemark = "MatePeak payout";
