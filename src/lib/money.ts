const formats = new Map<string, Intl.NumberFormat>();

/** Amount in major units -> '₹1,50,000', '₹499.50' or 'Free'. The page is English, the grouping India's. */
export function formatMoney(amount: number, currency = "INR"): string {
  return amount === 0 ? "Free" : formatAmount(amount, currency);
}

/** The same, but null when nothing is charged: for sentences that say so in their own way. */
export function formatPrice(amount: number, currency = "INR"): string | null {
  return amount === 0 ? null : formatAmount(amount, currency);
}

/** The same, but zero stays a number: for the lines of a sum. */
export function formatAmount(amount: number, currency = "INR"): string {
  const digits = Number.isInteger(amount) ? 0 : 2;
  const key = `${currency} ${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat("en-IN", {
      style: "currency",
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formats.set(key, format);
  }
  return format.format(amount);
}
