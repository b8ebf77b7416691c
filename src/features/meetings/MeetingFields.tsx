import type { UseFormReturn } from "react-hook-form";
import { textLimits } from "#rules/limits.ts";
import { meetingFields } from "#words/meetings.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import type { MeetingForm } from "./meetingForm.ts";

/** The link and what is needed to get in. */
export function MeetingFields({ form }: { form: UseFormReturn<MeetingForm> }) {
  const { register, formState } = form;
  const { errors } = formState;
  return (
    <>
      <Field
        label={meetingFields.url}
        hint={meetingFields.urlHint}
        error={errors.meeting_url?.message}
        required
      >
        {(control) => (
          <Input
            {...control}
            {...register("meeting_url", { required: meetingFields.urlMissing })}
            type="url"
            inputMode="url"
            autoComplete="off"
            placeholder={meetingFields.urlPlaceholder}
          />
        )}
      </Field>
      <Field
        label={meetingFields.note}
        hint={meetingFields.noteHint}
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
