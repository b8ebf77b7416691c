import { useEffect, useMemo, useState } from "react";
import { type UseFormReturn, useForm } from "react-hook-form";
import { useMe } from "@/features/accounts/me.ts";
import type { ApiProblem } from "@/lib/api.ts";
import type { BookingDetails } from "./useBookingDraft.ts";

/** The API's names of the fields. */
const fields: Readonly<Record<string, keyof BookingDetails>> = {
  user_name: "name",
  user_email: "email",
  user_phone: "phone",
  message: "message",
  add_recording: "addRecording",
};

export type DetailsFormProps = {
  draft: Partial<BookingDetails>;
  onDraftChange: (draft: Partial<BookingDetails>) => void;
  /** The last answer that was no booking: its field errors go to their fields. */
  refusal: ApiProblem | null;
};

/** The details form: starts with the draft, else with the account's name and e-mail; tells every change. */
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
    }),
    [start, me],
  );
  // The account may arrive after the form: it fills what nobody has touched.
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
