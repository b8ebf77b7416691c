import type { UseFormReturn } from "react-hook-form";
import { phonePattern } from "#contract/patterns.ts";
import { textLimits } from "#rules/limits.ts";
import { accountFields } from "#words/accounts.ts";
import { detailsErrors, detailsStep } from "#words/bookDetails.ts";
import { isEmail } from "@/lib/email.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import type { BookingDetails } from "./useBookingDraft.ts";

const rules = {
  name: { validate: (name: string) => name.trim() !== "" || accountFields.nameMissing },
  email: {
    required: accountFields.emailMissing,
    validate: (address: string) => isEmail(address) || accountFields.emailInvalid,
  },
  phone: {
    validate: (phone: string) =>
      phone.trim() === "" || phonePattern.test(phone.trim()) || detailsErrors.badPhone,
  },
  message: { maxLength: { value: textLimits.bookingMessage, message: detailsErrors.tooLong } },
};

export function ContactFields({
  form,
  mentorName,
}: {
  form: UseFormReturn<BookingDetails>;
  mentorName: string;
}) {
  const { errors } = form.formState;
  const length = form.watch("message")?.length ?? 0;
  return (
    <>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label={accountFields.name} error={errors.name?.message} required>
          {(control) => (
            <Input
              {...control}
              {...form.register("name", rules.name)}
              autoComplete="name"
              maxLength={textLimits.personName}
            />
          )}
        </Field>
        <Field label={accountFields.email} error={errors.email?.message} required>
          {(control) => (
            <Input {...control} {...form.register("email", rules.email)} type="email" autoComplete="email" />
          )}
        </Field>
      </div>
      <Field
        label={detailsStep.purpose}
        optional
        hint={detailsStep.purposeHint(mentorName, length)}
        error={errors.message?.message}
      >
        {(control) => <Textarea {...control} {...form.register("message", rules.message)} />}
      </Field>
      <Field label={detailsStep.phone} optional error={errors.phone?.message}>
        {(control) => (
          <Input
            {...control}
            {...form.register("phone", rules.phone)}
            type="tel"
            autoComplete="tel"
            maxLength={textLimits.phone}
          />
        )}
      </Field>
    </>
  );
}
