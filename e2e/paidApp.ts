/** The server of the journeys in which sessions are paid for; the others book without paying. */
export const paidApp = {
  address: process.env.E2E_PAID_ADDRESS ?? "",
  dataDir: process.env.E2E_PAID_DATA_DIR ?? "",
};
