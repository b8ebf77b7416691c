import { type BaseSyntheticEvent, useEffect, useState } from "react";
import {
  type DefaultValues,
  type FieldValues,
  get,
  type Path,
  type UseFormReturn,
  useForm,
} from "react-hook-form";
import { ApiProblem } from "@/lib/api.ts";
import { clearDraft, readDraft, writeDraft } from "@/lib/drafts.ts";

type SavingForm<T extends FieldValues> = UseFormReturn<T> & {
  submit: (event?: BaseSyntheticEvent) => Promise<void>;
  /** A refusal that belongs to no field. */
  problem: string | null;
};

type SavingFormOptions<T extends FieldValues> = {
  defaultValues: DefaultValues<T>;
  /** @throws ApiProblem */
  save: (values: T) => Promise<void>;
  /** The form's path of an API field; the same name by default, null for none. */
  pathOf?: (field: string, values: T) => string | null;
  /** Keeps the input under this key until it is saved. Pass it only once it is known who is signed in. */
  draftKey?: string;
};

/**
 * A form that saves to the API. Refusals are shown at their fields, with the focus on the first, or above the form; the
 * input is kept.
 */
export function useSavingForm<T extends FieldValues>({
  defaultValues,
  save,
  pathOf = (field) => field,
  draftKey,
}: SavingFormOptions<T>): SavingForm<T> {
  const form = useForm<T>({ defaultValues: { ...defaultValues, ...draftOf(draftKey) } });
  const [problem, setProblem] = useState<string | null>(null);

  const { watch } = form;
  useEffect(() => {
    if (!draftKey) return;
    const { unsubscribe } = watch((values) => writeDraft(draftKey, values));
    return unsubscribe;
  }, [watch, draftKey]);

  const send = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      await save(values);
      if (draftKey) clearDraft(draftKey);
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem)) throw thrown;
      const known = thrown.fieldErrors.flatMap(({ field, message }) => {
        const path = pathOf(field, values);
        return path !== null && get(values, path) !== undefined ? [{ path: path as Path<T>, message }] : [];
      });
      known.forEach(({ path, message }, index) => {
        form.setError(path, { message }, { shouldFocus: index === 0 });
      });
      if (known.length === 0) setProblem(thrown.detail);
    }
  });

  const submit = async (event?: BaseSyntheticEvent) => {
    const before = document.activeElement;
    await send(event);
    // A button that is disabled while saving loses the focus, and keyboard users would have to start over.
    setTimeout(() => {
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    });
  };

  return { ...form, submit, problem };
}

function draftOf(key: string | undefined): object {
  const draft = key ? readDraft(key) : null;
  return typeof draft === "object" && draft !== null ? draft : {};
}
