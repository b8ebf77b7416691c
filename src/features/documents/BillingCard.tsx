import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { BillingDetails } from "#contract/tax.ts";
import { billingForm } from "#words/documentLinks.ts";
import { toast } from "@/lib/toast.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { saveBilling } from "./api.ts";
import { AddressField, GstinField, StateField } from "./PartyFields.tsx";
import { billingQuery } from "./queries.ts";

/** What a student's receipts say about the student. */
export function BillingCard({ userId }: { userId: string }) {
  const { data, error, refetch } = useQuery(billingQuery(userId));
  return (
    <section aria-labelledby="billing">
      <SectionHeading id="billing" title={billingForm.title} />
      <p className="mb-3 text-ink-soft">{billingForm.lead}</p>
      {data ? (
        <BillingForm userId={userId} details={data} />
      ) : error ? (
        <ProblemState title={billingForm.failed} error={error} onRetry={refetch} />
      ) : (
        <Skeleton className="h-64" />
      )}
    </section>
  );
}

function BillingForm({ userId, details }: { userId: string; details: BillingDetails }) {
  const queryClient = useQueryClient();
  const { register, submit, problem, formState, reset } = useSavingForm({
    defaultValues: formOf(details),
    save: async (form: ReturnType<typeof formOf>) => {
      const saved = await saveBilling(form);
      queryClient.setQueryData(billingQuery(userId).queryKey, saved);
      reset(formOf(saved));
      toast.success(billingForm.saved);
    },
  });
  const { errors, isDirty, isSubmitting } = formState;
  useUnsavedChanges(isDirty);
  return (
    <Card className="p-4 sm:p-6">
      <form onSubmit={submit} noValidate className="space-y-5">
        {problem && <Alert tone="bad">{problem}</Alert>}
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label={billingForm.name} hint={billingForm.nameHint} error={errors.name?.message}>
            {(control) => <Input {...control} {...register("name")} autoComplete="organization" />}
          </Field>
          <StateField registered={register("state_code")} error={errors.state_code?.message} />
        </div>
        <AddressField registered={register("address")} error={errors.address?.message} />
        <GstinField registered={register("gstin")} error={errors.gstin?.message} />
        <Button type="submit" variant={isDirty ? "primary" : "secondary"} pending={isSubmitting}>
          {billingForm.save}
        </Button>
      </form>
    </Card>
  );
}

function formOf({ name, address, state_code, gstin }: BillingDetails) {
  return { name: name ?? "", address: address ?? "", state_code: state_code ?? "", gstin: gstin ?? "" };
}
