import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { Textarea } from "@/components/ui/Textarea";
import { TimeZoneSelect } from "@/components/ui/TimeZoneSelect";
import { useMentorAccount } from "@/components/workspace/useMentorAccount";
import { useNow } from "@/hooks/useNow";
import { useSavingForm } from "@/hooks/useSavingForm";
import { useZones } from "@/hooks/useZones";
import { formatTime } from "@/lib/time";
import { useUnsavedChanges } from "@/lib/unsavedChanges";
import { changeMentorProfile } from "@/services/mentorService";
import type { MentorProfile } from "../../../contract/mentors";
import { StepForm } from "./StepFrame";

type AboutForm = { headline: string; bio: string; timezone: string };
type AboutStepProps = { profile: MentorProfile; onDone: () => void };

/** What students read first, and whose clock the hours follow. */
export function AboutStep({ profile, onDone }: AboutStepProps) {
  const account = useMentorAccount();
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
      title="What you help with"
      lead="Students choose by these words. Expertise and languages can be added in your profile."
      saveWords="Save and go on"
      onSkip={onDone}
    >
      <Field
        label="Headline"
        hint="One line under your name: what you do, and for whom you are here."
        error={errors.headline?.message}
      >
        {(props) => <Input {...props} {...form.register("headline")} maxLength={160} autoComplete="off" />}
      </Field>
      <Field label="About you" error={errors.bio?.message} optional>
        {(props) => <Textarea {...props} {...form.register("bio")} maxLength={5000} />}
      </Field>
      <Field
        label="Time zone"
        hint={`Your hours follow this clock. It is ${formatTime(now.toISOString(), zone)} there now.`}
        error={errors.timezone?.message}
      >
        {(props) => <TimeZoneSelect {...props} {...form.register("timezone")} current={zone} />}
      </Field>
    </StepForm>
  );
}
