import { moneyOfMinor } from "#rules/money.ts";
import { type CouponDiscount, type PriceTerms, priceLines } from "#rules/priceLines.ts";
import { couponRefusals, creditRefusals, offerRefusals } from "#words/refusals.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { OfferedService } from "../slots/queries.ts";

/** What a student asks to pay less with. */
export interface AskedOffers {
  coupon_code?: string | undefined;
  package_purchase_id?: string | undefined;
}

interface CouponRow {
  id: string;
  service_ids: string[] | null;
  basis_points: number | null;
  amount_minor: number | null;
  currency: string;
  refusal: keyof typeof couponRefusals | null;
}

interface Asking extends AskedOffers {
  mentorId: string;
  studentId: string;
  service: OfferedService;
  duration: number;
}

/** How a coupon and a bought package change a price, and what the booking refers to. */
export interface UsableOffers extends Pick<PriceTerms, "coupon" | "credit"> {
  couponId: string | null;
  purchaseId: string | null;
}

export const noOffers: UsableOffers = { couponId: null, purchaseId: null };

export function asksForOffers({ coupon_code, package_purchase_id }: AskedOffers): boolean {
  return coupon_code !== undefined || package_purchase_id !== undefined;
}

/**
 * Returns what the coupon and the package do to the price. Final under the mentor's lock only.
 * @throws Refusal `coupon_not_found`, `coupon_not_usable`, `package_not_usable`
 */
export async function findOffers(
  { client }: Pick<SystemTx, "client">,
  asking: Asking,
): Promise<UsableOffers> {
  const { mentorId, studentId, service, duration, coupon_code, package_purchase_id } = asking;
  let found = noOffers;
  if (coupon_code !== undefined) {
    const asked = { mentorId, studentId, code: coupon_code, services: [service.id] };
    const { id, discount } = await findCoupon({ client }, asked);
    found = { ...found, couponId: id, coupon: discount };
  }
  if (package_purchase_id !== undefined) {
    const { rows } = await client.query<{ refusal: keyof typeof creditRefusals | "" }>({
      name: "credit_refusal",
      text: "select private.credit_refusal($1, $2, $3, $4, $5) as refusal",
      values: [mentorId, package_purchase_id, studentId, service.id, duration],
    });
    const refusal = rows[0]?.refusal ?? "unknown";
    if (refusal !== "") {
      throw refuseField("package_purchase_id", creditRefusals[refusal], "package_not_usable");
    }
    found = { ...found, purchaseId: package_purchase_id, credit: true };
  }
  return found;
}

export interface UsableCoupon {
  id: string;
  discount: CouponDiscount;
  /** Those of the services that it is for. */
  isFor: (serviceId: string) => boolean;
}

/**
 * Returns a coupon that the student can use: for one session, or once for several that are booked together, if it is for any of
 * their services. Final under the mentor's lock only.
 * @throws Refusal `coupon_not_found`, `coupon_not_usable`
 */
export async function findCoupon(
  { client }: Pick<SystemTx, "client">,
  asked: {
    mentorId: string;
    studentId: string;
    code: string;
    services: readonly string[];
    areTogether?: boolean;
  },
): Promise<UsableCoupon> {
  const { mentorId, studentId, code, services, areTogether = false } = asked;
  const { rows } = await client.query<CouponRow>({
    name: "find_coupon",
    text: "select * from private.find_coupon($1, $2, $3, $4, $5)",
    values: [mentorId, code, studentId, services, areTogether],
  });
  const [coupon] = rows;
  if (!coupon) throw refuseField("coupon_code", couponRefusals.unknown, "coupon_not_found");
  if (coupon.refusal !== null) {
    throw refuseField("coupon_code", couponRefusals[coupon.refusal], "coupon_not_usable");
  }
  const { id, basis_points, amount_minor, currency, service_ids } = coupon;
  return {
    id,
    discount:
      basis_points === null
        ? { kind: "amount", amount: moneyOfMinor(amount_minor ?? 0, currency) }
        : { kind: "percentage", basisPoints: basis_points },
    isFor: (serviceId) => service_ids?.includes(serviceId) ?? true,
  };
}

/** The lines of a price and what they add up to. @throws Refusal `validation_failed` */
export function pricedWith(
  service: OfferedService,
  choice: Pick<PriceTerms, "minutes" | "addRecording">,
  { coupon, credit }: UsableOffers,
) {
  const priced = priceLines(service, { ...choice, coupon, credit });
  if (priced.ok) return priced;
  throw priced.field === "duration"
    ? refuseField("duration", offerRefusals.length)
    : new Refusal("validation_failed", {
        detail: offerRefusals.recording,
        errors: [{ field: "add_recording", message: offerRefusals.recording }],
      });
}
