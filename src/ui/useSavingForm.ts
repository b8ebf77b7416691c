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
  /** What is wrong with the whole of it. */
  problem: string | null;
};

type SavingFormOptions<T extends FieldValues> = {
  defaultValues: DefaultValues<T>;
  /** @throws ApiProblem */
  save: (values: T) => Promise<void>;
  /** Where the API's field stands in this form; the same name when left out. */
  pathOf?: (field: string, values: T) => string | null;
  /** Under this key what is typed outlives leaving the form, until it is saved. Only once it is known who is here. */
  draftKey?: string;
};

/**
 * A form that is saved: refusals are shown at their fields with the focus on the first one, or above the form, and nothing
 * that was typed is lost.
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
    // A button that is disabled while it saves loses the focus, and a keyboard would have to start anew.
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
