import type { MentorProfile } from "#contract/mentors.ts";
import { textLimits } from "#rules/limits.ts";
import { mentorPage } from "#words/mentorPage.ts";
import { aboutStep, setupSteps, stepButtons } from "#words/onboarding.ts";
import { changeMentorProfile } from "@/features/mentors/api.ts";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { formatTime } from "@/lib/time.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { TimeZoneSelect } from "@/ui/TimeZoneSelect.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { StepForm } from "./StepFrame.tsx";

type AboutForm = { headline: string; bio: string; timezone: string };
type AboutStepProps = { profile: MentorProfile; onDone: () => void };

/** Headline, biography and time zone. */
export function AboutStep({ profile, onDone }: AboutStepProps) {
  const account = useMentorChanges();
  const now = useNow();
  const { headline, bio, timezone } = profile;
  const form = useSavingForm<AboutForm>({
    defaultValues: { headline, bio, timezone },
    save: async (values) => {
      const saved = await changeMentorProfile({
        headline: values.headline.trim(),
        bio: values.bio.trim(),
        timezone: values.timezone,
      });
      form.reset(values);
      account.profileChanged(saved);
      onDone();
    },
  });
  const { errors, isDirty } = form.formState;
  useUnsavedChanges(isDirty);
  const zone = form.watch("timezone");
  useZones(zone);
  return (
    <StepForm
      form={form}
      title={setupSteps.about}
      lead={aboutStep.lead}
      saveLabel={stepButtons.save}
      onSkip={onDone}
    >
      <Field label={mentorPage.headline} hint={mentorPage.headlineHint} error={errors.headline?.message}>
        {(props) => (
          <Input
            {...props}
            {...form.register("headline")}
            maxLength={textLimits.headline}
            autoComplete="off"
          />
        )}
      </Field>
      <Field label={mentorPage.bio} error={errors.bio?.message} optional>
        {(props) => <Textarea {...props} {...form.register("bio")} maxLength={textLimits.bio} />}
      </Field>
      <Field
        label={aboutStep.timeZone}
        hint={aboutStep.timeZoneHint(formatTime(now.toISOString(), zone))}
        error={errors.timezone?.message}
      >
        {(props) => <TimeZoneSelect {...props} {...form.register("timezone")} current={zone} />}
      </Field>
    </StepForm>
  );
}
