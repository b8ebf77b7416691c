import type { UseFormReturn } from "react-hook-form";
import { phonePattern } from "#contract/patterns.ts";
import { textLimits } from "#rules/limits.ts";
import { isEmail } from "@/lib/email.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import type { BookingDetails } from "./useBookingDraft.ts";

const { bookingMessage: maxMessage } = textLimits;

const rules = {
  name: { validate: (name: string) => name.trim() !== "" || "Please enter your name." },
  email: {
    required: "Please enter your e-mail address.",
    validate: (address: string) => isEmail(address) || "This is not a valid e-mail address.",
  },
  phone: {
    validate: (phone: string) =>
      phone.trim() === "" ||
      phonePattern.test(phone.trim()) ||
      "Use digits, spaces and an optional leading +.",
  },
  message: { maxLength: { value: maxMessage, message: `Keep it under ${maxMessage} characters.` } },
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
        <Field label="Name" error={errors.name?.message} required>
          {(control) => (
            <Input
              {...control}
              {...form.register("name", rules.name)}
              autoComplete="name"
              maxLength={textLimits.personName}
            />
          )}
        </Field>
        <Field label="E-mail" error={errors.email?.message} required>
          {(control) => (
            <Input {...control} {...form.register("email", rules.email)} type="email" autoComplete="email" />
          )}
        </Field>
      </div>
      <Field
        label="What is this session for?"
        optional
        hint={`Helps ${mentorName} prepare. ${length} of ${maxMessage} characters.`}
        error={errors.message?.message}
      >
        {(control) => <Textarea {...control} {...form.register("message", rules.message)} />}
      </Field>
      <Field label="Phone" optional error={errors.phone?.message}>
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
