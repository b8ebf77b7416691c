import { useEffect, useRef, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { offerLimits } from "#rules/moneyLimits.ts";
import { bookOffers } from "#words/bookDetails.ts";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import type { BookingDetails } from "./useBookingDraft.ts";
import type { CouponCode } from "./useCouponCode.ts";

type CouponFieldProps = {
  form: UseFormReturn<BookingDetails>;
  code: CouponCode;
  isSignedOut: boolean;
};

/** A code that lowers the price, behind a button until it is wanted. */
export function CouponField({ form, code, isSignedOut }: CouponFieldProps) {
  const [isOpen, setIsOpen] = useState(Boolean(form.getValues("couponCode")));
  const field = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!code.error) return;
    field.current?.querySelector("input")?.focus();
    field.current?.scrollIntoView({ block: "nearest" });
  }, [code.error]);
  if (!code.isShown) return null;
  if (!isOpen) {
    return (
      <Button variant="link" size="inline" onClick={() => setIsOpen(true)}>
        {bookOffers.haveCode}
      </Button>
    );
  }
  return (
    <div ref={field} className="scroll-my-4">
      <Field label={bookOffers.code} error={code.error} hint={isSignedOut && bookOffers.afterSignIn}>
        {(control) => (
          <div className="flex gap-2">
            <Input
              {...control}
              {...form.register("couponCode", {
                onChange: () => {
                  form.clearErrors("couponCode");
                  code.changed();
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
                onClick={code.isApplied ? code.remove : code.apply}
              >
                {code.isApplied ? bookOffers.remove : bookOffers.apply}
              </Button>
            )}
          </div>
        )}
      </Field>
    </div>
  );
}
