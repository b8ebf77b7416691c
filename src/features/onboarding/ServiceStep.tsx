import type { MentorProfile } from "#contract/mentors.ts";
import { textLimits } from "#rules/limits.ts";
import { asMinutes } from "#scheduling/units.ts";
import { sessionLength } from "#words/durations.ts";
import { serviceStep, setupSteps, stepButtons } from "#words/onboarding.ts";
import { serviceErrors, serviceFields } from "#words/serviceEditor.ts";
import { changeMentorProfile } from "@/features/mentors/api.ts";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { addService } from "@/features/services/api.ts";
import { amountProblem, newService, type ServiceForm, serviceOf } from "@/features/services/serviceForm.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Select } from "@/ui/Select.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { ApprovalChoice } from "./ApprovalChoice.tsx";
import { StepForm } from "./StepFrame.tsx";

const lengths = [15, 30, 45, 60, 90, 120].map(asMinutes);
/** `approves` holds text, as radio buttons do. */
type FirstService = ServiceForm & { approves: "yes" | "no" };
type ServiceStepProps = { profile: MentorProfile; onDone: () => void };

/** A first service with one length. The workspace has the full editor. */
export function ServiceStep({ profile, onDone }: ServiceStepProps) {
  const account = useMentorChanges();
  const form = useSavingForm<FirstService>({
    defaultValues: {
      ...newService,
      title: serviceStep.example,
      approves: profile.instant_confirm ? "no" : "yes",
    },
    save: async (values) => {
      const instant_confirm = values.approves === "no";
      if (instant_confirm !== profile.instant_confirm) {
        account.profileChanged(await changeMentorProfile({ instant_confirm }));
      }
      await addService(serviceOf(values));
      form.reset(values);
      await account.servicesChanged(profile.id);
      onDone();
    },
  });
  const { errors, isDirty } = form.formState;
  useUnsavedChanges(isDirty);
  return (
    <StepForm
      form={form}
      title={setupSteps.service}
      lead={serviceStep.lead}
      saveLabel={stepButtons.save}
      onSkip={null}
    >
      <Field
        label={serviceFields.title}
        hint={serviceFields.titleHint}
        error={errors.title?.message}
        required
      >
        {(props) => (
          <Input
            {...props}
            {...form.register("title", {
              validate: (text) => text.trim() !== "" || serviceErrors.noTitle,
            })}
            maxLength={textLimits.serviceTitle}
            autoComplete="off"
          />
        )}
      </Field>
      <div className="grid gap-6 sm:grid-cols-2">
        <Field label={serviceStep.length} error={errors.durations?.[0]?.minutes?.message}>
          {(props) => (
            <Select {...props} {...form.register("durations.0.minutes")}>
              {lengths.map((minutes) => (
                <option key={minutes} value={String(minutes)}>
                  {sessionLength(minutes)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label={serviceStep.price}
          hint={serviceFields.freeAmount}
          error={errors.durations?.[0]?.price?.message}
          required
        >
          {(props) => (
            <Input
              {...props}
              {...form.register("durations.0.price", { validate: amountProblem })}
              inputMode="decimal"
              autoComplete="off"
              placeholder="1500"
            />
          )}
        </Field>
      </div>
      <ApprovalChoice field={form.register("approves")} />
    </StepForm>
  );
}
