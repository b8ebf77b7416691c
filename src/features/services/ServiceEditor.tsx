import { FormProvider } from "react-hook-form";
import type { CreateService } from "#contract/services.ts";
import { textLimits } from "#rules/limits.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Card } from "@/ui/Card.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { SaveBar, saveBarOffset } from "@/ui/SaveBar.tsx";
import { Select } from "@/ui/Select.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { CutoffFields } from "./CutoffFields.tsx";
import { LengthsAndPrices } from "./LengthsAndPrices.tsx";
import { SessionTypeChoice } from "./SessionTypeChoice.tsx";
import { amountProblem, capacityProblem, type ServiceForm, serviceOf } from "./serviceForm.ts";

type ServiceEditorProps = {
  service: ServiceForm;
  /** How the mentor's profile answers bookings. */
  profileConfirms: boolean;
  saveWords: string;
  /** @throws ApiProblem */
  onSave: (service: CreateService) => Promise<void>;
  /** After the form has come to rest. */
  onSaved: () => void;
};

export function ServiceEditor({ service, profileConfirms, saveWords, onSave, onSaved }: ServiceEditorProps) {
  const form = useSavingForm<ServiceForm>({
    defaultValues: service,
    save: async (values) => {
      await onSave(serviceOf(values));
      form.reset(values);
      onSaved();
    },
  });
  const { register, watch } = form;
  const { errors, isDirty, isSubmitting } = form.formState;
  useUnsavedChanges(isDirty);

  return (
    <FormProvider {...form}>
      <form onSubmit={form.submit} noValidate className="max-w-3xl">
        <Card className={saveBarOffset}>
          <div className="space-y-6 p-4 sm:p-6">
            {form.problem && <Alert tone="bad">{form.problem}</Alert>}
            <SessionTypeChoice />
            <Field
              label="Title"
              hint="What students choose by, such as “CV review”."
              error={errors.title?.message}
              required
            >
              {(props) => (
                <Input
                  {...props}
                  {...register("title", {
                    validate: (text) => text.trim() !== "" || "Please give it a title.",
                  })}
                  maxLength={textLimits.serviceTitle}
                  autoComplete="off"
                />
              )}
            </Field>
            <Field label="Description" error={errors.description?.message} optional>
              {(props) => (
                <Textarea {...props} {...register("description")} maxLength={textLimits.serviceDescription} />
              )}
            </Field>
            <LengthsAndPrices />
            {watch("session_type") === "groupSession" && (
              <Field
                label="Seats"
                hint="How many students can book the same time."
                error={errors.capacity?.message}
                required
              >
                {(props) => (
                  <Input
                    {...props}
                    {...register("capacity", { validate: capacityProblem })}
                    inputMode="numeric"
                    autoComplete="off"
                  />
                )}
              </Field>
            )}
            <Checkbox
              {...register("has_recording")}
              label="Offer a recording"
              detail="Students can add it for a price of its own."
            />
            {watch("has_recording") && (
              <Field label="Price of the recording in INR" error={errors.recording_price?.message} required>
                {(props) => (
                  <Input
                    {...props}
                    {...register("recording_price", { validate: amountProblem })}
                    inputMode="decimal"
                    autoComplete="off"
                    placeholder="0 is free"
                  />
                )}
              </Field>
            )}
            <Field label="When somebody books" error={errors.instant_confirm?.message}>
              {(props) => (
                <Select {...props} {...register("instant_confirm")}>
                  <option value="profile">
                    As my profile says ({profileConfirms ? "confirm at once" : "I answer the request"})
                  </option>
                  <option value="yes">Confirm at once</option>
                  <option value="no">I answer the request</option>
                </Select>
              )}
            </Field>
            <CutoffFields service={service} />
          </div>
          <SaveBar
            isDirty={isDirty}
            isSaving={isSubmitting}
            saveWords={saveWords}
            onDiscard={() => form.reset(service)}
          />
        </Card>
      </form>
    </FormProvider>
  );
}
