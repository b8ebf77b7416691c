/** Where a payment is: its mentor's rows. */
export interface PaymentKey {
  mentorId: string;
  paymentId: string;
}
