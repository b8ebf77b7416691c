import { useQuery } from "@tanstack/react-query";
import type { UseFormReturn } from "react-hook-form";
import type { MentorProfile } from "#contract/mentors.ts";
import type { Coupon } from "#contract/offers.ts";
import { offerLimits } from "#rules/moneyLimits.ts";
import { controls } from "#words/controls.ts";
import { couponErrors, couponForm } from "#words/coupons.ts";
import { ownServicesQuery } from "@/features/services/queries.ts";
import { zoneLabel } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field, FieldError } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { addCoupon, changeCoupon } from "./api.ts";
import {
  amountProblem,
  type CouponForm,
  couponFormOf,
  couponOf,
  couponTermsOf,
  newCoupon,
  percentProblem,
  untilProblem,
  usesProblem,
} from "./couponForm.ts";

type CouponDialogProps = {
  profile: MentorProfile;
  /** null: a new one. */
  coupon: Coupon | null;
  onSaved: (coupon: Coupon) => void | Promise<void>;
  onClose: () => void;
};

/** Adds a coupon, or changes the terms of one. */
export function CouponDialog({ profile, coupon, onSaved, onClose }: CouponDialogProps) {
  const { timezone: timeZone } = profile;
  useZones(timeZone);
  const form = useSavingForm<CouponForm>({
    defaultValues: coupon ? couponFormOf(coupon, timeZone) : newCoupon,
    save: async (values) =>
      onSaved(
        coupon
          ? await changeCoupon(coupon.id, couponTermsOf(values, timeZone))
          : await addCoupon(couponOf(values, timeZone)),
      ),
  });
  return (
    <Dialog open onClose={onClose} title={coupon ? couponForm.editTitle(coupon.code) : couponForm.addTitle}>
      <form onSubmit={form.submit} noValidate className={dialogColumn}>
        <DialogBody>
          <div className="space-y-5">
            {form.problem && <Alert tone="bad">{form.problem}</Alert>}
            {coupon ? <p className="text-ink-soft">{couponForm.fixed}</p> : <CodeAndDiscount form={form} />}
            <Limits form={form} />
            <Days form={form} timeZone={timeZone} />
            <Services form={form} userId={profile.id} />
            <Checkbox
              {...form.register("first_session_only")}
              label={couponForm.firstOnly}
              detail={couponForm.firstOnlyDetail}
            />
          </div>
        </DialogBody>
        <DialogActions>
          <DialogClose>{controls.cancel}</DialogClose>
          <Button type="submit" pending={form.formState.isSubmitting}>
            {coupon ? couponForm.save : couponForm.add}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

type PartProps = { form: UseFormReturn<CouponForm> };

const choice =
  "tap flex items-center gap-3 rounded-control border border-line-strong bg-surface px-4 py-3 font-semibold transition-colors hover:border-primary has-checked:border-primary has-checked:bg-primary-soft";
const radio = "size-5 shrink-0 accent-primary";

function CodeAndDiscount({ form }: PartProps) {
  const { register, watch, formState } = form;
  const { errors } = formState;
  return (
    <>
      <Field label={couponForm.code} hint={couponForm.codeHint} error={errors.code?.message} required>
        {(control) => (
          <Input
            {...control}
            {...register("code", { validate: (code) => code.trim() !== "" || couponErrors.noCode })}
            maxLength={offerLimits.couponCodeCharacters.max}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            autoFocus
            className="uppercase"
          />
        )}
      </Field>
      <fieldset>
        <legend className="mb-1.5 font-semibold">{couponForm.discount}</legend>
        <div className="grid gap-2 min-[26rem]:grid-cols-2">
          {(["percent", "amount"] as const).map((kind) => (
            <label key={kind} className={choice}>
              <input type="radio" value={kind} {...register("discount")} className={radio} />
              {couponForm[kind]}
            </label>
          ))}
        </div>
      </fieldset>
      {watch("discount") === "percent" ? (
        <Field key="percent" label={couponForm.percentLabel} error={errors.percent?.message} required>
          {(control) => (
            <Input
              {...control}
              {...register("percent", { validate: percentProblem })}
              inputMode="decimal"
              autoComplete="off"
            />
          )}
        </Field>
      ) : (
        <Field key="amount" label={couponForm.amountLabel} error={errors.amount?.message} required>
          {(control) => (
            <Input
              {...control}
              {...register("amount", { validate: amountProblem })}
              inputMode="decimal"
              autoComplete="off"
            />
          )}
        </Field>
      )}
    </>
  );
}

function Limits({ form: { register, formState } }: PartProps) {
  const { errors } = formState;
  return (
    <div className="grid gap-x-3 gap-y-5 min-[26rem]:grid-cols-2">
      {(["max_uses", "max_uses_per_student"] as const).map((name) => (
        <Field
          key={name}
          label={name === "max_uses" ? couponForm.maxUses : couponForm.maxPerStudent}
          hint={couponForm.noLimit}
          error={errors[name]?.message}
        >
          {(control) => (
            <Input
              {...control}
              {...register(name, { validate: usesProblem })}
              inputMode="numeric"
              autoComplete="off"
            />
          )}
        </Field>
      ))}
    </div>
  );
}

function Days({ form, timeZone }: PartProps & { timeZone: string }) {
  const { register, watch, formState } = form;
  const { errors } = formState;
  return (
    <div className="grid gap-x-3 gap-y-5 min-[26rem]:grid-cols-2">
      <Field label={couponForm.from} error={errors.active_from?.message} optional>
        {(control) => (
          <Input {...control} {...register("active_from", { deps: "active_until" })} type="date" />
        )}
      </Field>
      <Field
        label={couponForm.until}
        hint={couponForm.zone(zoneLabel(timeZone))}
        error={errors.active_until?.message}
        optional
      >
        {(control) => (
          <Input
            {...control}
            {...register("active_until", { validate: untilProblem })}
            type="date"
            min={watch("active_from")}
          />
        )}
      </Field>
    </div>
  );
}

function Services({ form, userId }: PartProps & { userId: string }) {
  const { register, watch, formState } = form;
  const services = useQuery(ownServicesQuery(userId));
  const error = formState.errors.service_ids?.message;
  return (
    <fieldset aria-invalid={error ? true : undefined}>
      <legend className="mb-1.5 font-semibold">{couponForm.services}</legend>
      <div className="grid gap-2 min-[26rem]:grid-cols-2">
        {(["all", "some"] as const).map((scope) => (
          <label key={scope} className={choice}>
            <input type="radio" value={scope} {...register("scope")} className={radio} />
            {couponForm[scope]}
          </label>
        ))}
      </div>
      {watch("scope") === "some" && (
        <div className="mt-2 grid gap-2">
          {services.data?.map(({ id, title }) => (
            <Checkbox
              key={id}
              value={id}
              {...register("service_ids", {
                validate: (ids, { scope }) => scope === "all" || ids.length > 0 || couponErrors.noService,
              })}
              label={title}
            />
          ))}
        </div>
      )}
      {error && <FieldError>{error}</FieldError>}
    </fieldset>
  );
}
