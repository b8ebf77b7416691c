import { FormProvider } from "react-hook-form";
import type { CreateService } from "#contract/services.ts";
import { textLimits } from "#rules/limits.ts";
import { serviceErrors, serviceFields } from "#words/serviceEditor.ts";
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
import { GroupFields } from "./GroupFields.tsx";
import { LengthsAndPrices } from "./LengthsAndPrices.tsx";
import { RefundFields } from "./RefundFields.tsx";
import { receivedHint } from "./receivedHint.ts";
import { SessionTypeChoice } from "./SessionTypeChoice.tsx";
import { amountProblem, type ServiceForm, serviceOf } from "./serviceForm.ts";

type ServiceEditorProps = {
  service: ServiceForm;
  /** Whether bookings are confirmed automatically by default. */
  profileConfirms: boolean;
  /** The platform's part of what students pay; null: nothing is charged, and nothing to refund. */
  feePercent: number | null;
  saveLabel: string;
  /** @throws ApiProblem */
  onSave: (service: CreateService) => Promise<void>;
  /** Called after the form is reset, so that it no longer guards against leaving. */
  onSaved: () => void;
};

export function ServiceEditor({
  service,
  profileConfirms,
  feePercent,
  saveLabel,
  onSave,
  onSaved,
}: ServiceEditorProps) {
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
              label={serviceFields.title}
              hint={serviceFields.titleHint}
              error={errors.title?.message}
              required
            >
              {(props) => (
                <Input
                  {...props}
                  {...register("title", {
                    validate: (text) => text.trim() !== "" || serviceErrors.noTitle,
                  })}
                  maxLength={textLimits.serviceTitle}
                  autoComplete="off"
                />
              )}
            </Field>
            <Field label={serviceFields.description} error={errors.description?.message} optional>
              {(props) => (
                <Textarea {...props} {...register("description")} maxLength={textLimits.serviceDescription} />
              )}
            </Field>
            <LengthsAndPrices feePercent={feePercent} />
            {watch("session_type") === "groupSession" && <GroupFields service={service} />}
            <Checkbox
              {...register("has_recording")}
              label={serviceFields.recording}
              detail={serviceFields.recordingDetail}
            />
            {watch("has_recording") && (
              <Field
                label={serviceFields.recordingPrice}
                hint={receivedHint(watch("recording_price"), feePercent)}
                error={errors.recording_price?.message}
                required
              >
                {(props) => (
                  <Input
                    {...props}
                    {...register("recording_price", { validate: amountProblem })}
                    inputMode="decimal"
                    autoComplete="off"
                    placeholder={serviceFields.freeAmount}
                  />
                )}
              </Field>
            )}
            <Field label={serviceFields.approval} error={errors.instant_confirm?.message}>
              {(props) => (
                <Select {...props} {...register("instant_confirm")}>
                  <option value="profile">{serviceFields.approvalDefault(profileConfirms)}</option>
                  <option value="yes">{serviceFields.automatic}</option>
                  <option value="no">{serviceFields.manual}</option>
                </Select>
              )}
            </Field>
            <CutoffFields service={service} />
            {feePercent !== null && <RefundFields service={service} />}
          </div>
          <SaveBar
            isDirty={isDirty}
            isSaving={isSubmitting}
            saveLabel={saveLabel}
            onDiscard={() => form.reset(service)}
          />
        </Card>
      </form>
    </FormProvider>
  );
}
