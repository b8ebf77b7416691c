import type { OwnPackage } from "#contract/offers.ts";
import { moneyOf } from "#rules/money.ts";
import { controls } from "#words/controls.ts";
import { sessionLength } from "#words/durations.ts";
import { packageErrors, packageForm } from "#words/packages.ts";
import { receivedHint } from "@/features/services/receivedHint.ts";
import { formatAmount } from "@/lib/money.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Select } from "@/ui/Select.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { addPackage, changePackage } from "./api.ts";
import {
  newPackage,
  type PackageForm,
  type PricedLength,
  packageFormOf,
  packageOf,
  packageTermsOf,
  priceProblem,
  sessionsProblem,
  validDaysProblem,
} from "./packageForm.ts";

type PackageDialogProps = {
  /** null: a new one. */
  offered: OwnPackage | null;
  lengths: readonly PricedLength[];
  feePercent: number | null;
  onSaved: (offered: OwnPackage) => void | Promise<void>;
  onClose: () => void;
};

/** Adds a package, or changes the terms of one for those who buy it from now on. */
export function PackageDialog({ offered, lengths, feePercent, onSaved, onClose }: PackageDialogProps) {
  const form = useSavingForm<PackageForm>({
    defaultValues: offered ? packageFormOf(offered) : newPackage(lengths),
    save: async (values) =>
      onSaved(
        offered
          ? await changePackage(offered.id, packageTermsOf(values))
          : await addPackage(packageOf(values)),
      ),
  });
  const { register, watch, formState } = form;
  const { errors } = formState;
  const chosen = lengths.find(({ value }) => value === watch("session"));
  const number = sessionsProblem(watch("sessions")) === true ? Number(watch("sessions")) : null;
  const oneByOne =
    chosen && number !== null ? formatAmount(moneyOf(chosen.price * number, chosen.currency)) : null;
  const received = receivedHint(watch("price"), feePercent);
  return (
    <Dialog open onClose={onClose} title={offered ? packageForm.editTitle : packageForm.addTitle}>
      <form onSubmit={form.submit} noValidate className={dialogColumn}>
        <DialogBody>
          <div className="space-y-5">
            {form.problem && <Alert tone="bad">{form.problem}</Alert>}
            {offered && <p className="text-ink-soft">{packageForm.fixed}</p>}
            {!offered && (
              <Field label={packageForm.service} error={errors.session?.message} required>
                {(control) => (
                  <Select
                    {...control}
                    {...register("session", { validate: (value) => value !== "" || packageErrors.service })}
                  >
                    {lengths.map(({ value, title, minutes, price, currency }) => (
                      <option key={value} value={value}>
                        {`${title}, ${sessionLength(minutes)} · ${formatAmount(moneyOf(price, currency))}`}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
            )}
            <Field label={packageForm.sessions} error={errors.sessions?.message} required>
              {(control) => (
                <Input
                  {...control}
                  {...register("sessions", { validate: sessionsProblem })}
                  inputMode="numeric"
                  autoComplete="off"
                />
              )}
            </Field>
            <Field
              label={packageForm.price}
              hint={[oneByOne && packageForm.single(oneByOne), received].filter(Boolean).join(" ")}
              error={errors.price?.message}
              required
            >
              {(control) => (
                <Input
                  {...control}
                  {...register("price", { validate: priceProblem })}
                  inputMode="decimal"
                  autoComplete="off"
                />
              )}
            </Field>
            <Field
              label={packageForm.validDays}
              hint={packageForm.validDaysHint}
              error={errors.valid_days?.message}
              required
            >
              {(control) => (
                <Input
                  {...control}
                  {...register("valid_days", { validate: validDaysProblem })}
                  inputMode="numeric"
                  autoComplete="off"
                />
              )}
            </Field>
          </div>
        </DialogBody>
        <DialogActions>
          <DialogClose>{controls.cancel}</DialogClose>
          <Button type="submit" pending={formState.isSubmitting}>
            {offered ? packageForm.save : packageForm.add}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
