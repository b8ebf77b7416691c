import { useEffect, useRef, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { offerLimits } from "#rules/moneyLimits.ts";
import { bookOffers } from "#words/bookDetails.ts";
import { formatAmount } from "@/lib/money.ts";
import { formatInstant } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
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
  const [isOpen, setIsOpen] = useState(Boolean(form.getValues("couponCode")));
  const field = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!code.error) return;
    field.current?.querySelector("input")?.focus();
    field.current?.scrollIntoView({ block: "nearest" });
  }, [code.error]);
  return (
    <>
      {isOfferRefusal(refusal) && (
        <Alert tone="warning" title={bookOffers.newPrice(formatAmount(total))}>
          {refusal?.code === "package_not_usable" && <p>{refusal.detail}</p>}
        </Alert>
      )}
      {pack && (
        <Checkbox
          {...form.register("usesPackage", { onChange: offers.changed })}
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
      {code.isShown && !isOpen && (
        <Button variant="link" size="inline" onClick={() => setIsOpen(true)}>
          {bookOffers.haveCode}
        </Button>
      )}
      {code.isShown && isOpen && (
        <div ref={field} className="scroll-my-4">
          <Field label={bookOffers.code} error={code.error} hint={isSignedOut && bookOffers.afterSignIn}>
            {(control) => (
              <div className="flex gap-2">
                <Input
                  {...control}
                  {...form.register("couponCode", {
                    onChange: () => {
                      form.clearErrors("couponCode");
                      offers.changed();
                    },
                  })}
                  maxLength={offerLimits.couponCodeCharacters.max}
                  readOnly={code.isApplied}
                  autoFocus={!form.getValues("couponCode")}
                  autoComplete="off"
                  autoCapitalize="characters"
                  spellCheck={false}
                  className="uppercase"
                />
                {!isSignedOut && (
                  <Button
                    variant="secondary"
                    className="shrink-0"
                    pending={code.isPending}
                    onClick={code.isApplied ? offers.remove : offers.apply}
                  >
                    {code.isApplied ? bookOffers.remove : bookOffers.apply}
                  </Button>
                )}
              </div>
            )}
          </Field>
        </div>
      )}
    </>
  );
}
