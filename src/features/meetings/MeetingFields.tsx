import type { UseFormReturn } from "react-hook-form";
import { textLimits } from "#rules/limits.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import type { MeetingForm } from "./meetingForm.ts";

/** The link and what one needs to get in. */
export function MeetingFields({ form }: { form: UseFormReturn<MeetingForm> }) {
  const { register, formState } = form;
  const { errors } = formState;
  return (
    <>
      <Field
        label="Meeting link"
        hint="The address of your video room, for example from Google Meet, Zoom or Jitsi."
        error={errors.meeting_url?.message}
        required
      >
        {(control) => (
          <Input
            {...control}
            {...register("meeting_url", { required: "Please enter a link." })}
            type="url"
            inputMode="url"
            autoComplete="off"
            placeholder="https://"
          />
        )}
      </Field>
      <Field
        label="Note"
        hint="What students need to get in, such as a passcode."
        error={errors.meeting_note?.message}
        optional
      >
        {(control) => (
          <Input
            {...control}
            {...register("meeting_note")}
            maxLength={textLimits.meetingNote}
            autoComplete="off"
          />
        )}
      </Field>
    </>
  );
}
