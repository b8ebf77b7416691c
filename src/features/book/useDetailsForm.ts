import { useEffect, useMemo, useState } from "react";
import { type UseFormReturn, useForm } from "react-hook-form";
import { useMe } from "@/features/accounts/me.ts";
import type { ApiProblem } from "@/lib/api.ts";
import type { BookingDetails } from "./useBookingDraft.ts";

/** API field names, and the form's. */
const fields: Readonly<Record<string, keyof BookingDetails>> = {
  user_name: "name",
  user_email: "email",
  user_phone: "phone",
  message: "message",
  add_recording: "addRecording",
  coupon_code: "couponCode",
};

export type DetailsFormProps = {
  draft: Partial<BookingDetails>;
  onDraftChange: (draft: Partial<BookingDetails>) => void;
  /** The problem of the last attempt, whose field errors are shown at their fields. */
  refusal: ApiProblem | null;
};

/** The details form. It starts from the draft or the account's name and e-mail, and reports every change. */
export function useDetailsForm({
  draft,
  onDraftChange,
  refusal,
}: DetailsFormProps): UseFormReturn<BookingDetails> {
  const { data: me } = useMe();
  const [start] = useState(draft);
  const values = useMemo(
    () => ({
      name: start.name || me?.name || "",
      email: start.email || me?.email || "",
      phone: start.phone ?? "",
      message: start.message ?? "",
      addRecording: start.addRecording ?? false,
      showsName: start.showsName ?? false,
      couponCode: start.couponCode ?? "",
      usesPackage: start.usesPackage ?? true,
    }),
    [start, me],
  );
  // The account may load after the form, and then fills untouched fields.
  const form = useForm<BookingDetails>({ values, resetOptions: { keepDirtyValues: true } });
  const { watch, setError } = form;

  useEffect(() => {
    const subscription = watch((next) => onDraftChange(next));
    return () => subscription.unsubscribe();
  });

  useEffect(() => {
    const known = (refusal?.fieldErrors ?? []).flatMap(({ field, message }) => {
      const name = fields[field];
      return name ? [{ name, message }] : [];
    });
    known.forEach(({ name, message }, index) => {
      setError(name, { message }, { shouldFocus: index === 0 });
    });
  }, [refusal, setError]);

  return form;
}
