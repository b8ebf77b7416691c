/** Where providers send the payer back to: the page of the payment, which then asks how it went. */
export function returnAddress(page: string): string {
  return `${page}?returned=1`;
}

/** What the address says about a return; the server is asked either way. */
export function readReturn(search: URLSearchParams) {
  return {
    hasReturned: search.has("returned"),
    // Stripe adds its own parameter.
    expectsPayment: search.get("redirect_status") === "succeeded",
  };
}
