import { useFormContext } from "react-hook-form";
import { moneyOfMinor } from "#rules/money.ts";
import { type RefundPolicy, type RefundPreset, refundPresets, refundTiers } from "#rules/refundPolicy.ts";
import { asMinutes } from "#scheduling/units.ts";
import { refundPolicy } from "#words/refunds.ts";
import { serviceRefunds } from "#words/serviceEditor.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { CutoffSelect } from "./CutoffSelect.tsx";
import { RefundTimes } from "./RefundTimes.tsx";
import {
  percentProblem,
  refundFieldsOf,
  refundOrderProblem,
  refundPolicyOf,
  type ServiceForm,
} from "./serviceForm.ts";

const presets: readonly (RefundPreset | "custom")[] = ["flexible", "moderate", "strict", "custom"];

/** What a student who cancels gets back: a preset, or times of the mentor's own. Bookings keep the policy of their time. */
export function RefundFields({ service }: { service: ServiceForm }) {
  const { register, setValue, watch } = useFormContext<ServiceForm>();
  const choose = (preset: RefundPreset | "custom") => {
    if (preset === "custom") return;
    for (const [name, value] of Object.entries(refundFieldsOf(refundPresets[preset]))) {
      setValue(name as keyof ReturnType<typeof refundFieldsOf>, value, { shouldDirty: true });
    }
  };
  const form = watch();
  const policy = refundPolicyOf(form);
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold">{serviceRefunds.title}</legend>
      <div className="grid gap-2 min-[26rem]:grid-cols-2">
        {presets.map((preset) => (
          <label
            key={preset}
            className="flex items-start gap-3 rounded-control border border-line-strong bg-surface px-4 py-3 transition-colors hover:border-primary has-checked:border-primary has-checked:bg-primary-soft"
          >
            <input
              type="radio"
              value={preset}
              {...register("refund_preset", { onChange: ({ target }) => choose(target.value) })}
              className="mt-1 size-5 shrink-0 accent-primary"
            />
            <span className="min-w-0">
              <span className="block font-semibold">{serviceRefunds.presets[preset]}</span>
              <span className="block text-sm text-ink-soft">
                {preset === "custom"
                  ? serviceRefunds.custom
                  : serviceRefunds.fullUntil(refundPresets[preset].fullCutoff)}
              </span>
            </span>
          </label>
        ))}
      </div>
      {form.refund_preset === "custom" && <OwnTimes service={service} />}
      {policy && <Preview policy={policy} />}
    </fieldset>
  );
}

function OwnTimes({ service }: { service: ServiceForm }) {
  const { register, formState } = useFormContext<ServiceForm>();
  const { errors } = formState;
  return (
    <div className="mt-3 grid gap-x-5 gap-y-5 rounded-control bg-sunken p-3 sm:grid-cols-3">
      <Field label={serviceRefunds.full} error={errors.refund_full_cutoff?.message}>
        {(props) => (
          <CutoffSelect
            {...props}
            {...register("refund_full_cutoff", { deps: "refund_partial_cutoff" })}
            current={asMinutes(Number(service.refund_full_cutoff))}
          />
        )}
      </Field>
      <Field label={serviceRefunds.partial} error={errors.refund_partial_cutoff?.message}>
        {(props) => (
          <CutoffSelect
            {...props}
            {...register("refund_partial_cutoff", { validate: refundOrderProblem })}
            current={asMinutes(Number(service.refund_partial_cutoff))}
          />
        )}
      </Field>
      <Field label={serviceRefunds.percent} error={errors.refund_partial_percent?.message} required>
        {(props) => (
          <Input
            {...props}
            {...register("refund_partial_percent", { validate: percentProblem })}
            inputMode="numeric"
            autoComplete="off"
          />
        )}
      </Field>
    </div>
  );
}

function Preview({ policy }: { policy: RefundPolicy }) {
  // Percentages are the same for every price.
  const tiers = refundTiers(policy, moneyOfMinor(0, "INR"));
  return (
    <>
      <RefundTimes tiers={tiers} />
      <p className="mt-2 text-sm text-ink-soft">{serviceRefunds.preview(refundPolicy(tiers))}</p>
    </>
  );
}
