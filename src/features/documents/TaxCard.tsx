import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { TaxSettings } from "#contract/tax.ts";
import { taxForm } from "#words/documentLinks.ts";
import { toast } from "@/lib/toast.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { saveTax } from "./api.ts";
import { AddressField, GstinField, StateField } from "./PartyFields.tsx";
import { taxQuery } from "./queries.ts";

/** What a mentor's documents say about GST. */
export function TaxCard({ userId }: { userId: string }) {
  const { data, error, refetch } = useQuery(taxQuery(userId));
  return (
    <section aria-labelledby="tax">
      <SectionHeading id="tax" title={taxForm.title} />
      <p className="mb-3 text-ink-soft">{taxForm.lead}</p>
      {data ? (
        <TaxForm userId={userId} settings={data} />
      ) : error ? (
        <ProblemState title={taxForm.failed} error={error} onRetry={refetch} />
      ) : (
        <Skeleton className="h-64" />
      )}
    </section>
  );
}

function TaxForm({ userId, settings }: { userId: string; settings: TaxSettings }) {
  const queryClient = useQueryClient();
  const { register, submit, problem, formState, reset, watch } = useSavingForm({
    defaultValues: formOf(settings),
    save: async ({ rate, ...form }: ReturnType<typeof formOf>) => {
      const saved = await saveTax({ ...form, rate: Number(rate) });
      queryClient.setQueryData(taxQuery(userId).queryKey, saved);
      reset(formOf(saved));
      toast.success(taxForm.saved);
    },
  });
  const { errors, isDirty, isSubmitting } = formState;
  useUnsavedChanges(isDirty);
  const isOn = watch("enabled");
  const whenOn = { required: isOn ? taxForm.missing : false };
  // Registered here and not where it is shown, which is rendered later: the focus goes to the first field that is wrong.
  const legalName = register("legal_name", whenOn);
  return (
    <Card className="p-4 sm:p-6">
      <form onSubmit={submit} noValidate className="space-y-5">
        <Alert tone="warning" announce={false} title={taxForm.askTitle}>
          <p>{taxForm.ask}</p>
        </Alert>
        {problem && <Alert tone="bad">{problem}</Alert>}
        <Checkbox label={taxForm.enabled} detail={taxForm.enabledDetail} {...register("enabled")} />
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label={taxForm.legalName} error={errors.legal_name?.message} required={isOn}>
            {(control) => <Input {...control} {...legalName} autoComplete="organization" />}
          </Field>
          <StateField
            registered={register("state_code", whenOn)}
            error={errors.state_code?.message}
            required={isOn}
            hint={taxForm.stateHint}
          />
        </div>
        <AddressField
          registered={register("address", whenOn)}
          error={errors.address?.message}
          required={isOn}
        />
        <div className="grid gap-5 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]">
          <GstinField registered={register("gstin", whenOn)} error={errors.gstin?.message} required={isOn} />
          <Field label={taxForm.sac} hint={taxForm.sacHint} error={errors.sac?.message} required>
            {(control) => <Input {...control} {...register("sac")} inputMode="numeric" autoComplete="off" />}
          </Field>
          <Field label={taxForm.rate} error={errors.rate?.message} required>
            {(control) => (
              <Input
                {...control}
                {...register("rate", {
                  validate: (rate) =>
                    (rate.trim() !== "" && Number.isFinite(Number(rate))) || taxForm.rateMissing,
                })}
                inputMode="decimal"
                autoComplete="off"
              />
            )}
          </Field>
        </div>
        <p className="text-sm text-ink-soft">{taxForm.placeOfSupply}</p>
        <Button type="submit" variant={isDirty ? "primary" : "secondary"} pending={isSubmitting}>
          {taxForm.save}
        </Button>
      </form>
    </Card>
  );
}

function formOf({ enabled, legal_name, address, state_code, gstin, sac, rate }: TaxSettings) {
  return {
    enabled,
    legal_name: legal_name ?? "",
    address: address ?? "",
    state_code: state_code ?? "",
    gstin: gstin ?? "",
    sac,
    rate: String(rate),
  };
}
