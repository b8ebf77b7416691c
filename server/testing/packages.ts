import { ownPackage, packagePurchase, purchasePayment } from "#contract/offers.ts";
import { checkout } from "#contract/payments.ts";
import type { TestProvider } from "./paymentProvider.ts";
import type { Mentor, Person } from "./testApp.ts";

export interface BoughtPackage {
  id: string;
  paymentId: string;
  /** At the provider. */
  orderId: string;
}

/** Offers a package of hours of the mentor's first service, and takes its purchase as far as the provider's checkout. */
export async function beginPurchase(
  provider: TestProvider,
  student: Person,
  mentor: Mentor,
  wishes: object = {},
): Promise<BoughtPackage> {
  const terms = { service_id: mentor.services[0]?.id, minutes: 60, sessions: 3, price: 4000, valid_days: 90 };
  const offered = (await mentor.call("POST", "/mentors/me/packages", { ...terms, ...wishes }))
    .expect(201)
    .read(ownPackage);
  const { id } = (await student.call("POST", `/packages/${offered.id}/purchases`))
    .expect(201)
    .read(packagePurchase);
  (await student.call("POST", `/package-purchases/${id}/payment/checkout`)).expect(200).read(checkout);
  const owed = (await student.call("GET", `/package-purchases/${id}/payment`)).read(purchasePayment);
  return { id, paymentId: owed.id, orderId: provider.orderOf(owed.id).id };
}

/** As `beginPurchase`, and it is paid. */
export async function buyPackage(...purchase: Parameters<typeof beginPurchase>): Promise<BoughtPackage> {
  const [provider, student] = purchase;
  const bought = await beginPurchase(...purchase);
  provider.pay(bought.orderId);
  (await student.call("POST", `/package-purchases/${bought.id}/payment/refresh`))
    .expect(200)
    .read(purchasePayment);
  return bought;
}
