import type { UseFormReturn } from "react-hook-form";
import { bookOffers } from "#words/bookDetails.ts";
import { formatAmount } from "@/lib/money.ts";
import { formatInstant } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { CouponField } from "./CouponField.tsx";
import { isOfferRefusal } from "./shownPrice.ts";
import type { BookingDetails } from "./useBookingDraft.ts";
import type { PriceOffers } from "./usePriceOffers.ts";

type OfferFieldsProps = {
  form: UseFormReturn<BookingDetails>;
  offers: PriceOffers;
  isSignedOut: boolean;
  timeZone: string;
};

/** What can lower the price: a package that the student has, and a code. */
export function OfferFields({ form, offers, isSignedOut, timeZone }: OfferFieldsProps) {
  const { pack, code, refusal, total } = offers;
  return (
    <>
      {isOfferRefusal(refusal) && (
        <Alert tone="warning" title={bookOffers.newPrice(formatAmount(total))}>
          {refusal?.code === "package_not_usable" && <p>{refusal.detail}</p>}
        </Alert>
      )}
      {pack && (
        <Checkbox
          {...form.register("usesPackage", { onChange: code.changed })}
          label={bookOffers.usePackage}
          detail={bookOffers.sessionsLeft({
            left: pack.sessions_left,
            until: formatInstant(pack.expires_at ?? "", timeZone, {
              day: "numeric",
              month: "short",
              year: "numeric",
            }),
          })}
        />
      )}
      <CouponField {...{ form, code, isSignedOut }} />
    </>
  );
}
